"""What a decision needs, and how an invoice adds up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from babel import Locale

from callout.billing.errors import ReasonMissing, UnknownLine

Key = tuple[str, int]  # source kind and source id of a reported line


@dataclass(frozen=True, slots=True)
class Decision:
    """What the verifier says of one reported line. Quantity and price are those to bill; price is net."""

    source_kind: str
    source_id: int
    approved: bool
    quantity: Decimal
    price: Decimal
    reason: str = ""

    @property
    def key(self) -> Key:
        """Which reported line it is about."""
        return self.source_kind, self.source_id


@dataclass(frozen=True, slots=True)
class Proposal:
    """A reported line as it would be billed if nobody objected."""

    source_kind: str
    source_id: int
    description: str
    quantity: Decimal
    price: Decimal
    billable: bool

    @property
    def key(self) -> Key:
        """Which reported line it is."""
        return self.source_kind, self.source_id


def check_decisions(decisions: Sequence[Decision], proposals: Mapping[Key, Proposal]) -> None:
    """Refuse a decision on a line that does not exist, or one that departs from the report without a reason.

    Raises UnknownLine or ReasonMissing, with the field "reason-KIND-ID".
    """
    for decision in decisions:
        proposal = proposals.get(decision.key)
        if proposal is None:
            raise UnknownLine("lines")
        if departs(decision, proposal) and not decision.reason.strip():
            raise ReasonMissing(f"reason-{decision.source_kind}-{decision.source_id}", line=proposal.description)


def departs(decision: Decision, proposal: Proposal) -> bool:
    """Whether the decision is something else than the report proposes."""
    if decision.approved != proposal.billable:
        return True
    if not decision.approved:
        return False
    return (decision.quantity, decision.price) != (proposal.quantity, proposal.price)


def undecided(proposals: Iterable[Key], decided: Iterable[Key]) -> set[Key]:
    """The reported lines that nobody has decided on."""
    return set(proposals) - set(decided)


def due_date(issued: date, days: int, end_of_month: bool) -> date:
    """When an invoice is due: `days` after it was issued, or after the end of that month."""
    if not end_of_month:
        return issued + timedelta(days=days)
    next_month = (issued.replace(day=1) + timedelta(days=32)).replace(day=1)
    return next_month - timedelta(days=1) + timedelta(days=days)


def postal_address(lines: Iterable[str], *, country: str, home: str, language: str) -> str:
    """The lines that are not empty; below them the country's name in that language, unless it is the home country."""
    abroad = Locale(language).territories.get(country, country) if country != home else ""
    return "\n".join(line for line in (*lines, abroad) if line)
