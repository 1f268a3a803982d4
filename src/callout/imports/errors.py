"""Refusals around files that people bring in."""

from callout.core.errors import N_, DomainError, Invalid


class UnknownKind(Invalid):
    """Nothing of that kind can be imported."""

    code = "unknown_import_kind"
    what = N_("Files of kind “{kind}” cannot be imported.")
    remedy = N_("Choose one of: {known}.")


class UnknownMapping(Invalid):
    """No mapping has that name."""

    code = "unknown_mapping"
    what = N_("There is no mapping “{name}” for this kind of file.")
    remedy = N_("Choose one of: {known}.")


class MappingNameTaken(DomainError):
    """The mapping came with the program, or another file's mapping has the name."""

    code = "mapping_name_taken"
    what = N_("A mapping named “{name}” comes with the program and stays as it is.")
    remedy = N_("Save yours under another name.")


class UnknownField(Invalid):
    """The mapping fills a field that the kind does not have."""

    code = "unknown_field"
    what = N_("The mapping names a field “{name}” that does not exist.")
    remedy = N_("Take it out of the mapping.")


class BadRule(Invalid):
    """A rule of a mapping that cannot be understood."""

    code = "bad_rule"
    what = N_("The rule for “{name}” cannot be understood.")
    remedy = N_("Choose a column, write a text with columns in braces, or a fixed value.")


class BadOption(Invalid):
    """An option that a mapping cannot have."""

    code = "bad_import_option"
    what = N_("The option “{name}” cannot be used.")


class ColumnMissing(Invalid):
    """The mapping names a column that the file does not have."""

    code = "column_missing"
    what = N_("The file has no column “{column}”.")
    remedy = N_("Choose another column or another mapping. The file has: {known}.")


class NotMapped(Invalid):
    """A field that is needed has no rule."""

    code = "not_mapped"
    what = N_("“{label}” is needed, but no column is chosen for it.")
    remedy = N_("Choose a column or a fixed value.")


class CellMissing(Invalid):
    """A value that is needed is not in the row."""

    code = "cell_missing"
    what = N_("A value is needed here.")


class CellNotNumber(Invalid):
    """No number."""

    code = "cell_not_number"
    what = N_("“{value}” is not a number.")


class CellAmbiguousNumber(Invalid):
    """1,234 may be a thousand or one and a bit."""

    code = "cell_ambiguous_number"
    what = N_("“{value}” may mean two different numbers.")
    remedy = N_("Say in the mapping which sign separates decimals.")


class CellNotWhole(Invalid):
    """Whole numbers only."""

    code = "cell_not_whole"
    what = N_("“{value}” is not a whole number.")


class CellNotDate(Invalid):
    """No day or moment that the format fits."""

    code = "cell_not_date"
    what = N_("“{value}” is not a date written as the mapping says.")
    remedy = N_("Choose the order of day, month and year in the mapping.")


class CellNoSuchTime(Invalid):
    """A local time that the clocks skipped."""

    code = "cell_no_such_time"
    what = N_("The clocks in {zone} never showed {value}.")


class CellTwice(Invalid):
    """A local time that the clocks showed twice."""

    code = "cell_twice"
    what = N_("The clocks in {zone} showed {value} twice.")
    remedy = N_("Say in the mapping which of the two is meant.")


class CellNotChoice(Invalid):
    """Not one of the possible values."""

    code = "cell_not_choice"
    what = N_("“{value}” is not one of: {known}.")
    remedy = N_("Add it to the value list of the mapping.")


class CellNotBoolean(Invalid):
    """Neither yes nor no."""

    code = "cell_not_boolean"
    what = N_("“{value}” is neither yes nor no.")


class CellNotCountry(Invalid):
    """No country's code or name."""

    code = "cell_not_country"
    what = N_("“{value}” is no country that is known here.")
    remedy = N_("Use the two-letter code, or add the name to the value list of the mapping.")


class CellBadCharacters(Invalid):
    """NUL, or half of a surrogate pair."""

    code = "cell_bad_characters"
    what = N_("This cell holds characters that cannot be kept.")


class RowNotKept(Invalid):
    """The database refused what no rule had refused."""

    code = "row_not_kept"
    what = N_("The row contradicts what is already there.")
    remedy = N_("Look for a record with the same code, number or external id.")


class FileMissing(Invalid):
    """The request brings no file."""

    code = "file_missing"
    what = N_("No file came with the request.")
    remedy = N_("Send it as multipart form data, under the name “file”.")


class FileTooLarge(Invalid):
    """Larger than what is taken in."""

    code = "file_too_large"
    status = 413
    what = N_("The file is larger than {limit} MB.")
    remedy = N_("Split it into several files.")


class NotReady(DomainError):
    """The step does not fit where the import stands."""

    code = "import_not_ready"
    what = N_("This import is at another step now.")
    remedy = N_("Reload the page.")


class FileGone(DomainError):
    """The uploaded file is no longer in the store."""

    code = "import_file_gone"
    what = N_("The uploaded file is no longer there.")
    remedy = N_("Upload it again.")
