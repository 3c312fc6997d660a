"""A family that leaves a decree before its end, and the reserve that takes its place. The caller commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from core.api import (
    Answer,
    Area,
    Case,
    CaseError,
    MeetingCandidate,
    Person,
    Text,
    db,
    gettext,
    month_name,
    record,
    take_step,
    today,
)
from core.api import lazy_gettext as _

from .decree import enlist
from .models import Decree, Recipient
from .payments import line_of
from .services import aid

WHY: Mapping[str, Text] = {
    "died": _("Meninggal, tidak ada keluarga lain"),
    "moved": _("Pindah dari desa"),
    "ineligible": _("Tidak memenuhi syarat lagi"),
    "withdrew": _("Mengundurkan diri"),
    "other": _("Sebab lain"),
}


@dataclass(frozen=True)
class Leaving:
    """Why a family is paid no longer. ``last_month`` is the last that it still gets; one before its first: none."""

    why: str
    note: str
    last_month: int


def reserves(decree: Decree) -> Sequence[MeetingCandidate]:
    """Families on the reserve list of the decree's meeting that still wait, by rank."""
    return db.session.scalars(
        select(MeetingCandidate)
        .join(Case, (Case.village_id == MeetingCandidate.village_id) & (Case.id == MeetingCandidate.case_id))
        .where(
            MeetingCandidate.village_id == decree.village_id,
            MeetingCandidate.meeting_id == decree.meeting_id,
            MeetingCandidate.decision == "reserve",
            Case.service == aid.name,
            Case.state == "reserve",
        )
        .order_by(MeetingCandidate.rank, MeetingCandidate.id)
        .options(joinedload(MeetingCandidate.case).joinedload(Case.person).joinedload(Person.household))
    ).all()


def leave(
    area: Area, recipient: Recipient, leaving: Leaving, reserve_id: UUID | None, permissions: frozenset[str]
) -> Recipient | None:
    """Stop paying a family, and let one from the reserve list follow for the months that remain. The follower, if any.

    Raises:
        CaseError: it left before, was paid for later months, the reserve is gone, or no months remain for it.
    """
    if recipient.state != "active":
        raise CaseError(gettext("Keluarga ini sudah berhenti."))
    later = [month for month in line_of(recipient).paid if month > leaving.last_month]
    if later:
        raise CaseError(gettext("Sudah dibayar untuk %(month)s. Batalkan dulu.", month=month_name(max(later))))
    decree = recipient.decree
    recipient.state, recipient.left_on = "left", today(area.timezone)
    recipient.left_why, recipient.left_note, recipient.last_month = leaving.why, leaving.note, leaving.last_month
    db.session.flush()
    note = ". ".join(part for part in (str(WHY.get(leaving.why, leaving.why)), leaving.note) if part)
    take_step(area, recipient.case, aid, "stop", permissions, Answer(note=note))
    record("blt_desa.family_left", "recipient", recipient.id, why=leaving.why)
    return _follow(area, decree, recipient, reserve_id, permissions) if reserve_id else None


def _follow(
    area: Area, decree: Decree, recipient: Recipient, reserve_id: UUID, permissions: frozenset[str]
) -> Recipient:
    candidate = next((c for c in reserves(decree) if c.id == reserve_id), None)
    if candidate is None:
        raise CaseError(gettext("Keluarga cadangan itu tidak tersedia lagi. Pilih yang lain."))
    if recipient.last_month >= decree.last_month:
        raise CaseError(gettext("Tidak ada bulan yang tersisa untuk penggantinya."))
    follower = enlist(decree, candidate.case_id, candidate.case.household_id, recipient.rank, recipient.last_month + 1)
    follower.replaces_id = recipient.id
    db.session.flush()
    note = gettext("Menggantikan keluarga %(name)s", name=recipient.case.person.name)
    take_step(area, candidate.case, aid, "promote", permissions, Answer(note=note))
    record("blt_desa.family_follows", "recipient", follower.id)
    return follower


def undo_leaving(area: Area, recipient: Recipient, permissions: frozenset[str]) -> None:
    """The family is paid on, as if it had not left.

    Raises:
        CaseError: it did not leave, or another has taken its place.
    """
    if recipient.state != "left":
        raise CaseError(gettext("Keluarga ini tidak berhenti."))
    if followed(recipient):
        raise CaseError(gettext("Tempatnya sudah diisi keluarga cadangan."))
    recipient.state, recipient.left_on, recipient.left_why, recipient.left_note = "active", None, "", ""
    recipient.last_month = recipient.decree.last_month
    db.session.flush()
    if recipient.case.state == "stopped":
        note = gettext("Pemberhentian diurungkan")
        take_step(area, recipient.case, aid, "resume", permissions, Answer(note=note))
    record("blt_desa.leaving_undone", "recipient", recipient.id)


def followed(recipient: Recipient) -> bool:
    another = exists().where(
        Recipient.village_id == recipient.village_id,
        Recipient.replaces_id == recipient.id,
        Recipient.state != "void",
    )
    return bool(db.session.scalar(select(another)))
