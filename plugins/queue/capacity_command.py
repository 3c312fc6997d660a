"""The desk's capacity at the terminal: the record of a period, and what a change would do."""

from datetime import date, datetime

import click

from core.api import VILLAGE_CODE, AreaCode, find_areas, gettext, scope, today

from . import capacity_texts as texts
from .capacity_figures import LONGEST_PERIOD, Capacity, capacity_of
from .capacity_forms import LONGEST_VISIT, MOST_ARRIVALS, MOST_COUNTERS
from .capacity_plans import Assumptions, Changes, NotEnough, compare

DAY = click.DateTime(["%Y-%m-%d"])
MINUTES = click.FloatRange(0.5, LONGEST_VISIT)
PERCENT = click.IntRange(0, 100)


@click.command("capacity")
@click.argument("village", metavar="DESA", type=VILLAGE_CODE)
@click.option("--from", "first", type=DAY, required=True, help="Hari pertama, 2026-10-01.")
@click.option("--to", "last", type=DAY, required=True, help="Hari terakhir.")
@click.option("--extra-days", type=click.IntRange(0, 6), default=0, help="Hari buka tambahan seminggu.")
@click.option("--extra-counters", type=click.IntRange(0, 10), default=0, help="Petugas tambahan.")
@click.option("--booked", type=PERCENT, help="Persen warga yang membuat janji.")
@click.option("--ready", type=PERCENT, default=0, help="Persen warga lagi yang berkasnya dicek dulu.")
@click.option("--arrivals", type=click.IntRange(1, MOST_ARRIVALS), help="Asumsi: warga sehari buka.")
@click.option("--minutes", type=MINUTES, help="Asumsi: menit di loket.")
@click.option("--hours", type=click.FloatRange(0.5, 24), help="Asumsi: jam buka sehari.")
@click.option("--counters", type=click.IntRange(1, MOST_COUNTERS), help="Asumsi: loket yang melayani.")
@click.option("--days", type=click.IntRange(1, 7), help="Asumsi: hari buka seminggu.")
@click.option("--ready-minutes", type=MINUTES, help="Asumsi: menit di loket bila berkas lengkap.")
def capacity(
    *,
    village: AreaCode,
    first: datetime,
    last: datetime,
    extra_days: int,
    extra_counters: int,
    booked: int | None,
    ready: int,
    **typed: float | None,
) -> None:
    """Beban, waktu menunggu, dan apa jadinya bila ada hari, petugas, janji, atau cek berkas lagi."""
    with scope(village):
        [area] = find_areas([village.id])
        found = capacity_of(area, *_period(first.date(), last.date(), today(area.timezone)))
    _print_record(found)
    changes = Changes(extra_days, extra_counters, None if booked is None else booked / 100, ready / 100)
    assumptions = Assumptions(**typed)  # pyright: ignore[reportArgumentType] - click has checked each
    if changes.none and not assumptions.typed:
        return
    try:
        comparison = compare(found, assumptions, changes)
    except NotEnough as problem:
        options = ", ".join("--" + name.replace("_", "-") for name in problem.names)
        raise click.ClickException(
            gettext("Catatan belum cukup. Isi perkiraan: %(options)s", options=options)
        ) from None
    click.echo()
    for what, value, whence in texts.basis_lines(found, comparison):
        click.echo(f"{what:<42} {value:>10}  ({whence})")
    click.echo()
    click.echo(f"{'':<42} {gettext('Sekarang'):>16} {gettext('Dengan perubahan'):>18}")
    for line in texts.comparison_lines(comparison):
        click.echo(f"{line.title:<42} {line.now:>16} {line.then:>18}")
    click.echo(texts.summary(comparison))


def _period(first: date, last: date, on: date) -> tuple[date, date]:
    if not first <= last <= on or (last - first).days >= LONGEST_PERIOD:
        told = gettext("Periodenya satu sampai %(n)s hari, paling akhir hari ini.", n=LONGEST_PERIOD)
        raise click.BadParameter(told, param_hint="--from, --to")
    return first, last


def _print_record(found: Capacity) -> None:
    for day, figures in found.days.items():
        click.echo(f"{day:%d-%m-%Y}  {_line(figures)}")
    click.echo(f"{texts.period_words(found)}: {_line(found.total)}")


def _line(figures: texts.DayFigures) -> str:
    waits = figures.waits
    return gettext(
        "%(came)s datang, %(served)s dilayani, menunggu %(mean)s/%(median)s/%(p90)s menit (rata-rata/median/p90), "
        "%(minutes)s menit di loket, beban %(load)s, %(away)s belum terlayani, %(missed)s tidak datang",
        came=figures.arrivals,
        served=figures.served,
        mean=texts.told(waits.mean),
        median=texts.told(waits.median),
        p90=texts.told(waits.p90),
        minutes=texts.told(figures.minutes),
        load=texts.percent(figures.load),
        away=figures.turned_away,
        missed=figures.no_shows,
    )
