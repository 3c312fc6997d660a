"""Handing over: once to each, to whom, by whom, with a photo; taken back with a reason, and never forgotten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from core.api import Area, CaseError, Person, Text, db, gettext, keep_photo, long_date, now, record, today
from core.api import lazy_gettext as _

from .distributions import closed_already
from .models import AidDistribution, AidHandover, AidRecipient

RELATIONS: Mapping[str, Text] = {
    "self": _("Penerima sendiri"),
    "family": _("Salah satu anggota keluarga"),
    "neighbour": _("Tetangga atau kerabat"),
    "official": _("Ketua RT/RW, kader, atau pendamping"),
}


@dataclass(frozen=True)
class HandoverInput:
    """``photo`` is a stream, read once; None where none was taken."""

    handed_on: date
    handed_by: str
    relation: str = "self"
    received_by: str = ""
    reason: str = ""
    photo: BinaryIO | None = None


class AlreadyHanded(Exception):
    """Somebody else was quicker: ``handover`` is what holds."""

    def __init__(self, handover: AidHandover) -> None:
        super().__init__(handover.id)
        self.handover = handover

    def __str__(self) -> str:
        held = self.handover
        return gettext(
            "Sudah diserahkan %(who)s pada %(day)s kepada %(to)s. Yang Anda isi tidak disimpan.",
            who=held.handed_by,
            day=long_date(held.handed_on),
            to=held.received_by,
        )


def hand_over(area: Area, recipient_id: UUID, data: HandoverInput, by: UUID | None) -> AidHandover:
    """Write down that a recipient's aid was taken. The caller commits.

    Raises:
        AlreadyHanded: somebody else has handed it over.
        CaseError: closed, struck off, a day that has not come, or somebody else came and nobody says who and why.
        FileRefused: the photo is none.
    """
    recipient = _held(area.id, recipient_id)
    earlier = handovers_of(recipient)
    if holding := next((handover for handover in earlier if handover.holds), None):
        raise AlreadyHanded(holding)
    _refuse_wrong(area, recipient, data)
    itself = data.relation == "self"
    photo = keep_photo(area, data.photo) if data.photo else None
    made = AidHandover(
        village_id=area.id,
        recipient_id=recipient.id,
        serial=len(earlier) + 1,
        handed_on=data.handed_on,
        handed_by=data.handed_by,
        received_by=recipient.person.name[:80] if itself else data.received_by,
        relation=data.relation,
        reason="" if itself else data.reason,
        sha256=photo.sha256 if photo else None,
        media_type=photo.media_type if photo else "",
        created_by=by,
    )
    db.session.add(made)
    recipient.fetched = True
    db.session.flush()
    record("bansos.handed_over", "handover", made.id, number=recipient.number, photo=photo is not None)
    return made


def _refuse_wrong(area: Area, recipient: AidRecipient, data: HandoverInput) -> None:
    if recipient.struck_on is not None:
        raise CaseError(gettext("Penerima ini dicoret: %(reason)s", reason=recipient.struck_reason))
    if data.handed_on > today(area.timezone):
        raise CaseError(gettext("Tanggal penyerahan belum tiba: %(date)s.", date=long_date(data.handed_on)))
    if data.relation != "self" and not (data.received_by and data.reason):
        raise CaseError(gettext("Tulis nama yang mengambil dan mengapa bukan penerimanya sendiri."))


def undo(handover: AidHandover, reason: str, by: UUID | None) -> None:
    """It does not count any more and stays to be seen. The caller commits.

    Raises:
        CaseError: undone before, or the distribution is closed.
    """
    recipient = _held(handover.village_id, handover.recipient_id)
    db.session.refresh(handover)
    if not handover.holds:
        raise CaseError(gettext("Penyerahan ini sudah dibatalkan."))
    handover.undone_at, handover.undone_by, handover.undone_reason = now(), by, reason
    recipient.fetched = False
    db.session.flush()
    record("bansos.handover_undone", "handover", handover.id, number=recipient.number)


def _held(village_id: int, recipient_id: UUID) -> AidRecipient:
    """Locked, so that of two clerks one waits and then sees what the other did. Raises: CaseError: closed or gone.

    The distribution is held first, as everything that changes a list holds it, but shared: two clerks at two
    recipients do not wait for each other.
    """
    this = (AidRecipient.village_id == village_id, AidRecipient.id == recipient_id)
    distribution_id = db.session.scalar(select(AidRecipient.distribution_id).where(*this))
    is_open = distribution_id and db.session.scalar(
        select(AidDistribution.closed_at.is_(None))
        .where(AidDistribution.village_id == village_id, AidDistribution.id == distribution_id)
        .with_for_update(read=True)
    )
    found = db.session.scalar(
        select(AidRecipient)
        .where(*this)
        .options(joinedload(AidRecipient.person))
        .with_for_update(of=AidRecipient)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise CaseError(gettext("Penerima ini tidak ada lagi di daftar."))
    if not is_open:
        raise CaseError(closed_already())
    return found


def handovers_of(recipient: AidRecipient) -> Sequence[AidHandover]:
    """All of one, undone ones too, the latest first."""
    return db.session.scalars(
        select(AidHandover)
        .where(AidHandover.village_id == recipient.village_id, AidHandover.recipient_id == recipient.id)
        .order_by(AidHandover.serial.desc())
        .execution_options(populate_existing=True)
    ).all()


def find_handover(village_id: int, handover_id: UUID) -> AidHandover | None:
    """With its recipient, the resident, the household and the distribution, in one query."""
    recipient = joinedload(AidHandover.recipient)
    return db.session.scalar(
        select(AidHandover)
        .where(AidHandover.village_id == village_id, AidHandover.id == handover_id)
        .options(
            recipient.joinedload(AidRecipient.person).joinedload(Person.household),
            recipient.joinedload(AidRecipient.distribution),
        )
    )


def receipt_number(handover: AidHandover) -> str:
    """``BS/2026/3/0017``; the second handover of a recipient, after one that was undone, is ``BS/2026/3/0017-2``."""
    recipient = handover.recipient
    again = f"-{handover.serial}" if handover.serial > 1 else ""
    return f"BS/{recipient.distribution.reference}/{recipient.number:04d}{again}"


def handed_over_today(village_id: int, day: date) -> int:
    """How many have fetched something on a day."""
    holds = (AidHandover.village_id == village_id, AidHandover.handed_on == day, AidHandover.undone_at.is_(None))
    return db.session.scalar(select(func.count()).where(*holds)) or 0
