"""Why a step of a case does not fit what the decree says, or was paid; of the musdes core asks itself.

They look at what is written down, not at who asks: the decree's own deeds write first and then take the step. Each
leaves a way out through the case's page alone: to return, cancel or stop a case needs no meeting.
"""

from collections.abc import Callable, Mapping

from sqlalchemy import select

from core.api import Case, Transition, db, gettext, month_name

from .models import Recipient
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
    "decree": _enlisted,
    "promote": _enlisted,
    "undo_decree": _struck_out,
    "finish": _paid,
    "resume": _not_left,
}
