"""Checking chains: whether anything was changed, removed or put in after it was written."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from enum import Enum
from itertools import groupby
from operator import attrgetter

from flask_babel import gettext as _
from sqlalchemy import BigInteger, Text, cast, literal, select, true

from core.areas.models import Area
from core.database.session import Interval, db

from .chain import GENESIS, Draft, Head, code_of, digest
from .models import AuditEntry
from .recording import NO_AREA

ROWS_AT_A_TIME = 2000

# All of a draft but its detail, which is checked as the text that it is.
_DRAFT = tuple(field.name for field in fields(Draft) if field.name != "detail")


class FaultKind(Enum):
    MISSING = "missing"
    CHANGED = "changed"
    UNLINKED = "unlinked"
    REPLACED = "replaced"
    CUT = "cut"


@dataclass(frozen=True)
class Fault:
    """The first entry of a chain that is not as it was written."""

    area_id: int
    seq: int
    kind: FaultKind

    @property
    def area(self) -> str:
        return code_of(self.area_id)

    def __str__(self) -> str:
        texts = {
            FaultKind.MISSING: _("catatan nomor %(n)s tidak ada lagi", n=self.seq),
            FaultKind.CHANGED: _("catatan nomor %(n)s diubah setelah ditulis", n=self.seq),
            FaultKind.UNLINKED: _("catatan nomor %(n)s tidak menyambung dengan catatan sebelumnya", n=self.seq),
            FaultKind.REPLACED: _("catatan nomor %(n)s berbeda dengan yang pernah dicatat di luar", n=self.seq),
            FaultKind.CUT: _("rantai terpotong: catatan nomor %(n)s pernah ada", n=self.seq),
        }
        return texts[self.kind]


@dataclass(frozen=True)
class Report:
    """What a check found: the first fault of each broken chain, in the order of the areas."""

    chains: int
    entries: int
    faults: tuple[Fault, ...]

    @property
    def intact(self) -> bool:
        return not self.faults


@dataclass(frozen=True, slots=True)
class _Stored:
    area_id: int
    seq: int
    draft: Draft
    prev_hash: bytes
    hash: bytes


def verify(area: Interval, noted: Iterable[Head] = ()) -> Report:
    """Check every chain of an area and of all below it, in one pass and without keeping it in memory.

    Args:
        area: the scope at hand, or a part of it. The nation's (``AreaCode.from_id(0)``) includes chain 0.
        noted: heads that were written down outside of the database (:func:`heads`). Only they can tell that the end of
            a chain was cut off, or that somebody recomputed it.
    """
    expected: dict[int, dict[int, bytes]] = {}
    for head in noted:
        if area.id <= head.area_id <= area.hi:
            expected.setdefault(head.area_id, {})[head.seq] = head.hash
    chains, entries, faults = 0, 0, []
    for area_id, rows in groupby(_stored(area), key=attrgetter("area_id")):
        count, fault = _check(area_id, rows, expected.pop(area_id, {}))
        chains, entries = chains + 1, entries + count
        faults += [fault] if fault else []
    gone = [Fault(area_id, min(seqs), FaultKind.CUT) for area_id, seqs in expected.items()]
    return Report(chains, entries, tuple(sorted([*faults, *gone], key=attrgetter("area_id"))))


def _check(area_id: int, rows: Iterable[_Stored], expected: dict[int, bytes]) -> tuple[int, Fault | None]:
    """How many entries a chain has, and its first fault."""
    count, seq, hash_before = 0, 0, GENESIS
    fault: Fault | None = None
    for row in rows:
        count += 1
        if fault is None and (kind := _fault_of(row, seq, hash_before, expected)):
            fault = Fault(area_id, seq + 1 if kind is FaultKind.MISSING else row.seq, kind)
        seq, hash_before = row.seq, row.hash
    cut = [n for n in expected if n > seq]
    return count, fault or (Fault(area_id, min(cut), FaultKind.CUT) if cut else None)


def _fault_of(row: _Stored, seq_before: int, hash_before: bytes, expected: dict[int, bytes]) -> FaultKind | None:
    if row.seq > seq_before + 1:
        return FaultKind.MISSING
    if digest(row.draft, row.seq, row.prev_hash) != row.hash:
        return FaultKind.CHANGED
    if row.prev_hash != hash_before or row.seq != seq_before + 1:
        return FaultKind.UNLINKED
    return FaultKind.REPLACED if expected.get(row.seq, row.hash) != row.hash else None


def _stored(area: Interval) -> Iterator[_Stored]:
    columns = [getattr(AuditEntry, name) for name in (*_DRAFT, "seq", "prev_hash", "hash")]
    rows = db.session.execute(
        select(*columns, cast(AuditEntry.detail, Text).label("text"))
        .where(AuditEntry.area_id.between(area.id, area.hi))
        .order_by(AuditEntry.area_id, AuditEntry.seq),
        execution_options={"yield_per": ROWS_AT_A_TIME},
    )
    for row in rows:
        draft = Draft(*row[: len(_DRAFT)], detail=row.text)
        yield _Stored(row.area_id, row.seq, draft, row.prev_hash, row.hash)


def heads(area: Interval) -> list[Head]:
    """The last entry of every chain in an area, to be noted outside: on paper, in a mail, in another system."""
    areas = select(Area.id).where(Area.id.between(area.id, area.hi))
    if area.id == NO_AREA:
        areas = areas.union_all(select(literal(NO_AREA, BigInteger)))
    ids = areas.subquery()
    last = (
        select(AuditEntry.seq, AuditEntry.hash)
        .where(AuditEntry.area_id == ids.c.id)
        .order_by(AuditEntry.seq.desc())
        .limit(1)
        .lateral()
    )
    rows = db.session.execute(select(ids.c.id, last.c.seq, last.c.hash).join(last, true()).order_by(ids.c.id))
    return [Head(*row) for row in rows]
