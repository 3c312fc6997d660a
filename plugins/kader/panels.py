"""What stands on core's pages: what waits at the desk or at whose door, papers seen at home, a district's figures."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from core.api import (
    Area,
    Case,
    Figure,
    MeetingPoint,
    Person,
    ReportSection,
    Service,
    area_today,
    here,
    may,
    ngettext,
    offered,
    today,
)
from core.api import lazy_gettext as _

from . import finding_lists, prechecks, report
from .rulebook import rule_on
from .words import FINDINGS, STATES


def standing_of(area: Area, user_id: UUID) -> dict[str, Any]:
    """Of a village's first page: one query."""
    standing = finding_lists.standing_of(area.id, user_id, area_today())
    return {"standing": standing, "handles": may("kader.handle")}


def of_person(person: Person) -> dict[str, Any] | None:
    rows = finding_lists.of_person(person)
    return {"rows": rows, "kinds": FINDINGS, "states": STATES, "today": area_today()} if rows else None


def of_case(case: Case) -> dict[str, Any] | None:
    """Who looked at its papers at home, and what was missing: one query."""
    rows = prechecks.of_case(case.village_id, case.id, limit=1)
    if not rows:
        return None
    service = offered(here()).get(case.service)
    return {"check": rows[0], "case": case, "titles": paper_titles(service)}


def paper_titles(service: Service | None) -> dict[str, Any]:
    """By key; nothing of a service whose module is off."""
    return {paper.key: paper.title for paper in (service.requirements if service else ())}


def figures_of(area: Area) -> dict[str, Any] | None:
    """Of a district's or kecamatan's first page: one query."""
    day = area_today()
    days = rule_on(day).overview_days
    first = day - timedelta(days=days)
    by_village = report.work_between(area.interval, first, day + timedelta(days=1), area.timezone, day, by="village")
    if not by_village:
        return None
    return {"work": sum(by_village.values(), report.Work()), "villages": len(by_village), "days": days}


def section_of(area: Area, month: date) -> ReportSection:
    """Two queries."""
    day = today(area.timezone)
    found = report.work_between(area.interval, month, report.next_month(month), area.timezone, day, by="village")
    work = found.get(area.id, report.Work())
    late = report.unanswered(area.id, day, month)
    points = [
        MeetingPoint(
            title=_("Temuan kader belum dijawab"),
            text=ngettext(
                "%(num)s temuan melewati tenggat jawabannya.", "%(num)s temuan melewati tenggat jawabannya.", late
            ),
            endpoint="kader.findings",
            values={"show": "waiting"},
        )
    ]
    return ReportSection(
        name="kader",
        title=_("Kader"),
        figures=[
            Figure(key="kader.visits", title=_("Kunjungan kader"), amount=work.visits),
            Figure(key="kader.findings", title=_("Temuan kader"), amount=work.findings),
            Figure(key="kader.prechecks", title=_("Berkas diperiksa di rumah"), amount=work.prechecks),
            Figure(
                key="kader.on_time",
                title=_("Temuan dijawab tepat waktu"),
                amount=work.on_time,
                of=work.due,
                unit="share",
            ),
        ],
        points=points if late else [],
    )
