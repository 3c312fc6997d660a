"""What the monthly report says of training: how many of the village's people may do what the district asks for."""

from datetime import date

from core.api import (
    Area,
    Figure,
    MeetingPoint,
    ReportSection,
    area_today,
    colleagues,
    gettext,
    service_titles,
    settings_of,
)
from core.api import lazy_gettext as _

from .qualifications import of_village, standings
from .rulebook import rule_on
from .settings import TrainingSettings


def sections(area: Area, month: date) -> list[ReportSection]:  # noqa: ARG001 - what somebody may do is as of today
    """Nothing where no service asks for a training. Three queries."""
    titles = service_titles()
    services = [name for name in settings_of(area, TrainingSettings).services or () if name in titles]
    if not services:
        return []
    day = area_today()
    team = [(one.id, one.name) for one in colleagues(area.interval)]
    people = standings(team, of_village(area.id), services, on=day, warn_days=rule_on(day).warn_days)
    complete = sum(1 for person in people if person.is_complete)
    figure = Figure(
        key="training.complete",
        title=_("Petugas terlatih untuk semua layanan wajib"),
        amount=complete,
        of=len(people),
        unit="share",
    )
    counts = Figure(key="training.people", title=_("Petugas di desa"), amount=len(people))
    return [
        ReportSection(
            name="training",
            title=_("Pelatihan"),
            figures=[counts, figure],
            points=_points(len(people) - complete),
        )
    ]


def _points(lacking: int) -> list[MeetingPoint]:
    if not lacking:
        return []
    text = gettext("%(n)s petugas belum terlatih, atau sertifikatnya habis.", n=lacking)
    return [MeetingPoint(title=_("Pelatihan petugas"), text=text, endpoint="training.index")]
