"""What a month of DTSEN was, in counts: proposals, objections, what was keyed and came of it, deciles that moved."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from core.api import Area, Case, db, gettext

from .checks import counts as worklist_counts
from .deciles import spread
from .entries import WHAT
from .models import DecileMove, KeyedEntry
from .services import objection, proposal

MOST_STATUSES = 20


@dataclass(frozen=True)
class Report:
    """Counts of the month that begins on ``first``; the worklist and the deciles are those of today."""

    first: date
    opened: Mapping[str, int]
    granted: Mapping[str, int]
    rejected: Mapping[str, int]
    keyed: Mapping[str, int]
    statuses: Mapping[str, int]
    moved: Mapping[str, int]
    worklist: Mapping[str, int]
    deciles: Mapping[int | None, int]

    def lines(self) -> Iterator[tuple[str, int]]:
        """Each count with what it counts."""
        for service in (proposal, objection):
            title = str(service.title)
            yield gettext("%(service)s: masuk", service=title), self.opened.get(service.name, 0)
            yield gettext("%(service)s: diterima, warga diberi tahu", service=title), self.granted.get(service.name, 0)
            yield gettext("%(service)s: ditolak, warga diberi tahu", service=title), self.rejected.get(service.name, 0)
        for key, title in WHAT.items():
            if key in self.keyed:
                yield gettext("Dimasukkan ke SIKS-NG: %(what)s", what=title), self.keyed[key]
        for status, number in self.statuses.items():
            yield gettext("Status SIKS-NG: %(status)s", status=status or gettext("belum ada")), number
        yield gettext("Keluarga yang desilnya turun"), self.moved["down"]
        yield gettext("Keluarga yang desilnya naik"), self.moved["up"]
        yield gettext("Keluarga yang baru diketahui desilnya"), self.moved["new"]
        yield gettext("Warga dengan NIK tidak padan, hari ini"), self.worklist["unmatched"]
        yield gettext("Warga dengan NIK belum dicek, hari ini"), self.worklist["unchecked"]
        for decile in range(1, 11):
            yield gettext("Keluarga di desil %(n)s, hari ini", n=decile), self.deciles.get(decile, 0)
        yield gettext("Keluarga yang desilnya belum diketahui, hari ini"), self.deciles.get(None, 0)


def report_of(area: Area, first: date) -> Report:
    """Eight queries."""
    zone = ZoneInfo(area.timezone)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    since = datetime.combine(first, time(), zone).astimezone(UTC)
    until = datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC)
    mine = (Case.village_id == area.id, Case.service.in_((proposal.name, objection.name)))

    def count_cases(*where) -> dict[str, int]:
        query = select(Case.service, func.count()).where(*mine, *where).group_by(Case.service)
        return {row[0]: row[1] for row in db.session.execute(query)}

    closed = (Case.closed_at >= since, Case.closed_at < until)
    entries = (KeyedEntry.village_id == area.id, KeyedEntry.keyed_on.between(first, last))
    by_status = (
        select(KeyedEntry.status, func.count())
        .where(*entries)
        .group_by(KeyedEntry.status)
        .order_by(func.count().desc())
    )
    by_what = select(KeyedEntry.what, func.count()).where(*entries).group_by(KeyedEntry.what)
    return Report(
        first,
        count_cases(Case.opened_at >= since, Case.opened_at < until),
        count_cases(*closed, Case.state == "done"),
        count_cases(*closed, Case.state == "refused"),
        {row[0]: row[1] for row in db.session.execute(by_what)},
        {row[0]: row[1] for row in db.session.execute(by_status.limit(MOST_STATUSES))},
        _moved(area.id, since, until),
        worklist_counts(area.id),
        spread(area.id),
    )


def _moved(village_id: int, since: datetime, until: datetime) -> dict[str, int]:
    old, new = DecileMove.old_decile, DecileMove.new_decile
    counted = db.session.execute(
        select(
            func.count().filter(new < old), func.count().filter(new > old), func.count().filter(old.is_(None))
        ).where(
            DecileMove.village_id == village_id,
            DecileMove.moved,
            DecileMove.created_at >= since,
            DecileMove.created_at < until,
        )
    ).one()
    return {"down": counted[0], "up": counted[1], "new": counted[2]}
