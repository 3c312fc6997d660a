"""The survey at the terminal: the index of a village's period, and its sheet."""

from pathlib import Path

import click

from core.api import VILLAGE_CODE, Area, AreaCode, commit, find_areas, gettext, record, scope, service_titles, today

from .periods import Period, last_ended, read_period
from .report import Report, Told, answers_in, report_of
from .sections import comma
from .sheet import sheet
from .words import GRADES, element_title

PERIOD_HELP = "2026-07, 2026-Q3, 2026-S2 atau 2026; tanpa ini triwulan terakhir yang selesai."


@click.command("report")
@click.argument("village", metavar="DESA", type=VILLAGE_CODE)
@click.option("--period", "text", help=PERIOD_HELP)
def report(village: AreaCode, text: str | None) -> None:
    """IKM sebuah desa dalam satu periode, menurut unsur dan layanan, tanpa nama."""
    with scope(village):
        area = _area(village)
        found = report_of(area, _period(text, area), today(area.timezone))
    for line in _lines(found):
        click.echo(line)


@click.command("sheet")
@click.argument("village", metavar="DESA", type=VILLAGE_CODE)
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--period", "text", help=PERIOD_HELP)
def write_sheet(village: AreaCode, target: Path, text: str | None) -> None:
    """Nilai sebuah periode sebagai berkas Excel, tanpa apa pun tentang orangnya."""
    with scope(village):
        area = _area(village)
        period = _period(text, area)
        found = report_of(area, period, today(area.timezone))
        target.write_bytes(sheet(found, answers_in(area.id, period)).getvalue())
        record("feedback.sheet_downloaded", "feedback_survey", period.key, period=period.key)
        commit()
    click.echo(gettext("%(n)s penilai", n=found.n))


def _area(village: AreaCode) -> Area:
    found = find_areas([village.id])
    if not found:
        raise click.ClickException(gettext("Desa %(code)s belum ada di sini.", code=village))
    return found[0]


def _period(text: str | None, area: Area) -> Period:
    if text is None:
        return last_ended("quarter", today(area.timezone))
    found = read_period(text)
    if found is None:
        raise click.BadParameter(gettext("tulis misalnya 2026-07, 2026-Q3, 2026-S2, atau 2026"), param_hint="--period")
    return found


def _lines(found: Report) -> list[str]:
    size = gettext("cukup") if found.enough else gettext("kurang")
    lines = [
        gettext(
            "%(period)s: %(told)s; sampel minimal %(needed)s dari %(population)s kasus selesai: %(size)s",
            period=found.period.title,
            told=_told(Told(found.n, found.result)),
            needed=found.needed,
            population=found.population,
            size=size,
        )
    ]
    if not found.ended:
        return [*lines, gettext("Hasilnya dibuka sesudah periode selesai.")]
    if found.result:
        means = enumerate(found.result.means, start=1)
        lines += [f"  {element_title(number)}: {comma(mean)}" for number, mean in means]
    titles = service_titles()
    return [*lines, *(f"  {titles.get(name, name)}: {_told(told)}" for name, told in found.services.items())]


def _told(told: Told) -> str:
    if told.result is None:
        return gettext("IKM – (%(n)s penilai)", n=told.n)
    grade = told.result.grade
    return gettext(
        "IKM %(index)s, mutu %(grade)s (%(words)s), %(n)s penilai",
        index=comma(told.result.index),
        grade=grade,
        words=GRADES[grade],
        n=told.n,
    )
