"""A village's figures of a month, made and kept: each night, and whenever the district asks.

Kept are sums, so that hundreds of villages are added up by one query. They are made without any restricted case,
whoever has them made (``restricted_cases_left_out``).
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from core.api import (
    AidReceived,
    Area,
    Case,
    Job,
    ReportSection,
    aid_of_village,
    commit,
    db,
    enqueue_job,
    in_indonesian,
    now,
    report_of,
    restricted_cases_left_out,
    today,
)
from core.api import lazy_gettext as _

from .counting import Counted, Sums, count_month
from .models import MonitoringMonth
from .months import first_of, months_before, months_until
from .rulebook import rule_on

Aid = dict[str, list[Any]]
"""Programme → [title, how many get it, rupiah that were paid or received in the month]."""


def roll_up(area: Area) -> None:
    """The nightly job: this month, the last one, and what is missing since the village's first case. Commits."""
    months = months_to_make(area)
    known = list(aid_of_village(area))
    for month in months:
        make_month(area, month, known)
        commit()


def months_to_make(area: Area) -> list[date]:
    """In order. Of earlier ones only those that were never made: what is settled stays as it was told."""
    this = first_of(today(area.timezone))
    wanted = months_until(this, rule_on(this).shown_months)
    first = db.session.scalar(
        select(Case.opened_at).where(Case.village_id == area.id).order_by(Case.opened_at).limit(1)
    )
    since = first_of(first.astimezone(ZoneInfo(area.timezone)).date()) if first else this
    made = set(db.session.scalars(select(MonitoringMonth.month).where(MonitoringMonth.village_id == area.id)))
    anew = {this, months_before(this, 1)}
    return [month for month in wanted if month in anew or (month >= since and month not in made)]


def make_month(area: Area, month: date, known: Sequence[AidReceived]) -> None:
    """Count a month and keep it, in place of what was kept. The caller commits.

    Args:
        known: the aid of all families of the village: read once, for it is most of the work.
    """
    with restricted_cases_left_out():
        counted, sections = count_month(area, month), sections_of(area, month)
    values = {
        "figures": {**counted.figures, **sums_of(sections)},
        "sections": [_kept_section(section) for section in sections],
        "detail": {**counted.detail, "aid": aid_of_month(known, month)},
        "made_at": now(),
    }
    statement = insert(MonitoringMonth).values(village_id=area.id, month=month, **values)
    db.session.execute(statement.on_conflict_do_update(index_elements=["village_id", "month"], set_=values))


def live_month(area: Area, month: date) -> tuple[Counted, Sequence[ReportSection]]:
    """As a village's page and report have it: counted now, with what the other modules say."""
    with restricted_cases_left_out():
        return count_month(area, month), sections_of(area, month)


@in_indonesian()
def sections_of(area: Area, month: date) -> Sequence[ReportSection]:
    """What the other modules say of the month; kept and sent in Indonesian."""
    return report_of(area, month)


def sums_of(sections: Iterable[ReportSection]) -> Sums:
    return {figure.key: [figure.amount, figure.of] for section in sections for figure in section.figures}


def _kept_section(section: ReportSection) -> dict[str, Any]:
    return {
        "name": section.name,
        "title": str(section.title),
        "failed": section.failed,
        "figures": [[figure.key, str(figure.title), figure.unit] for figure in section.figures],
    }


def aid_of_month(known: Iterable[AidReceived], month: date) -> Aid:
    """By programme: residents and families that get it on some day of the month, and the money that came in it."""
    begin, last = month, months_before(month, -1)
    found: Aid = {}
    seen: set[tuple[str, Any]] = set()
    for aid in known:
        if (
            aid.state == "expected"
            or (aid.first_day and aid.first_day >= last)
            or (aid.last_day and aid.last_day < begin)
        ):
            continue
        key = aid.programme or str(aid.title)
        row = found.setdefault(key, [str(aid.title), 0, 0])
        whose = (key, aid.person_id or aid.household_id)
        if whose not in seen:
            seen.add(whose)
            row[1] += 1
        if aid.state in ("paid", "received") and aid.amount and aid.first_day and aid.first_day >= begin:
            row[2] += aid.amount
    return dict(sorted(found.items()))


ROLL_UP = Job("monitoring.roll_up", _("Menghitung angka bulanan desa"), roll_up, nightly=True)


def ask_for(villages: Iterable[Area]) -> int:
    """Have the figures of these villages made anew, one job each; the caller commits. How many were asked for."""
    asked = 0
    for village in villages:
        enqueue_job(village.interval, ROLL_UP)
        asked += 1
    return asked
