"""At the terminal: the figures of any area, the same as a sheet, and messages that failed sent anew."""

from datetime import date, datetime
from pathlib import Path

import click

from core.api import AREA_CODE, AreaCode, commit, find_areas, gettext, record, scope, today

from .counting import months_back
from .delivering import redo
from .delivery_log import failed_in
from .rates import MONTHS, Counts, Rates, rates_of
from .sheet import rates_sheet

ZONE = "Asia/Jakarta"
NATION = AreaCode.from_id(0)


def _found(area: AreaCode, month: datetime | None) -> Rates:
    last = month.date().replace(day=1) if month else today(ZONE).replace(day=1)
    first: date = last if month else months_back(last, MONTHS)
    return rates_of(area, first, last)


_MONTH = click.option("--month", type=click.DateTime(["%Y-%m"]), help="Bulan, misalnya 2026-11; tanpa ini setahun.")


@click.command("rates")
@click.argument("area", metavar="WILAYAH", type=AREA_CODE)
@_MONTH
def rates(area: AreaCode, month: datetime | None) -> None:
    """Bagian yang selesai di desa dan rujukan yang dijawab, tiap desa sebuah wilayah, dari hitungan tadi malam."""
    with scope(area):
        found = _found(area, month)
    for line in found.villages:
        click.echo(f"{line.code}  {_line(line.counts)}")
    if found.newest is None:
        click.echo(gettext("Belum dihitung: angkanya dibuat tiap malam."))
    click.echo(gettext("%(n)s desa: %(line)s", n=len(found.villages), line=_line(found.total)))


def _line(counts: Counts) -> str:
    return gettext(
        "%(local)s dari %(closed)s kasus selesai di desa (%(local_rate)s), "
        "%(answered)s dari %(sent)s rujukan dijawab (%(answer_rate)s), %(overdue)s lewat tenggat",
        local=counts.local,
        closed=counts.closed,
        local_rate=counts.local_rate.shown,
        answered=counts.answered,
        sent=counts.sent,
        answer_rate=counts.answer_rate.shown,
        overdue=counts.overdue,
    )


@click.command("sheet")
@click.argument("area", metavar="WILAYAH", type=AREA_CODE)
@click.argument("target", metavar="BERKAS", type=click.Path(dir_okay=False, path_type=Path))
@_MONTH
def sheet(area: AreaCode, target: Path, month: datetime | None) -> None:
    """Angka yang sama sebagai berkas Excel: tiap bulan, bidang, kecamatan, dan desa."""
    with scope(area):
        found = _found(area, month)
        target.write_bytes(rates_sheet(found).getvalue())
        record("slrt.rates_downloaded", "slrt_rates", str(area), villages=len(found.villages))
        commit()
    click.echo(gettext("%(n)s desa", n=len(found.villages)))


@click.command("deliver")
@click.argument("area", metavar="[WILAYAH]", type=AREA_CODE, required=False)
def deliver(area: AreaCode | None) -> None:
    """Mengirim lagi pemberitahuan ke sistem luar yang gagal, di sebuah wilayah atau di mana pun."""
    with scope(area or NATION):
        failed = failed_in(area or NATION)
    again = 0
    for village_id, delivery_id in failed:
        with scope(AreaCode.from_id(village_id)):
            village = next(iter(find_areas([village_id])), None)
            if village is not None and redo(village, delivery_id) is not None:
                again += 1
            commit()
    click.echo(gettext("%(n)s pemberitahuan dikirim lagi", n=again))
