"""Refusals around numbers, periods and files."""

from callout.core.errors import N_, DomainError, Invalid


class NoNumberBook(DomainError):
    """No active number book is there to take a number from."""

    code = "no_number_book"
    what = N_("There is no number book for “{kind}” in the branch {branch}.")
    remedy = N_("An administrator can create one in the settings, under number books.")


class OutsidePeriod(DomainError):
    """The date lies in no accounting period."""

    code = "outside_period"
    what = N_("{on} lies in no open period of the branch {branch}.")
    remedy = N_("Choose another date, or ask an administrator to open a period in the settings.")


class PeriodLocked(DomainError):
    """The accounting period of the date is closed for this kind of work."""

    code = "period_locked"
    what = N_("The period from {starts} to {ends} of the branch {branch} is locked.")
    remedy = N_("Choose another date, or ask an administrator to unlock the period in the settings.")


class PeriodsOverlap(Invalid):
    """Two periods of the same branch and module would share days."""

    code = "periods_overlap"
    what = N_("There is already a period from {starts} to {ends}.")
    remedy = N_("Choose days that no other period has.")


class EndsBeforeStart(Invalid):
    """A period that ends before it begins."""

    code = "ends_before_start"
    what = N_("The end lies before the start.")


class SeriesTaken(Invalid):
    """Another book of the same kind has this series."""

    code = "series_taken"
    what = N_("The series {series} is already used for this kind of document.")
    remedy = N_("Choose another series.")


class DefaultTaken(Invalid):
    """Another book is already used by default for this kind and branch."""

    code = "default_book_taken"
    what = N_("The number book {series} is already used by default for this kind of document and branch.")
    remedy = N_("Take the mark away there first.")


class EmptyFile(Invalid):
    """A file without content."""

    code = "empty_file"
    what = N_("The file “{name}” is empty.")
    remedy = N_("Choose the file again.")


class FileTooLarge(Invalid):
    """More bytes than a file may have."""

    code = "file_too_large"
    status = 413
    what = N_("The file “{name}” has {megabytes} MB; {limit} MB are allowed.")
    remedy = N_("Send a smaller file.")


class ImageTooLarge(Invalid):
    """More pixels than an image may have."""

    code = "image_too_large"
    status = 413
    what = N_("The picture “{name}” has too many pixels; {limit} million are allowed.")
    remedy = N_("Send a smaller picture.")


class NotAnImage(Invalid):
    """Something else where a picture was expected."""

    code = "not_an_image"
    what = N_("“{name}” is not a picture that can be shown here.")
    remedy = N_("Send a JPEG, PNG, GIF or WebP picture.")


class BrokenFile(Invalid):
    """A file that ends too early or cannot be read."""

    code = "broken_file"
    what = N_("The file “{name}” is damaged or did not arrive completely.")
    remedy = N_("Send it again.")


class PdfFailed(DomainError):
    """The document could not be drawn within its limits."""

    code = "pdf_failed"
    status = 503
    what = N_("The document could not be made.")
    remedy = N_("Try again; if it fails again, ask an administrator to look at the log.")
