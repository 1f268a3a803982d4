"""What a customer wishes and chooses, read without asking back: what is unclear is left out."""

from datetime import UTC, date, datetime, timedelta

from django import forms

from callout.core.slots import Wish
from callout.core.worktime import day_of
from callout.workorders.forms.intake import SlotWish

FARTHEST = timedelta(days=180)


class PortalWish(SlotWish):
    """From which day, at which time of day, on which weekdays (0 is Monday)."""

    days = forms.TypedMultipleChoiceField(choices=[(str(n), str(n)) for n in range(7)], coerce=int, required=False)

    @property
    def weekdays(self) -> list[int]:
        """The wished days of the week; none means any."""
        return list(self.cleaned_data.get("days") or [])

    @property
    def wish(self) -> Wish:
        """Days and hours that would suit."""
        hours = super().wish
        return Wish(frozenset(self.weekdays), hours.since, hours.to)

    def after(self, now: datetime, zone: str) -> datetime:
        """From when on."""
        day: date | None = self.day
        return max(now, day_of(min(day, (now + FARTHEST).date()), zone).starts) if day else now


def moment(text: str) -> datetime | None:
    """A time as an offer's link names it, in whole seconds of UTC; None for what is none."""
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        return None
    return datetime.fromtimestamp(int(text), tz=UTC)


def named(at: datetime) -> str:
    """A time as an offer's link names it."""
    return str(int(at.timestamp()))
