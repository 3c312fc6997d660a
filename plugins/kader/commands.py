"""Field work at the terminal: the month's counts of a village."""

import click

from core.api import VILLAGE_CODE, AreaCode, find_areas, gettext, month_name, scope, today

from .report import Work, month_of, work_of


@click.command("report")
@click.argument("village", metavar="DESA", type=VILLAGE_CODE)
@click.option("--month", help="Bulan, misalnya 2026-11; tanpa ini bulan berjalan.")
def report(village: AreaCode, month: str | None) -> None:
    """Kunjungan, temuan, dan pemeriksaan berkas tiap kader sebuah desa, tanpa nama warga."""
    with scope(village):
        area = next(iter(find_areas([village.id])), None)
        if area is None:
            raise click.BadParameter(gettext("Desa itu belum ada di sini."), param_hint="DESA")
        day = today(area.timezone)
        first = month_of(month, day)
        if month and month != f"{first:%Y-%m}":
            raise click.BadParameter(gettext("Tulis bulan yang sudah tiba seperti 2026-11."), param_hint="--month")
        by_name, total = work_of(village, first, area.timezone, day)
    click.echo(f"{month_name(first.month)} {first.year}")
    for name, work in by_name.items():
        click.echo(f"{name:<30}  {_line(work)}")
    click.echo(gettext("%(n)s kader: %(line)s", n=len(by_name), line=_line(total)))


def _line(work: Work) -> str:
    return gettext(
        "%(visits)s kunjungan, %(findings)s temuan (%(on_time)s dari %(due)s dijawab tepat waktu), "
        "%(prechecks)s pemeriksaan berkas",
        visits=work.visits,
        findings=work.findings,
        on_time=work.on_time,
        due=work.due,
        prechecks=work.prechecks,
    )
