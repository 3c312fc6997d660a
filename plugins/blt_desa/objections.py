"""Why a step of a case does not fit what the musdes decided, the decree says, or was paid.

They look at what is written down, not at who asks: the meeting's own deeds write first and then take the step. Each
leaves a way out through the case's page alone: to return, cancel or stop a case needs no meeting.
"""

from collections.abc import Callable, Mapping

from sqlalchemy import select

from core.api import Case, Transition, db, gettext, month_name

from .meetings import DECISIONS
from .models import Candidate, Meeting, Recipient
from .payments import find_recipient, line_of


def objection(case: Case, transition: Transition) -> str | None:
    check = CHECKS.get(transition.key)
    return check(case) if check else None


def recipient_of(case: Case) -> Recipient | None:
    """The case's place on a decree that was not revoked, the latest first."""
    found = db.session.scalar(
        select(Recipient.id)
        .where(Recipient.village_id == case.village_id, Recipient.case_id == case.id, Recipient.state != "void")
        .order_by(Recipient.id.desc())
        .limit(1)
    )
    return find_recipient(case.village_id, found) if found else None


def last_hearing(case: Case) -> tuple[Candidate, Meeting] | None:
    """The latest meeting on whose list the case is or was."""
    row = db.session.execute(
        select(Candidate, Meeting)
        .join(Meeting, (Meeting.village_id == Candidate.village_id) & (Meeting.id == Candidate.meeting_id))
        .where(Candidate.village_id == case.village_id, Candidate.case_id == case.id)
        .order_by(Candidate.id.desc())
        .limit(1)
    ).first()
    return (row[0], row[1]) if row else None


def _decided(wanted: str) -> Callable[[Case], str | None]:
    def check(case: Case) -> str | None:
        if case.state != "candidate":
            return None
        heard = last_hearing(case)
        if heard and heard[1].closed_at is not None and heard[0].decision == wanted:
            return None
        return gettext(
            "Musdes belum memutuskan “%(decision)s”. Catat keputusannya di halaman musdes, lalu tutup musdesnya.",
            decision=DECISIONS[wanted],
        )

    return check


def _reopened(case: Case) -> str | None:
    heard = last_hearing(case)
    if heard is None or heard[1].closed_at is None:
        return None
    return gettext("Keputusan musdes ditarik dengan membuka kembali musdesnya.")


def _enlisted(case: Case) -> str | None:
    recipient = recipient_of(case)
    if recipient and recipient.state == "active":
        return None
    return gettext("SK kepala desa yang memuat keluarga ini belum ditandatangani.")


def _struck_out(case: Case) -> str | None:
    return gettext("SK-nya masih berlaku. Cabut dulu SK-nya.") if recipient_of(case) else None


def _paid(case: Case) -> str | None:
    recipient = recipient_of(case)
    unpaid = line_of(recipient).unpaid if recipient else []
    if not unpaid:
        return None
    months = ", ".join(month_name(month) for month in unpaid)
    return gettext("Belum dibayar: %(months)s. Bila keluarga ini berhenti, pilih “Berhentikan bantuan”.", months=months)


def _not_left(case: Case) -> str | None:
    recipient = recipient_of(case)
    if recipient is None or recipient.state != "left":
        return None
    return gettext("Urungkan dulu pemberhentiannya di halaman pembayaran.")


CHECKS: Mapping[str, Callable[[Case], str | None]] = {
    "accept": _decided("accepted"),
    "set_aside": _decided("reserve"),
    "not_choose": _decided("not_chosen"),
    "undo_decision": _reopened,
    "reconsider": _reopened,
    "decree": _enlisted,
    "promote": _enlisted,
    "undo_decree": _struck_out,
    "finish": _paid,
    "resume": _not_left,
}
