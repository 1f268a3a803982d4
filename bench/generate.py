"""How fast is a company of any size written? --tickets, --customers, --technicians; a million tickets when left out."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.support import data, installation, measure

SIZES = {"smoke": data.Size(5_000, 1_000, 20, 500), "full": data.Size(1_000_000, 100_000, 200)}


def main() -> None:
    """Fill a scratch database and count what stands in it."""
    number = {"type": int, "default": None}
    options = measure.arguments(__doc__ or "", **{"--tickets": number, "--customers": number, "--technicians": number})
    usual = SIZES[options.size]
    size = data.Size(
        usual.tickets if options.tickets is None else options.tickets,
        usual.customers if options.customers is None else options.customers,
        usual.technicians if options.technicians is None else options.technicians,
        usual.week_appointments,
    )
    if min(size.tickets, size.customers, size.technicians) < 1:
        sys.exit("at least one ticket, one customer and one technician")
    with installation.database() as url:
        made = data.fill(url, size)
        problems = data.problems(url, size)
        found = data.counts(url)
    problems += [
        f"{each.table}: {each.rows} written, {found[each.table] - each.before} there"
        for each in made.loaded
        if found[each.table] != each.before + each.rows
    ]
    report(made, problems, options)


def report(made: data.Made, problems: list[str], options) -> None:
    """Rows, seconds and rows a second of each table."""
    measure.table(
        ["table", "rows", "seconds", "a second"],
        [[each.table, each.rows, each.seconds, round(each.rows / each.seconds)] for each in made.loaded],
    )
    rows, seconds = sum(each.rows for each in made.loaded), sum(each.seconds for each in made.loaded)
    print(f"{rows:,} rows in {seconds:,.1f} s, {rows / seconds:,.0f} a second")
    figures = {"rows": rows, "seconds": seconds, "rows_per_second": rows / seconds}
    figures |= {each.table: round(each.rows / each.seconds) for each in made.loaded}
    measure.finish(options, figures, problems)


if __name__ == "__main__":
    main()
