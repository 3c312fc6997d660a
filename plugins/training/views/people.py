"""Who may do what until when, for those who oversee villages: by village, and as a sheet by person."""

from flask import render_template, send_file
from flask.typing import ResponseReturnValue

from core.api import area_today, commit, find_areas, here, record, requires, service_titles, settings_of

from ..coverage import by_person, by_village
from ..rulebook import rule_on
from ..settings import TrainingSettings
from ..sheet import people_sheet
from . import wide

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def asked_services() -> dict[str, str]:
    """The services that ask for a training here, by name, with their titles."""
    titles = service_titles()
    return {name: titles[name] for name in settings_of(here(), TrainingSettings).services or () if name in titles}


@wide.get("/people")
@requires("training.oversee")
def people() -> ResponseReturnValue:
    services, day = asked_services(), area_today()
    rows = by_village(here(), services, on=day, warn_days=rule_on(day).warn_days)
    return render_template("training/people.html", rows=rows, services=services)


@wide.get("/people.xlsx")
@requires("training.oversee")
def sheet() -> ResponseReturnValue:
    services, day = asked_services(), area_today()
    rows = by_person(here(), services, on=day, warn_days=rule_on(day).warn_days)
    villages = {area.id: area.title for area in find_areas({worker.village_id for worker, _person in rows})}
    file = people_sheet(rows, villages, services)
    record("training.people_downloaded", "training_people", here().code, people=len(rows))
    commit()
    return send_file(file, mimetype=XLSX, as_attachment=True, download_name=f"kecakapan-petugas-{here().code}.xlsx")
