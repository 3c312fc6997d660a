"""The decree: what the kepala desa's signature under it sets in motion, and what its revocation takes back."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from core.api import (
    Answer,
    Area,
    CaseError,
    Hearing,
    IssuedLetter,
    Letter,
    MeetingLetter,
    db,
    gettext,
    line_of,
    record,
    rupiah,
    take_step,
    when_and_where,
)
from core.api import lazy_gettext as _

from .documents import period_of
from .models import Decree, Payment, Recipient
from .rules import rule_of_year, rules


def about(hearing: Hearing) -> str:
    return gettext("BLT Dana Desa %(year)s", year=hearing.terms["year"])


def nobody_accepted(hearing: Hearing) -> str | None:
    if hearing.decided("accepted"):
        return None
    return gettext("Tidak ada keluarga yang diterima, jadi tidak ada yang ditetapkan.")


def decree_values(hearing: Hearing, minutes_reference: str) -> Mapping[str, Any]:
    """What the decree says: its period, and the accepted and the reserve with what each is to get."""
    terms = hearing.terms
    months = terms["last_month"] - terms["first_month"] + 1
    rule = rule_of_year(terms["year"], terms["first_month"])
    extra = {"amount": rupiah(terms["amount"]), "months": str(months)}
    return {
        **when_and_where(hearing.meeting),
        "year": str(terms["year"]),
        "period": period_of(terms),
        "months": str(months),
        "amount": rupiah(terms["amount"]),
        "each": rupiah(terms["amount"] * months),
        "regulation": rule.regulation if rule else "",
        "minutes_reference": minutes_reference,
        "accepted": [{**line_of(heard), **extra} for heard in hearing.decided("accepted")],
        "reserve": [{**line_of(heard), **extra} for heard in hearing.decided("reserve")],
    }


def signed(area: Area, hearing: Hearing, letter: IssuedLetter, permissions: frozenset[str]) -> None:
    """Each accepted family gets its months and its case moves on.

    Raises:
        CaseError: a case cannot take its step. The caller commits.
    """
    service = hearing.service
    if service is None:
        return
    decree = _put_down(hearing, letter)
    accepted = [h for h in hearing.decided("accepted") if h.case.state == "accepted"]
    for rank, heard in enumerate(accepted, start=1):
        enlist(decree, heard.case.id, heard.case.household_id, heard.rank or rank, decree.first_month)
    db.session.flush()
    note = gettext("SK %(reference)s", reference=letter.reference)
    for heard in sorted(accepted, key=lambda h: h.case.id):
        take_step(area, heard.case, service, "decree", permissions, Answer(note=note))
    record("blt_desa.decreed", "decree", decree.id, reference=letter.reference, families=len(accepted))


def _put_down(hearing: Hearing, letter: IssuedLetter) -> Decree:
    meeting, terms = hearing.meeting, hearing.terms
    decree = decree_of(meeting.village_id, meeting.id) or Decree(village_id=meeting.village_id, meeting_id=meeting.id)
    decree.reference, decree.void = letter.reference, False
    for name in ("year", "first_month", "last_month", "amount"):
        setattr(decree, name, terms[name])
    db.session.add(decree)
    db.session.flush()
    return decree


def decree_of(village_id: int, meeting_id: UUID) -> Decree | None:
    """Also one that was revoked."""
    return db.session.scalar(select(Decree).where(Decree.village_id == village_id, Decree.meeting_id == meeting_id))


def enlist(decree: Decree, case_id: UUID, household_id: UUID | None, rank: int, first_month: int) -> Recipient:
    """Put a family among those that are paid; a row that a revoked decree left behind is used again."""
    recipient = db.session.scalar(
        select(Recipient).where(
            Recipient.village_id == decree.village_id,
            Recipient.decree_id == decree.id,
            Recipient.case_id == case_id,
        )
    ) or Recipient(village_id=decree.village_id, decree_id=decree.id, case_id=case_id)
    recipient.household_id, recipient.rank, recipient.state = household_id, rank, "active"
    recipient.first_month, recipient.last_month = first_month, decree.last_month
    db.session.add(recipient)
    return recipient


def revoked(area: Area, hearing: Hearing, letter: IssuedLetter, reason: str, permissions: frozenset[str]) -> None:
    """The families' months are taken back, as long as nobody was paid.

    Raises:
        CaseError: the decree was carried out in part. The caller commits.
    """
    service, decree = hearing.service, decree_of(hearing.meeting.village_id, hearing.meeting.id)
    if service is None or decree is None:
        return
    if problem := _why_not_undone(decree):
        raise CaseError(problem)
    every = Recipient.village_id == decree.village_id, Recipient.decree_id == decree.id
    decree.void = True
    db.session.execute(update(Recipient).where(*every).values(state="void", version=Recipient.version + 1))
    db.session.flush()
    for heard in sorted(hearing.decided("accepted"), key=lambda h: h.case.id):
        if heard.case.state == "receiving":
            take_step(area, heard.case, service, "undo_decree", permissions, Answer(note=reason))
    record("blt_desa.decree_revoked", "decree", decree.id, reference=letter.reference)


def _why_not_undone(decree: Decree) -> str | None:
    every = Recipient.village_id == decree.village_id, Recipient.decree_id == decree.id
    paid = (
        select(Payment.id)
        .join(Recipient, (Recipient.village_id == Payment.village_id) & (Recipient.id == Payment.recipient_id))
        .where(*every, Payment.reversed_at.is_(None))
    )
    if db.session.scalar(paid.limit(1)) is not None:
        return gettext("Sudah ada pembayaran atas SK ini. Batalkan dulu pembayarannya.")
    if db.session.scalar(select(Recipient.id).where(*every, Recipient.state == "left").limit(1)) is not None:
        return gettext("Sudah ada keluarga yang berhenti atau diganti atas SK ini. Urungkan dulu.")
    return None


DECREE = MeetingLetter(
    letter=Letter(
        "decree", _("Keputusan Kepala Desa"), "blt_desa/decree.typ", classification=rules.value("classification")
    ),
    about=about,
    values=decree_values,
    obstacle=nobody_accepted,
    signed=signed,
    revoked=revoked,
)
