"""Writing numbers, periods and files."""

from callout.documents.commands.files import forget_orphans, store_file
from callout.documents.commands.numbers import change_number_book, create_number_book, create_period, lock_period
from callout.documents.commands.posting import give_keys, next_code, next_codes, post, prepare

__all__ = [
    "change_number_book",
    "create_number_book",
    "create_period",
    "forget_orphans",
    "give_keys",
    "lock_period",
    "next_code",
    "next_codes",
    "post",
    "prepare",
    "store_file",
]
