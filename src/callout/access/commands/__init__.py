"""Writing what lets people and programs in."""

from callout.access.commands.first_access import finish, invite, issue_code, use_code
from callout.access.commands.idempotency import claim_key, keep_answer
from callout.access.commands.people import clean_up, disable
from callout.access.commands.recovery import change_question, recover, release, request_recovery
from callout.access.commands.tokens import create_token, note_token_use, revoke_token

__all__ = [
    "change_question",
    "claim_key",
    "clean_up",
    "create_token",
    "disable",
    "finish",
    "invite",
    "issue_code",
    "keep_answer",
    "note_token_use",
    "recover",
    "release",
    "request_recovery",
    "revoke_token",
    "use_code",
]
