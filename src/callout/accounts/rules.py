"""Roles, and the rights that each gives."""

from collections.abc import Iterable, Mapping

from callout.core.errors import N_

RIGHTS: Mapping[str, str] = {
    "customer.read": N_("See customers, sites, contacts and assets"),
    "customer.write": N_("Change customers, sites, contacts and assets"),
    "catalog.read": N_("See products and rate cards"),
    "catalog.write": N_("Change products and rate cards"),
    "ticket.read": N_("See tickets and work orders"),
    "ticket.write": N_("Take calls and change tickets"),
    "board.read": N_("See the planner"),
    "board.plan": N_("Plan, move and unplan work"),
    "own.work": N_("See and report one's own work orders"),
    "report.write": N_("Report work orders: hours, expenses, parts, notes"),
    "verify.write": N_("Verify reported work and approve it for billing"),
    "billing.read": N_("See invoices"),
    "billing.write": N_("Bill verified work and cancel invoices"),
    "import.run": N_("Import files"),
    "planning.admin": N_("Set up activity types, states, resources and working hours"),
    "people.admin": N_("Administer people, teams and rights"),
    "settings.admin": N_("Change the settings of the installation"),
    "audit.read": N_("Read the history of every record"),
}

ROLES: Mapping[str, tuple[str, ...]] = {
    "operator": ("customer.read", "customer.write", "catalog.read", "ticket.read", "ticket.write", "board.read"),
    "dispatcher": (
        "customer.read", "customer.write", "catalog.read", "ticket.read", "ticket.write", "board.read", "board.plan",
        "report.write", "import.run",
    ),  # fmt: skip
    "technician": ("own.work", "report.write", "catalog.read"),
    "agent": ("customer.read", "catalog.read", "board.read"),
    "sales_office": ("customer.read", "customer.write", "catalog.read", "catalog.write", "ticket.read", "import.run"),
    "verifier": (
        "customer.read", "catalog.read", "ticket.read", "report.write", "verify.write", "billing.read",
        "billing.write",
    ),  # fmt: skip
    "administrator": tuple(right for right in RIGHTS if right != "own.work"),
}
ROLE_NAMES: Mapping[str, str] = {
    "operator": N_("Operator"),
    "dispatcher": N_("Dispatcher"),
    "technician": N_("Technician"),
    "agent": N_("Sales agent"),
    "sales_office": N_("Sales office"),
    "verifier": N_("Verifier"),
    "administrator": N_("Administrator"),
}


def rights_of(roles: Iterable[str], grants: Iterable[tuple[str, bool]]) -> frozenset[str]:
    """The rights of a person: what the roles give, plus what is allowed and less what is denied.

    `grants` are (right, allowed) of the person and of the person's teams. A denial wins over any allowance.
    """
    rights = {right for role in roles for right in ROLES.get(role, ())}
    grants = list(grants)
    rights |= {right for right, allowed in grants if allowed}
    rights -= {right for right, allowed in grants if not allowed}
    return frozenset(rights & RIGHTS.keys())
