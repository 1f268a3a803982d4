"""How long codes are good for, and what a secret answer needs."""

from datetime import timedelta

from callout.access.errors import AnswerInQuestion, AnswerTooShort, QuestionMissing
from callout.core.text import clean_name, fold, words

CODE_HOURS = 72
FIRST_ACCESS_LIFE = timedelta(hours=CODE_HOURS)
LINK_LIFE = timedelta(hours=1)
RELEASE_LIFE = timedelta(hours=24)
MAX_ANSWERS = 5
"""Wrong answers after which a recovery is dead."""

LEAST_ANSWER = 3
KEEP_REQUESTS = timedelta(days=2)
"""How long the answer to a write is given again."""

KEEP_RECOVERIES = timedelta(days=30)


def plain_answer(text: str) -> str:
    """An answer as it is compared: no case, accents, signs or spaces."""
    return "".join(words(text))


def check_question(question: str, answer: str) -> tuple[str, str]:
    """Question and answer as they are kept. Raises QuestionMissing, AnswerTooShort, AnswerInQuestion."""
    question = clean_name(question)[:200]
    if len(question) < LEAST_ANSWER:
        raise QuestionMissing("question")
    answer = plain_answer(answer)
    if len(answer) < LEAST_ANSWER:
        raise AnswerTooShort("answer", least=LEAST_ANSWER)
    if answer in fold(question).replace(" ", ""):
        raise AnswerInQuestion("answer")
    return question, answer
