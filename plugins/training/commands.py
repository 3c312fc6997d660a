"""Training at the terminal: who is trained in an area, as a sheet, and the villages' copies made anew."""

from pathlib import Path

import click

from core.api import (
    AREA_CODE,
    AreaCode,
    commit,
    enqueue_job,
    find_areas,
    gettext,
    record,
    scope,
    service_titles,
    settings_of,
    today,
    working_in,
)

from .coverage import by_person
from .qualifications import TAKE_OVER
from .rulebook import rule_on
from .settings import TrainingSettings
from .sheet import people_sheet


@click.command("people")
@click.argument("area", metavar="WILAYAH", type=AREA_CODE)
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
def people(area: AreaCode, target: Path) -> None:
    """Siapa cakap untuk layanan apa, sampai kapan, di sebuah kabupaten, kecamatan, atau desa, sebagai berkas Excel."""
    with scope(area):
        [here] = find_areas([area.id])
        titles, day = service_titles(), today(here.timezone)
        services = {name: titles[name] for name in settings_of(area, TrainingSettings).services or () if name in titles}
        rows = by_person(here, services, on=day, warn_days=rule_on(day).warn_days)
        villages = {found.id: found.title for found in find_areas({worker.village_id for worker, _one in rows})}
        target.write_bytes(people_sheet(rows, villages, services).getvalue())
        record("training.people_downloaded", "training_people", here.code, people=len(rows))
        commit()
    click.echo(gettext("%(n)s orang", n=len(rows)))


@click.command("take-over")
@click.argument("area", metavar="WILAYAH", type=AREA_CODE)
def take_over(area: AreaCode) -> None:
    """Menyalin lagi sertifikat ke semua desa di wilayah itu, sebagai pekerjaan latar."""
    with scope(area):
        villages = find_areas({worker.village_id for worker in working_in(area)})
        for village in villages:
            enqueue_job(village, TAKE_OVER)
        commit()
    click.echo(gettext("%(n)s desa", n=len(villages)))
