"""The queue at the terminal: a month's figures, and a day as a sheet."""

from datetime import date, datetime
from pathlib import Path

import click

from core.api import VILLAGE_CODE, AreaCode, commit, find_areas, gettext, record, scope, today

from .desk_days import desk_of
from .listing import tickets_of_day
from .report import Counts, counts_by_day, month_bounds, total
from .sheet import day_sheet


@click.command("report")
@click.argument("village", metavar="DESA", type=VILLAGE_CODE)
@click.option("--month", type=click.DateTime(["%Y-%m"]), help="Bulan, 2026-11; tanpa ini bulan berjalan.")
def report(village: AreaCode, month: datetime | None) -> None:
    """Jumlah antrean sebuah desa per hari dalam sebulan."""
    day = month.date() if month else today("Asia/Jakarta").replace(day=1)
    with scope(village):
        found = counts_by_day(village, *month_bounds(day))
    for each, counts in found.items():
        click.echo(f"{each:%d-%m-%Y}  {_line(counts)}")
    click.echo(gettext("Sebulan: %(counts)s", counts=_line(total(list(found.values())))))


def _line(row: Counts) -> str:
    return gettext(
        "%(tickets)s nomor, %(served)s dilayani, menunggu %(wait)s menit, %(away)s belum terlayani, "
        "%(missed)s tidak datang, %(outside)s permintaan di luar jam buka",
        tickets=row.tickets,
        served=row.served,
        wait="–" if row.mean_wait is None else round(row.mean_wait),
        away=row.turned_away,
        missed=row.no_shows,
        outside=row.out_of_hours,
    )


@click.command("day")
@click.argument("village", metavar="DESA", type=VILLAGE_CODE)
@click.argument("day", metavar="HARI", type=click.DateTime(["%Y-%m-%d"]))
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path), required=False)
def day(village: AreaCode, day: datetime, target: Path | None) -> None:
    """Antrean satu hari sebagai berkas Excel, tanpa nama."""
    on: date = day.date()
    target = target or Path(f"antrean-{village}-{on}.xlsx")
    with scope(village):
        [area] = find_areas([village.id])
        rows = tickets_of_day(village.id, on)
        target.write_bytes(day_sheet(area, desk_of(village.id), rows).getvalue())
        record("queue.day_downloaded", "queue_day", on.isoformat(), tickets=len(rows))
        commit()
    click.echo(gettext("%(n)s nomor di %(file)s", n=len(rows), file=str(target)))
