"""The demo company's customers: names, places, who answers there, what is installed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A customer with its main site, the person who answers, and the equipment there (product codes)."""

    name: str
    address: str
    postal_code: str
    city: str
    latitude: str
    longitude: str
    contact: str
    phone: str
    priority: int
    equipment: tuple[str, ...]
    email: str = ""


MILAN = (
    Place("Hotel Bellariva", "Via Vitruvio 18", "20124", "Milano", "45.4829", "9.2061", "Enrico Longhi", "+390267051220", 3, ("CAL-32C", "CAL-32C", "AC-24", "AC-24", "AC-24"), "reception@bellariva.example"),
    Place("Panificio Tosi", "Via Paolo Sarpi 42", "20154", "Milano", "45.4815", "9.1758", "Ivana Tosi", "+39023495518", 2, ("CAL-24C",), "info@panificiotosi.example"),
    Place("Studio dentistico Maggi", "Corso Buenos Aires 33", "20124", "Milano", "45.4786", "9.2098", "Dott. Piero Maggi", "+39022940031", 3, ("AC-12", "AC-12"), "studio@maggi.example"),
    Place("Condominio Via Washington 70", "Via Giorgio Washington 70", "20146", "Milano", "45.4625", "9.1557", "Amm. Rita Lodi", "+39024801122", 2, ("CAL-32C", "CAL-32C"), "amministrazione@lodi.example"),
    Place("Condominio Viale Monza 121", "Viale Monza 121", "20125", "Milano", "45.4987", "9.2187", "Amm. Rita Lodi", "+39024801122", 2, ("CAL-32C",), "amministrazione@lodi.example"),
    Place("Libreria Il Segnalibro", "Via Savona 97", "20144", "Milano", "45.4504", "9.1563", "Carla Nesi", "+390242290617", 1, ("AC-12",)),
    Place("Officina Meccanica Brusa", "Via Mecenate 76", "20138", "Milano", "45.4498", "9.2411", "Giorgio Brusa", "+39025060912", 2, ("CAL-24C",)),
    Place("Ristorante La Darsena", "Viale Gorizia 14", "20144", "Milano", "45.4523", "9.1762", "Sandro Piva", "+390258104438", 3, ("CAL-24C", "AC-24"), "prenota@ladarsena.example"),
    Place("Palestra Energia", "Via Ripamonti 89", "20141", "Milano", "45.4389", "9.2009", "Monica Serra", "+390255210873", 2, ("CAL-32C", "AC-24", "AC-24")),
    Place("Asilo Le Coccinelle", "Via Lomellina 10", "20133", "Milano", "45.4654", "9.2265", "Suor Agnese", "+39027010445", 3, ("CAL-24C",), "segreteria@coccinelle.example"),
    Place("Farmacia San Siro", "Via Novara 95", "20153", "Milano", "45.4730", "9.1107", "Dott.ssa Elisa Cantù", "+390248204413", 3, ("AC-12",)),
    Place("Tipografia Ambrosiana", "Via Bovisasca 59", "20157", "Milano", "45.5108", "9.1590", "Franco Meroni", "+39023760218", 1, ("CAL-24C", "AC-24")),
    Place("Famiglia Oriani", "Via Bergognone 31", "20144", "Milano", "45.4522", "9.1615", "Marta Oriani", "+393387120455", 2, ("CAL-24C",)),
    Place("Famiglia Zanetti", "Via Padova 212", "20127", "Milano", "45.5032", "9.2374", "Aldo Zanetti", "+393471180926", 2, ("CAL-24C",)),
    Place("Famiglia D’Amico", "Via Solari 23", "20144", "Milano", "45.4552", "9.1633", "Rosa D’Amico", "+393201184577", 1, ("CAL-24C",)),
    Place("Famiglia Nguyen", "Via Farini 64", "20159", "Milano", "45.4928", "9.1792", "Linh Nguyen", "+393894471820", 2, ("HP-08",)),
    Place("Famiglia Perego", "Via Forze Armate 260", "20152", "Milano", "45.4601", "9.0986", "Emilio Perego", "+393355210984", 1, ("CAL-24C",)),
    Place("Famiglia Castelli", "Via Plinio 50", "20129", "Milano", "45.4796", "9.2138", "Federica Castelli", "+393339008172", 2, ("CAL-24C", "AC-12")),
    Place("Uffici Torre Nord", "Via Melchiorre Gioia 44", "20124", "Milano", "45.4886", "9.1974", "Ing. Bruno Sacchi", "+390266711904", 3, ("HP-08", "HP-08", "AC-24", "AC-24"), "facility@torrenord.example"),
    Place("Coworking Navigli", "Alzaia Naviglio Grande 8", "20144", "Milano", "45.4508", "9.1742", "Teo Ferrante", "+390289402217", 2, ("AC-24",), "ciao@coworkingnavigli.example"),
    Place("Gelateria Cremosa", "Piazzale Lodi 3", "20135", "Milano", "45.4478", "9.2109", "Nadia Grassi", "+390255180320", 1, ("AC-12",)),
    Place("Lavanderia Splendor", "Via Imbonati 33", "20159", "Milano", "45.5010", "9.1846", "Wu Mei", "+39026688104", 2, ("CAL-24C",)),
)  # fmt: skip

CLUJ = (
    Place("Clinica Sfântul Luca", "Strada Moților 54", "400001", "Cluj-Napoca", "46.7677", "23.5775", "Dr. Ana Mureșan", "+40264431522", 3, ("CAL-32C", "AC-24"), "contact@sfluca.example"),
    Place("Pensiunea Gențiana", "Strada Observatorului 19", "400363", "Cluj-Napoca", "46.7554", "23.5932", "Ovidiu Lazăr", "+40264590817", 2, ("CAL-32C",), "rezervari@gentiana.example"),
    Place("Brutăria Spicul", "Strada Horea 31", "400174", "Cluj-Napoca", "46.7795", "23.5873", "Mirela Cosma", "+40264432019", 2, ("CAL-24C",)),
    Place("Asociația Dorobanților 40", "Strada Dorobanților 40", "400117", "Cluj-Napoca", "46.7722", "23.6044", "Viorel Țurcanu", "+40745120331", 2, ("CAL-32C", "CAL-32C")),
    Place("Grădinița Licurici", "Strada Bucium 7", "400280", "Cluj-Napoca", "46.7529", "23.5497", "Simona Hărăguș", "+40264573310", 3, ("CAL-24C",)),
    Place("Software Park Someș", "Bulevardul 21 Decembrie 1989 77", "400604", "Cluj-Napoca", "46.7748", "23.6009", "Cristian Vaida", "+40364108822", 3, ("HP-08", "AC-24", "AC-24"), "admin@somespark.example"),
    Place("Familia Mărginean", "Strada Donath 112", "400293", "Cluj-Napoca", "46.7751", "23.5508", "Ileana Mărginean", "+40722418907", 1, ("CAL-24C",)),
    Place("Familia Szabó", "Strada Fabricii 9", "400620", "Cluj-Napoca", "46.7839", "23.6129", "Éva Szabó", "+40744209118", 2, ("CAL-24C",)),
    Place("Familia Țepeș", "Strada Eroilor 16, Florești", "407280", "Florești", "46.7456", "23.4907", "Dănuț Țepeș", "+40755380441", 2, ("CAL-24C", "AC-12")),
    Place("Restaurant Matei", "Strada Memorandumului 5", "400114", "Cluj-Napoca", "46.7697", "23.5866", "Matei Brad", "+40264405566", 2, ("CAL-24C", "AC-24")),
)  # fmt: skip

# The customers' postal codes by commercial zone; the other places of a branch are in its last zone.
ZONES = {
    "MI-C": {"20124", "20129"},
    "MI-N": {"20125", "20127", "20154", "20157", "20159"},
    "MI-W": {"20144", "20146", "20152", "20153"},
    "CJ-C": {"400001", "400114", "400117", "400174"},
}
ELSEWHERE = {"MI": "MI-S", "CJ": "CJ-P"}
KINDS = {
    "household": ("Famiglia", "Familia"),
    "condominium": ("Condominio", "Asociația"),
    "care": ("Studio dentistico", "Asilo", "Farmacia", "Clinica", "Grădinița"),
}


def zone_of(branch: str, place: Place) -> str:
    """The code of the commercial zone that the place lies in."""
    return next((code for code, postal in ZONES.items() if place.postal_code in postal), ELSEWHERE[branch])


def kind_of(place: Place) -> str:
    """What sort of customer it is, by its name."""
    return next((kind for kind, names in KINDS.items() if place.name.startswith(names)), "business")
