"""Refusals around getting in."""

from callout.core.errors import N_, DomainError, Invalid


class IdempotencyMismatch(DomainError):
    """The idempotency key was used before for another request."""

    code = "idempotency_mismatch"
    status = 422
    what = N_("This idempotency key was used for another request.")
    remedy = N_("Use a new key for each new request.")


class SetUpAlready(DomainError):
    """Somebody with a password of their own needs no first access."""

    code = "set_up_already"
    what = N_("{name} has already finished the first access.")
    remedy = N_("Release the recovery of the password instead.")


class NoSecretQuestion(DomainError):
    """Without a secret question there is nothing to recover a password with."""

    code = "no_secret_question"
    what = N_("{name} has no secret question.")
    remedy = N_("Give a new first-access code instead.")


class Disabled(DomainError):
    """The account is disabled."""

    code = "account_disabled"
    what = N_("The account of {name} is disabled.")
    remedy = N_("Enable it first.")


class AnswerTooShort(Invalid):
    """An answer that is guessed at once."""

    code = "answer_too_short"
    what = N_("The answer needs at least {least} letters or digits.")


class QuestionMissing(Invalid):
    """No secret question was entered."""

    code = "question_missing"
    what = N_("Enter a question that only you can answer.")


class AnswerInQuestion(Invalid):
    """The question gives its answer away."""

    code = "answer_in_question"
    what = N_("The question contains its answer.")


class CodeAsPassword(Invalid):
    """The administrator knows the code."""

    code = "code_as_password"
    what = N_("Somebody else knows the first-access code: choose another password.")


class RecoveryOver(DomainError):
    """The link or code does not open anything any more."""

    code = "recovery_over"
    status = 410
    what = N_("This link or code is no longer good.")
    remedy = N_("Ask for a new one.")


class WrongAnswer(Invalid):
    """Not the answer that was given when the question was set."""

    code = "wrong_answer"
    what = N_("This is not the answer. You can try {left} more times.")


class WrongPassword(Invalid):
    """Not the current password."""

    code = "wrong_password"
    what = N_("This is not your current password.")


class TooManyRequests(DomainError):
    """Somebody tries too often."""

    code = "too_many_requests"
    status = 429
    what = N_("Too many attempts.")
    remedy = N_("Wait a few minutes and try again.")
