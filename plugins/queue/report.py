"""Figures of a village's month: sums and counts, and never a name. Waiting is from the arrival to the first call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Float, cast, extract, func, select

from core.api import Area, AreaCode, Figure, MeetingPoint, ReportSection, db, settings_of
from core.api import lazy_gettext as _

from .capacity_figures import capacity_of
from .models import QueueBooking, QueueRequest, QueueTicket, QueueTurnedAway
from .settings import QueueSettings


@dataclass(frozen=True)
class Counts:
    """``waited``: minutes from the arrival to the first call, of the ``called`` numbers that were called;
    ``served`` with ``minutes`` at the counter. ``turned_away`` are people: without a number, or still waiting at the
    end. ``no_shows``: numbers that did not answer, and bookings nobody came for."""

    tickets: int = 0
    booked: int = 0
    called: int = 0
    waited: float = 0
    served: int = 0
    timed: int = 0
    minutes: float = 0
    turned_away: int = 0
    no_shows: int = 0
    out_of_hours: int = 0
    ready: int = 0
    with_case: int = 0

    @property
    def mean_wait(self) -> float | None:
        return self.waited / self.called if self.called else None

    @property
    def mean_service(self) -> float | None:
        return self.minutes / self.timed if self.timed else None


def month_bounds(month: date) -> tuple[date, date]:
    """The first and the last day."""
    return month, (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def counts_by_day(area: AreaCode | Area, first: date, last: date) -> dict[date, Counts]:
    """Of the days on which something was, in four queries."""
    return dict(sorted(_counts(area, first, last, lambda table: table.day).items()))


def counts_by_village(area: AreaCode | Area, first: date, last: date) -> dict[int, Counts]:
    """Of all villages of an area that the scope covers and in which something was, in four queries."""
    return dict(sorted(_counts(area, first, last, lambda table: table.village_id).items()))


def total(counts: Sequence[Counts]) -> Counts:
    names = Counts.__dataclass_fields__
    return Counts(**{name: sum(getattr(each, name) for each in counts) for name in names})


def sections(area: Area, month: date) -> list[ReportSection]:
    """The queue's part of the monthly report; a point for the meeting when many were turned away."""
    first, last = month_bounds(month)
    all_of_it = total(list(counts_by_day(area, first, last).values()))
    figures = [
        Figure(key="queue.tickets", title=_("Nomor antrean diberikan"), amount=all_of_it.tickets),
        Figure(
            key="queue.wait",
            title=_("Menunggu sampai dipanggil"),
            amount=all_of_it.waited,
            of=all_of_it.called,
            unit="minutes",
        ),
        Figure(key="queue.turned_away", title=_("Warga belum terlayani"), amount=all_of_it.turned_away),
        Figure(key="queue.no_shows", title=_("Tidak datang"), amount=all_of_it.no_shows),
        Figure(key="queue.out_of_hours", title=_("Permintaan di luar jam buka"), amount=all_of_it.out_of_hours),
    ]
    desk = capacity_of(area, first, last).total
    if desk.load is not None:
        # Work and staffed minutes add up, so that the load of a district is as exact as a village's.
        work = desk.load * desk.staffed
        figures.append(Figure(key="queue.load", title=_("Beban meja (ρ)"), amount=work, of=desk.staffed, unit="share"))
    points = []
    if all_of_it.turned_away >= settings_of(area, QueueSettings).many_turned_away:
        points.append(
            MeetingPoint(
                title=_("Banyak warga belum terlayani"),
                text=_("%(n)s warga pulang tanpa dilayani bulan itu.", n=all_of_it.turned_away),
                endpoint="queue.report",
                values={"month": f"{month:%Y-%m}"},
            )
        )
    return [ReportSection(name="queue", title=_("Antrean"), figures=figures, points=points)]


def _counts(area: AreaCode | Area, first: date, last: date, key: Any) -> dict[Any, Counts]:
    found: dict[Any, dict[str, Any]] = {}
    for table, parts in _parts().items():
        columns = [value.label(name) for name, value in parts.items()]
        rows = db.session.execute(
            select(key(table).label("key"), *columns)
            .where(table.village_id.between(area.id, area.hi), table.day.between(first, last))
            .group_by(key(table))
        ).mappings()
        for row in rows:
            mine = found.setdefault(row["key"], {})
            for name in parts:
                mine[name] = mine.get(name, 0) + (row[name] or 0)
    return {each: Counts(**values) for each, values in found.items() if any(values.values())}


def _parts() -> Mapping[Any, Mapping[str, ColumnElement[Any]]]:
    """What is counted in each table; the same name from two tables is added up."""
    ticket, state = QueueTicket, QueueTicket.state
    waited = extract("epoch", ticket.called_at - ticket.arrived_at) / 60
    served = extract("epoch", ticket.finished_at - ticket.started_at) / 60
    timed = (state == "done") & ticket.finished_at.is_not(None) & ticket.started_at.is_not(None)
    return {
        QueueTicket: {
            "tickets": func.count(),
            "booked": func.count().filter(ticket.origin != "walk_in"),
            "called": func.count(ticket.called_at),
            "waited": func.sum(cast(waited, Float)),
            "served": func.count().filter(state == "done"),
            "timed": func.count().filter(timed),
            "minutes": func.sum(cast(served, Float)).filter(timed),
            "turned_away": func.count().filter(state == "turned_away"),
            "no_shows": func.count().filter(state == "no_show"),
            "ready": func.count().filter(ticket.papers_ready.is_(True)),
            "with_case": func.count(ticket.papers_ready),
        },
        QueueTurnedAway: {"turned_away": func.sum(QueueTurnedAway.people)},
        QueueBooking: {"no_shows": func.count().filter(QueueBooking.state == "no_show")},
        QueueRequest: {"out_of_hours": func.count().filter(QueueRequest.outside)},
    }
