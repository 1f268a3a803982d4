"""Who works at the demo company."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a login. `home` is where a technician's day begins: latitude and longitude."""

    username: str
    name: str
    role: str
    branch: str
    language: str
    teams: tuple[str, ...] = ()
    colour: str = "#206bc4"
    home: tuple[str, str] | None = None


TEAMS = {
    "back-milan": ("Back office Milano", "MI"),
    "heating-milan": ("Caldaie Milano", "MI"),
    "cooling-milan": ("Climatizzazione Milano", "MI"),
    "cluj": ("Echipa Cluj", "CJ"),
}

PEOPLE = (
    Person("admin", "Teresa Galli", "administrator", "", "en"),
    Person("giulia", "Giulia Ferri", "operator", "", "it"),
    Person("marta", "Marta Colombo", "dispatcher", "", "it", ("back-milan",)),
    Person("vlad", "Vlad Moldovan", "dispatcher", "CJ", "ro", ("cluj",)),
    Person("laura", "Laura Riva", "verifier", "", "it"),
    Person("paolo", "Paolo Sala", "agent", "MI", "it"),
    Person("silvia", "Silvia Monti", "sales_office", "", "it"),
    Person("luca", "Luca Brambilla", "technician", "MI", "it", ("heating-milan",), "#d63939", ("45.4781", "9.2270")),
    Person("davide", "Davide Fontana", "technician", "MI", "it", ("heating-milan",), "#2fb344", ("45.4585", "9.1640")),
    Person("stefano", "Stefano Villa", "technician", "MI", "it", ("heating-milan",), "#f76707", ("45.5020", "9.1880")),
    Person("andrea", "Andrea Cattaneo", "technician", "MI", "it",
           ("heating-milan", "cooling-milan"), "#4299e1", ("45.4400", "9.2050")),
    Person("nicola", "Nicola Pozzi", "technician", "MI", "it", ("cooling-milan",), "#ae3ec9", ("45.4700", "9.1300")),
    Person("sara", "Sara Bassi", "technician", "MI", "it", ("cooling-milan",), "#0ca678", ("45.5150", "9.2300")),
    Person("mihai", "Mihai Rusu", "technician", "CJ", "ro", ("cluj",), "#f59f00", ("46.7712", "23.6236")),
    Person("ioana", "Ioana Pop", "technician", "CJ", "ro", ("cluj",), "#667382", ("46.7570", "23.5800")),
    Person("radu", "Radu Câmpean", "technician", "CJ", "ro", ("cluj",), "#206bc4", ("46.7850", "23.6050")),
    Person("ruxandra", "Ruxandra Dobre", "agent", "CJ", "ro"),
)  # fmt: skip

AGENTS = {"MI": "paolo", "CJ": "ruxandra"}
