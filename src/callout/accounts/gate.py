"""Which rights a page or an API operation asks for. Whatever declares nothing is refused."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest

from callout.accounts.actor import Actor

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Access:
    """Who may use a route: anybody, everybody who is signed in, or who has at least one of `rights`."""

    rights: tuple[str, ...] = ()
    anybody: bool = False

    def allows(self, actor: Actor) -> bool:
        """Whether `actor` may use the route at all; which objects are seen is each query's business."""
        if self.anybody:
            return True
        if actor.user_id is None:
            return False
        return not self.rights or any(actor.may(right) for right in self.rights)


ANYBODY = Access(anybody=True)
SIGNED_IN = Access()


def _declares(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]  # read by the gate
        return view

    return mark


def needs(*rights: str) -> Callable[[View], View]:
    """Declare that a page is for people with at least one of `rights`."""
    return _declares(Access(rights=rights))


signed_in = _declares(SIGNED_IN)
anybody = _declares(ANYBODY)


def reads(*rights: str) -> Callable[[View], View]:
    """Declare an API operation that reads: refused with 403 without one of `rights`."""

    def wrap(operation: View) -> View:
        @wraps(operation)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if rights:
                request.actor.require(*rights)
            return operation(request, *args, **kwargs)

        guarded.access = Access(rights=rights)
        return guarded  # type: ignore[return-value]

    return wrap
