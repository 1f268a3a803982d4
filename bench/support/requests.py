"""Service requests as New York City exports them: counting a file's, and inventing some where there is no file."""

import csv
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

AGENCIES = {
    "HPD": ("Department of Housing Preservation and Development", ("HEAT/HOT WATER", "PLUMBING", "ELECTRIC")),
    "DEP": ("Department of Environmental Protection", ("Water System", "Sewer")),
    "DOT": ("Department of Transportation", ("Street Light Condition", "Traffic Signal Condition")),
    "DOB": ("Department of Buildings", ("Elevator", "Boilers")),
}
OTHERS = {
    "NYPD": ("New York City Police Department", ("Noise - Street/Sidewalk",)),
    "DSNY": ("Department of Sanitation", ("Missed Collection",)),
}
HEADERS = (
    "Unique Key", "Created Date", "Closed Date", "Agency", "Agency Name", "Complaint Type", "Descriptor",
    "Location Type", "Incident Zip", "Incident Address", "Street Name", "Cross Street 1", "Cross Street 2",
    "Intersection Street 1", "Intersection Street 2", "Address Type", "City", "Landmark", "Due Date", "Borough",
    "Open Data Channel Type", "Bridge Highway Name", "Bridge Highway Direction", "Road Ramp", "Bridge Highway Segment",
    "Latitude", "Longitude",
)  # fmt: skip
BOROUGHS = ("BROOKLYN", "BRONX", "MANHATTAN", "QUEENS", "STATEN ISLAND")
SECONDS = timedelta(days=5 * 365).total_seconds()


def wanted(file: Path) -> Counter[str]:
    """How many requests a file holds for each agency that goes on site, read without the importer."""
    with file.open(newline="", encoding="utf-8-sig") as rows:
        keys = {(row["Unique Key"], row["Agency"]) for row in csv.DictReader(rows)}
    return Counter(agency for _key, agency in keys if agency in AGENCIES)


def invent(file: Path, count: int) -> None:
    """Write a file of the same shape: some places call often, some requests have no address but a crossing."""
    random_source = random.Random(311)
    known = [*AGENCIES.items(), *OTHERS.items()]
    with file.open("w", newline="", encoding="utf-8") as out:
        rows = csv.DictWriter(out, HEADERS, restval="")
        rows.writeheader()
        for number in range(count):
            rows.writerow(_request(number, random_source, known))


def _request(number: int, random_source: random.Random, known: list) -> dict[str, str]:
    agency, (name, kinds) = random_source.choice(known)
    at = datetime(2014, 1, 1, tzinfo=UTC) + timedelta(seconds=random_source.randrange(int(SECONDS)))
    house, place = 1 + random_source.randrange(400), random_source.randrange(len(BOROUGHS))
    found = {
        "Unique Key": str(90_000_000 + number), "Created Date": f"{at:%m/%d/%Y %I:%M:%S %p}", "Agency": agency,
        "Agency Name": name, "Complaint Type": random_source.choice(kinds), "Descriptor": "As called in",
        "Incident Zip": f"{11_000 + place}", "City": BOROUGHS[place].title(), "Borough": BOROUGHS[place],
        "Open Data Channel Type": random_source.choice(("PHONE", "ONLINE", "MOBILE", "UNKNOWN")),
        "Latitude": f"{40.6 + house / 4000:.6f}", "Longitude": f"{-74 + house / 4000:.6f}",
    }  # fmt: skip
    if number % 7 == 0:
        crossing = {"Intersection Street 1": f"{house} STREET", "Intersection Street 2": f"{place + 1} AVENUE"}
        return found | crossing | {"Latitude": "", "Longitude": ""}
    return found | {"Incident Address": f"{house} MAIN STREET", "Location Type": "RESIDENTIAL BUILDING"}
