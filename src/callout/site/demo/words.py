"""The demo company's own vocabulary, in its three languages, and what it sells."""

# English, Italian, Romanian
Names = tuple[str, str, str]

SECTORS: dict[str, Names] = {
    "technical": ("Technical service", "Assistenza tecnica", "Service tehnic"),
    "commercial": ("Commercial", "Commerciale", "Comercial"),
    "administration": ("Administration", "Amministrazione", "Administrație"),
}

# key: names, sector, minutes, colour, chargeable, teams that perform
TYPES: dict[str, tuple[Names, str, int, str, bool]] = {
    "repair": (("Boiler repair", "Riparazione caldaia", "Reparație centrală"), "technical", 90, "#d63939", True),
    "maintenance": (("Yearly maintenance", "Manutenzione annuale", "Revizie anuală"), "technical", 60, "#2fb344", True),
    "cooling": (("Air conditioning", "Climatizzazione", "Climatizare"), "technical", 120, "#4299e1", True),
    "leak": (("Leak search", "Ricerca perdita", "Căutare scurgere"), "technical", 120, "#f76707", True),
    "installation": (("Installation", "Installazione", "Instalare"), "technical", 240, "#ae3ec9", True),
    "warranty": (("Warranty work", "Intervento in garanzia", "Lucrare în garanție"), "technical", 60, "#0ca678", False),
    "survey": (("Survey on site", "Sopralluogo", "Vizită la fața locului"), "commercial", 45, "#f59f00", False),
    "meeting": (("Team meeting", "Riunione di squadra", "Ședință de echipă"), "administration", 60, "#667382", False),
}

# code: kind, names, unit, price in euro, cost
# key: names, sector, kind, colour
TASK_TYPES: dict[str, tuple[Names, str, str, str]] = {
    "office": (("Office task", "Attività d'ufficio", "Sarcină de birou"), "administration", "task", "#667382"),
    "ring": (("Phone call", "Telefonata", "Apel telefonic"), "commercial", "reminder", "#f59f00"),
    "van": (("Van and tools", "Furgone e attrezzi", "Dubă și scule"), "technical", "task", "#0ca678"),
    "next": (("Next maintenance", "Prossima manutenzione", "Următoarea revizie"), "technical", "task", "#2fb344"),
}

PRODUCTS: dict[str, tuple[str, Names, str, str, str]] = {
    "CAL-24C": ("equipment", ("Boiler Calor 24 C", "Caldaia Calor 24 C", "Centrală Calor 24 C"), "pc", "1290.00", "840.00"),
    "CAL-32C": ("equipment", ("Boiler Calor 32 C", "Caldaia Calor 32 C", "Centrală Calor 32 C"), "pc", "1590.00", "1020.00"),
    "HP-08": ("equipment", ("Heat pump Brezza 8", "Pompa di calore Brezza 8", "Pompă de căldură Brezza 8"), "pc", "4350.00", "3100.00"),
    "AC-12": ("equipment", ("Air conditioner Fresco 12", "Climatizzatore Fresco 12", "Aer condiționat Fresco 12"), "pc", "780.00", "510.00"),
    "AC-24": ("equipment", ("Air conditioner Fresco 24", "Climatizzatore Fresco 24", "Aer condiționat Fresco 24"), "pc", "1180.00", "790.00"),
    "FLT-01": ("part", ("Water filter", "Filtro acqua", "Filtru de apă"), "pc", "18.50", "7.20"),
    "FLT-02": ("part", ("Air filter", "Filtro aria", "Filtru de aer"), "pc", "24.00", "9.80"),
    "IGN-10": ("part", ("Ignition electrode", "Elettrodo di accensione", "Electrod de aprindere"), "pc", "31.00", "12.00"),
    "PCB-24": ("part", ("Control board", "Scheda elettronica", "Placă electronică"), "pc", "189.00", "96.00"),
    "PMP-15": ("part", ("Circulation pump", "Circolatore", "Pompă de circulație"), "pc", "142.00", "71.00"),
    "VLV-3W": ("part", ("Three-way valve", "Valvola a tre vie", "Vană cu trei căi"), "pc", "86.00", "41.00"),
    "VLV-SF": ("part", ("Safety valve", "Valvola di sicurezza", "Supapă de siguranță"), "pc", "27.50", "11.00"),
    "EXP-08": ("part", ("Expansion vessel 8 l", "Vaso di espansione 8 l", "Vas de expansiune 8 l"), "pc", "64.00", "30.00"),
    "SNS-NTC": ("part", ("Temperature sensor", "Sonda di temperatura", "Senzor de temperatură"), "pc", "19.90", "6.50"),
    "GSK-SET": ("part", ("Gasket set", "Kit guarnizioni", "Set garnituri"), "set", "22.00", "8.00"),
    "THR-WF": ("part", ("Room thermostat", "Cronotermostato", "Termostat de cameră"), "pc", "95.00", "52.00"),
    "GAS-R32": ("part", ("Refrigerant R32", "Refrigerante R32", "Agent frigorific R32"), "kg", "58.00", "29.00"),
    "CHM-CLN": ("part", ("Descaling liquid", "Liquido disincrostante", "Soluție de detartrare"), "l", "14.00", "5.00"),
    "SRV-ANL": ("service", ("Flue gas analysis", "Analisi dei fumi", "Analiza gazelor arse"), "pc", "25.00", "0.00"),
}  # fmt: skip

# the beginning of a product's code: its category
CATEGORIES = {
    "CAL": "Caldaie", "HP": "Pompe di calore", "AC": "Climatizzatori", "FLT": "Filtri", "IGN": "Ricambi caldaia",
    "PCB": "Elettronica", "PMP": "Ricambi caldaia", "VLV": "Valvole", "EXP": "Ricambi caldaia", "SNS": "Elettronica",
    "GSK": "Guarnizioni", "THR": "Elettronica", "GAS": "Materiali di consumo", "CHM": "Materiali di consumo",
    "SRV": "Servizi",
}  # fmt: skip

# names by code
ZONES: dict[str, Names] = {
    "MI-C": ("Milan centre", "Milano centro", "Milano centru"),
    "MI-N": ("Milan north", "Milano nord", "Milano nord"),
    "MI-S": ("Milan south and east", "Milano sud ed est", "Milano sud și est"),
    "MI-W": ("Milan west", "Milano ovest", "Milano vest"),
    "CJ-C": ("Cluj centre", "Cluj centro", "Cluj centru"),
    "CJ-P": ("Cluj surroundings", "Cluj dintorni", "Cluj împrejurimi"),
}

# names by axis and key
CLASSIFICATIONS: dict[tuple[int, str], Names] = {
    (1, "household"): ("Household", "Privato", "Persoană fizică"),
    (1, "condominium"): ("Condominium", "Condominio", "Asociație de proprietari"),
    (1, "business"): ("Business", "Azienda", "Firmă"),
    (1, "care"): ("Health and education", "Sanità e istruzione", "Sănătate și educație"),
    (2, "plan"): ("Maintenance plan", "Piano di manutenzione", "Abonament de întreținere"),
    (2, "call"): ("On call", "A chiamata", "La cerere"),
}

# key: names, currency, lines (kind, names, unit, price, quantity in a new estimate)
RATE_CARDS: dict[str, tuple[Names, str, list[tuple[str, Names, str, str, str]]]] = {
    "milan": (
        ("Milan standard", "Milano standard", "Milano standard"),
        "EUR",
        [
            ("fixed", ("Call-out", "Diritto di chiamata", "Deplasare"), "pc", "35.00", "1"),
            ("hours", ("Technician", "Tecnico", "Tehnician"), "h", "48.00", "1.5"),
            ("travel", ("Travel", "Trasferta", "Transport"), "km", "0.65", "0"),
        ],
    ),
    "cluj": (
        ("Cluj standard", "Cluj standard", "Cluj standard"),
        "RON",
        [
            ("fixed", ("Call-out", "Diritto di chiamata", "Deplasare"), "pc", "90.00", "1"),
            ("hours", ("Technician", "Tecnico", "Tehnician"), "h", "140.00", "1.5"),
            ("travel", ("Travel", "Trasferta", "Transport"), "km", "2.20", "0"),
        ],
    ),
}


def others(names: Names) -> dict[str, str]:
    """The names in the languages other than the original."""
    return {"it": names[1], "ro": names[2]}
