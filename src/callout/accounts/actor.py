"""Who is acting: passed to every command and query."""

from dataclasses import dataclass, field

from callout.accounts.rules import lacking


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, or the system itself (`user_id` None), with the rights it has right now.

    `branch_ids` empty means every branch.
    """

    user_id: int | None
    name: str
    rights: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    team_ids: frozenset[int] = frozenset()
    branch_ids: frozenset[int] = frozenset()
    language: str = "en"
    time_zone: str = "Europe/Rome"
    is_system: bool = field(default=False)

    def may(self, right: str) -> bool:
        """Whether the actor has `right`; the system has every right."""
        return self.is_system or right in self.rights

    def require(self, *rights: str) -> None:
        """Refuse with Forbidden unless the actor has at least one of `rights`."""
        if not any(self.may(right) for right in rights):
            raise lacking(rights[0])


SYSTEM = Actor(user_id=None, name="Callout", is_system=True)
NOBODY = Actor(user_id=None, name="")
