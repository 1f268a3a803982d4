"""Refusals around customers, sites, contacts, assets and contracts."""

from callout.core.errors import N_, DomainError, Invalid


class UnknownTimeZone(Invalid):
    """No zone of the time zone database."""

    code = "unknown_time_zone"
    what = N_("There is no time zone “{value}”.")
    remedy = N_("Write it like Europe/Rome.")


class HalfCoordinates(Invalid):
    """A latitude without a longitude, or the other way round."""

    code = "half_coordinates"
    what = N_("Latitude and longitude belong together.")
    remedy = N_("Fill in both or neither.")


class CoordinateOutOfRange(Invalid):
    """No point on earth."""

    code = "coordinate_out_of_range"
    what = N_("A coordinate here lies between {least} and {most} degrees.")


class NoBranch(DomainError):
    """Nobody can serve the site."""

    code = "no_branch"
    what = N_("There is no branch that could serve this site.")
    remedy = N_("Ask an administrator to set one up.")


class SiteOfAnother(Invalid):
    """The site belongs to another customer."""

    code = "site_of_another"
    what = N_("This site belongs to another customer.")


class AssetOfAnother(Invalid):
    """The contract covers an asset of another customer."""

    code = "asset_of_another"
    what = N_("“{asset}” belongs to another customer.")


class SerialTaken(DomainError):
    """The same product with the same serial number is installed already."""

    code = "serial_taken"
    what = N_("{product} with serial number {serial} already stands at {customer}.")
    remedy = N_("Look up that asset and move it, or correct the serial number.")


class WrongAxis(Invalid):
    """The value belongs to another classification."""

    code = "wrong_axis"
    what = N_("“{value}” is not a value of this classification.")


class MainSiteStays(DomainError):
    """A customer with sites has a main one."""

    code = "main_site_stays"
    what = N_("A customer has one main site.")
    remedy = N_("Make another site the main one instead.")


class InUse(DomainError):
    """Other records refer to it."""

    code = "in_use"
    what = N_("“{name}” is used elsewhere and cannot be removed.")
    remedy = N_("Leave it, and correct what is wrong in it.")


class UnknownPlace(Invalid):
    """A row names neither a customer nor an external id of one."""

    code = "unknown_place"
    what = N_("Neither a customer nor an external id is given.")


class UnknownCustomer(Invalid):
    """No customer is known under that external id or code."""

    code = "unknown_customer"
    what = N_("No customer is known as “{value}”.")
    remedy = N_("Import customers first.")


class UnknownSite(Invalid):
    """No site is known under that external id or name."""

    code = "unknown_site"
    what = N_("The customer has no site “{value}”.")
    remedy = N_("Import sites first.")


class NoSite(Invalid):
    """The customer has no site where something could stand."""

    code = "no_site"
    what = N_("“{customer}” has no site.")
    remedy = N_("Add one first.")
