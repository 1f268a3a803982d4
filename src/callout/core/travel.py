"""How long it takes from one place to another, as long as nobody asks a road network."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""


@dataclass(frozen=True, slots=True)
class Place:
    """A point in degrees, WGS 84."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Roads:
    """Roads as a rule of thumb: so much longer than the straight line, driven at so many kilometres an hour."""

    factor: float = 1.3
    speed: float = 45.0

    def km(self, start: Place, end: Place) -> float:
        """Kilometres to drive."""
        return straight_km(start, end) * self.factor

    def minutes(self, start: Place, end: Place) -> float:
        """Minutes on the road."""
        return self.km(start, end) / self.speed * 60


def straight_km(start: Place, end: Place) -> float:
    """Kilometres as the crow flies, by the haversine formula (R. W. Sinnott, Virtues of the Haversine, 1984)."""
    phi, other_phi = radians(start.latitude), radians(end.latitude)
    half = sin((other_phi - phi) / 2) ** 2
    half += cos(phi) * cos(other_phi) * sin(radians(end.longitude - start.longitude) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))
