"""The village's steps: send, take back, and tell the resident, which alone closes a referral. The caller commits."""

from datetime import date
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from core.areas.current import CurrentArea
from core.cases.deadlines import working_days_after
from core.cases.intake import CHANNELS
from core.cases.models import Case
from core.cases.numbering import next_number
from core.clock import now, today

from .errors import ReferralError
from .history import note_step
from .models import Referral
from .planned import check_may_go
from .rules import tell_days, urgent_answer_days
from .shared import snapshot
from .states import STEPS


def check_step(referral: Referral, key: str, note: str = "") -> None:
    """Raises: ReferralError: not from this state, or the reason is missing."""
    step = STEPS[key]
    if referral.state not in step.source:
        raise ReferralError(_("Langkah itu tidak mungkin lagi dari keadaan rujukan sekarang."))
    if step.needs_note and not note.strip():
        raise ReferralError(_("Tulis alasannya, supaya pihak lain tahu apa yang harus dilakukan."), "note")


def due_to_tell(area: CurrentArea) -> date:
    """The day by which the village is to act on an answer: tell the resident, or mend what was missing."""
    day = today(area.timezone)
    return working_days_after(day, tell_days(day))


def send(area: CurrentArea, referral: Referral, case: Case) -> None:
    """Copy what the organisation may read, number the referral, and set the day by which an answer is due.

    Raises:
        ReferralError: not from this state, the case is closed, the organisation takes no referrals any more, or the
            service plans this referral and its case may not leave the village yet.
        DecisionFailed: a plugin that was asked about that could not answer.
    """
    check_step(referral, "send")
    if case.closed_at is not None:
        raise ReferralError(_("Kasus ini sudah ditutup. Buka kembali dulu untuk merujuk warganya."))
    if not referral.organisation.active:
        text = _("%(name)s tidak menerima rujukan lagi. Pilih lembaga lain.", name=referral.organisation.name)
        raise ReferralError(text)
    check_may_go(area, referral, case)
    day = today(area.timezone)
    if referral.number is None:
        referral.number = f"{area.ticket_prefix}-R{day:%y}-{next_number(area.id, 'referral', day.year):04d}"
    text = {"kind": referral.kind, "ask": referral.ask, "note": referral.note}
    urgent = {"urgent": True} if case.urgent else {}
    referral.shared = {**snapshot(case, referral.fields, referral.nik, day), **text, **urgent}
    referral.state, referral.sent_at = "sent", now()
    referral.accepted_at = referral.back_at = None
    referral.decision = referral.outcome = ""
    days = min(referral.answer_days, urgent_answer_days(day)) if case.urgent else referral.answer_days
    referral.due_on = working_days_after(day, days)
    note_step(referral, case, "sent", "village", due_on=referral.due_on.isoformat(), number=referral.number)


def recall(area: CurrentArea, referral: Referral, case: Case, reason: str) -> None:
    """Take it back from the organisation, which from then on sees nothing of the resident but the name.

    Raises: ReferralError: it is not with the organisation, or no reason.
    """
    check_step(referral, "recall", reason)
    referral.state, referral.due_on, referral.back_at = "returned", due_to_tell(area), now()
    note_step(referral, case, "recalled", "village", note=reason.strip())


def tell(area: CurrentArea, referral: Referral, case: Case, *, how: str, on: date, note: str = "") -> None:
    """Record that the resident was told, how and when: this closes the referral.

    Raises:
        ReferralError: there is nothing to tell yet, no way of telling that we know, or a day that cannot be.
    """
    check_step(referral, "tell")
    if how not in CHANNELS:
        raise ReferralError(_("Pilih bagaimana warga diberi tahu."), "how")
    if on > today(area.timezone):
        raise ReferralError(_("Tanggalnya belum tiba. Isi hari warga benar-benar diberi tahu."), "on")
    if referral.sent_at and on < referral.sent_at.astimezone(ZoneInfo(area.timezone)).date():
        raise ReferralError(_("Tanggalnya sebelum rujukan dikirim."), "on")
    referral.state, referral.told_at = "told", now()
    note_step(referral, case, "told", "village", note=note.strip(), how=how, on=on.isoformat())
