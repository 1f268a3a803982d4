"""Writing people: what they set for themselves, what administrators set for them, teams and branches."""

from callout.accounts.commands.branches import change_branch, create_branch
from callout.accounts.commands.own import (
    change_own,
    choose_language,
    choose_single_keys,
    delete_view,
    save_view,
)
from callout.accounts.commands.people import (
    begin_setup,
    change_password,
    change_person,
    create_person,
    disable_person,
    enable_person,
    end_sessions,
    finish_setup,
    keeping_an_administrator,
    set_password,
)
from callout.accounts.commands.teams import change_team, create_team

__all__ = [
    "begin_setup",
    "change_branch",
    "change_own",
    "change_password",
    "change_person",
    "change_team",
    "choose_language",
    "choose_single_keys",
    "create_branch",
    "create_person",
    "create_team",
    "delete_view",
    "disable_person",
    "enable_person",
    "end_sessions",
    "finish_setup",
    "keeping_an_administrator",
    "save_view",
    "set_password",
]
