"""What the demo company's customers call about, in the language of the place."""

# activity type, Milan, Cluj
SUBJECTS: tuple[tuple[str, str, str], ...] = (
    ("repair", "Caldaia in blocco, errore E01", "Centrala s-a blocat, eroare E01"),
    ("repair", "Niente acqua calda da stamattina", "Fără apă caldă de azi-dimineață"),
    ("repair", "La pressione scende di continuo", "Presiunea scade mereu"),
    ("repair", "Radiatori freddi al secondo piano", "Calorifere reci la etajul doi"),
    ("maintenance", "Manutenzione annuale con analisi dei fumi", "Revizie anuală cu analiza gazelor"),
    ("maintenance", "Controllo prima dell’inverno", "Verificare înainte de iarnă"),
    ("cooling", "Il climatizzatore perde acqua", "Aparatul de aer condiționat curge"),
    ("cooling", "Non raffredda, forse manca gas", "Nu răcește, poate lipsește freonul"),
    ("leak", "Macchia di umidità sotto la caldaia", "Pată de umezeală sub centrală"),
    ("warranty", "Termostato nuovo che non comunica", "Termostatul nou nu comunică"),
    ("installation", "Sostituzione della caldaia", "Înlocuirea centralei"),
    ("repair", "Rumore forte all’accensione", "Zgomot puternic la pornire"),
)

REPORTS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "repair": (
        "Sostituito il pezzo guasto, provato per venti minuti: funziona.",
        "Am înlocuit piesa defectă, probat douăzeci de minute: funcționează.",
        ("IGN-10", "SNS-NTC"),
    ),
    "maintenance": (
        "Pulizia, filtro nuovo, combustione nei limiti.",
        "Curățare, filtru nou, ardere în limite.",
        ("FLT-01", "GSK-SET"),
    ),
    "cooling": (
        "Ricarica del gas e pulizia dello scarico.",
        "Încărcare cu freon și curățarea scurgerii.",
        ("GAS-R32", "FLT-02"),
    ),
    "leak": (
        "Perdita sul vaso di espansione, sostituito.",
        "Scurgere la vasul de expansiune, înlocuit.",
        ("EXP-08",),
    ),
    "warranty": ("Aggiornato e riconfigurato.", "Actualizat și reconfigurat.", ()),
    "installation": ("Installata, collaudata, cliente istruito.", "Instalată, probată, client instruit.", ("CAL-24C",)),
}
