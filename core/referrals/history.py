"""The trace of each step: in the history that both sides see, in the case's timeline, and in the audit."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from core.actor import current_actor
from core.areas.code import AreaCode
from core.areas.current import find_area
from core.audit import record
from core.cases.intake import CHANNELS
from core.cases.models import Case
from core.cases.timeline import note_event
from core.database.session import after_commit, db
from core.platform import platform

from .models import Referral, ReferralEvent
from .states import Side


@dataclass(frozen=True)
class HistoryLine:
    """A line in words: what happened, what was written about it, by whom and when."""

    title: str
    note: str
    who: str
    event: ReferralEvent


def note_step(referral: Referral, case: Case, kind: str, side: Side, *, note: str = "", **data: str) -> None:
    """Add a line to all three, in the running transaction.

    All lie in the village. Whoever oversees it, up to the area of the organisation, can read its audit, as their
    interval contains the village's: one entry is enough for both sides.
    """
    actor = current_actor.get()
    db.session.add(
        ReferralEvent(
            village_id=referral.village_id,
            referral_id=referral.id,
            kind=kind,
            side=side,
            by=actor.user_id,
            by_name=actor.name,
            note=note,
            data=data,
        )
    )
    note_in_village(referral, case, kind, note=note, **data)
    record(f"referrals.{kind}", "referral", referral.id, organisation=str(referral.organisation_id), **data)
    if kind != "nik_shown":
        _announce(referral)


def _announce(referral: Referral) -> None:
    """Tell the village's plugins once the step is committed."""
    area = find_area(AreaCode.from_id(referral.village_id))
    if area is None:
        return
    hooks = platform().hooks_for(area.enabled)

    def tell() -> None:
        hooks.emit("referral_changed", referral=referral)

    after_commit(tell)


def note_in_village(referral: Referral, case: Case, kind: str, *, note: str = "", **data: str) -> None:
    """A line in the case's timeline alone: what happens before the first sending is nobody else's business."""
    name = referral.organisation.name
    note_event(case, f"referral_{kind}", note=note, referral=str(referral.id), to=name, **data)


def history_of(village_id: int, referral: Referral) -> list[HistoryLine]:
    """Newest first."""
    events: Sequence[ReferralEvent] = db.session.scalars(
        select(ReferralEvent)
        .where(ReferralEvent.village_id == village_id, ReferralEvent.referral_id == referral.id)
        .order_by(ReferralEvent.id.desc())
    ).all()
    return [HistoryLine(describe(event), _note(event), event.by_name, event) for event in events]


def _note(event: ReferralEvent) -> str:
    reference = event.data.get("reference")
    return " ".join(filter(None, (event.note, reference and _("Bukti: %(reference)s.", reference=reference))))


def describe(event: ReferralEvent) -> str:
    """What happened, in words that hold for both sides."""
    data = event.data
    texts = {
        "sent": _("Dikirim"),
        "recalled": _("Ditarik kembali oleh desa"),
        "accepted": _("Diterima"),
        "processing": _("Mulai diproses"),
        "returned": _("Dikembalikan ke desa"),
        "forwarded": _("Diteruskan ke %(name)s", name=data.get("onward", "–")),
        "done": _("Dijawab: selesai"),
        "refused": _("Dijawab: ditolak"),
        "nik_shown": _("NIK lengkap dibuka"),
        "told": _("Warga sudah diberi tahu: %(how)s", how=CHANNELS.get(data.get("how", ""), "–")),
    }
    return texts.get(event.kind, event.kind)
