"""Aid entered by hand: what the family says, or an official list. The caller commits."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from types import MappingProxyType
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import select

from core.actor import current_actor
from core.audit import record
from core.cases.errors import CaseError
from core.database.session import db
from core.database.versions import current_row
from core.people.models import Person
from core.platform import platform
from core.texts import Text
from core.texts import lazy_gettext as _

from .models import ToldAid
from .received import STATES, AidReceived, AidState

HOOK = "aid_received"
SEEN_BY = "people.read"

SOURCES: Mapping[str, Text] = MappingProxyType(
    {
        "family": _("kata keluarga"),
        "list": _("daftar resmi"),
        "paper": _("surat, kartu, atau buku rekening"),
        "neighbour": _("kata tetangga, RT, atau kader"),
    }
)

# What anybody can tell from outside; an estimate is a module's.
TOLD_STATES = tuple(state for state in STATES if state != "expected")


@dataclass(frozen=True)
class ToldInput:
    """As the columns of :class:`ToldAid`."""

    programme: str
    title: str
    for_family: bool
    state: str
    source: str
    evidence: str
    amount: int | None
    goods: str
    first_day: date | None
    last_day: date | None


def programmes() -> dict[str, Text]:
    """What is installed and knows of aid, by name: also where it is off, since a family may get it all the same."""
    plugins = platform().plugins
    names = plugins.hooks_of_all().listeners(HOOK)
    return {name: plugins.plugins[name].title for name in sorted(names)}


def told_to(village_id: int, people: Collection[UUID]) -> list[AidReceived]:
    """What was entered of these residents; one query."""
    rows = db.session.execute(
        select(ToldAid, Person.household_id)
        .join(Person, (Person.village_id == ToldAid.village_id) & (Person.id == ToldAid.person_id))
        .where(ToldAid.village_id == village_id, ToldAid.person_id.in_(people))
    )
    return [_received(row, household_id if row.for_family else None) for row, household_id in rows]


def _received(row: ToldAid, household_id: UUID | None) -> AidReceived:
    """``household_id``: of the family that it is for; None: it is the resident's own."""
    manifest = platform().plugins.plugins.get(row.programme)
    source = str(SOURCES.get(row.source, row.source))
    state: AidState = row.state if row.state in TOLD_STATES else "received"  # pyright: ignore[reportAssignmentType]
    return AidReceived(
        programme=row.programme,
        title=row.title or (manifest.title if manifest else row.programme) or "–",
        state=state,
        source=f"{source}: {row.evidence}" if row.evidence else source,
        permission=SEEN_BY,
        person_id=None if household_id else row.person_id,
        household_id=household_id,
        amount=row.amount,
        goods=row.goods,
        first_day=row.first_day,
        last_day=row.last_day,
        recorded_at=row.recorded_at,
        endpoint="aid.edit",
        values={"id": row.id},
    )


def find_told(village_id: int, told_id: UUID) -> ToldAid | None:
    return db.session.scalar(select(ToldAid).where(ToldAid.village_id == village_id, ToldAid.id == told_id))


def tell_aid(person: Person, data: ToldInput) -> ToldAid:
    row = ToldAid(
        village_id=person.village_id, person_id=person.id, recorded_by=current_actor.get().user_id, **asdict(data)
    )
    db.session.add(row)
    db.session.flush()
    record("aid.told", "told_aid", row.id)
    return row


def correct_aid(village_id: int, told_id: UUID, version: int, data: ToldInput) -> None:
    """Raises: Stale: somebody else has changed it since. CaseError: it is not there any more."""
    row = _current(village_id, told_id, version)
    changed = sorted(name for name, value in asdict(data).items() if getattr(row, name) != value)
    for name, value in asdict(data).items():
        setattr(row, name, value)
    if changed:
        row.recorded_by = current_actor.get().user_id
        record("aid.corrected", "told_aid", told_id, fields=changed)


def remove_aid(village_id: int, told_id: UUID, version: int) -> None:
    """What was entered by mistake; the audit keeps that it was there.

    Raises:
        Stale: somebody else has changed it since.
        CaseError: it is not there any more.
    """
    db.session.delete(_current(village_id, told_id, version))
    record("aid.removed", "told_aid", told_id)


def _current(village_id: int, told_id: UUID, version: int) -> ToldAid:
    row = current_row(ToldAid, village_id, told_id, version)
    if row is None:
        raise CaseError(gettext("Catatan bantuan ini tidak ada lagi."))
    return row
