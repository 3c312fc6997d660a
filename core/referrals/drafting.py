"""Writing a referral before it is sent: to whom, what is asked, and which of the resident's data go along."""

from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, delete, select
from sqlalchemy.orm.attributes import flag_modified

from core.actor import current_actor
from core.areas.current import CurrentArea
from core.audit import record
from core.cases.models import Case
from core.clock import today
from core.database.session import db

from .errors import ReferralError, StaleReferral
from .history import note_in_village
from .models import Organisation, Referral, ReferralDocument
from .rules import answer_days, needs_full_nik
from .shared import papers_of

EDITABLE = ("draft", "returned")


@dataclass(frozen=True)
class ReferralInput:
    """What the clerk writes. ``answer_days`` None takes what is usual for the kind of organisation."""

    organisation: Organisation
    kind: str
    ask: str
    note: str = ""
    fields: tuple[str, ...] = ()
    nik: str = ""
    documents: tuple[UUID, ...] = ()
    answer_days: int | None = None


def create_draft(area: CurrentArea, case: Case, data: ReferralInput) -> Referral:
    """A referral that nobody outside sees yet. The caller commits.

    Raises:
        ReferralError: the case is closed, or the organisation does not need the whole NIK.
    """
    if case.closed_at is not None:
        raise ReferralError(_("Kasus ini sudah ditutup. Buka kembali dulu untuk merujuk warganya."))
    _check_nik(area, data)
    referral = Referral(
        village_id=area.id,
        case_id=case.id,
        organisation_id=data.organisation.id,
        due_on=today(area.timezone),
        created_by=current_actor.get().user_id,
        **_columns(area, data),
    )
    db.session.add(referral)
    db.session.flush()
    _attach(referral, case, data)
    note_in_village(referral, case, "drafted")
    return referral


def change_draft(area: CurrentArea, referral: Referral, case: Case, data: ReferralInput) -> None:
    """Write it anew, before the first sending or after it came back. The caller commits.

    Raises:
        ReferralError: it is on its way; or it was sent and the organisation is another one, whose officers would read
            what was written for the first.
    """
    if referral.state not in EDITABLE:
        raise ReferralError(_("Rujukan yang sudah dikirim tidak dapat diubah. Tarik kembali dulu."))
    if referral.sent_at is not None and data.organisation.id != referral.organisation_id:
        text = _("Rujukan ini sudah pernah dikirim. Untuk lembaga lain, buat rujukan baru.")
        raise ReferralError(text, "to")
    _check_nik(area, data)
    referral.organisation_id = data.organisation.id
    for name, value in _columns(area, data).items():
        setattr(referral, name, value)
    flag_modified(referral, "state")  # the version moves also when only the papers have changed
    db.session.execute(
        delete(ReferralDocument).where(
            ReferralDocument.village_id == area.id,
            ReferralDocument.referral_id == referral.id,
            ReferralDocument.side == "village",
        )
    )
    _attach(referral, case, data)
    db.session.flush()
    db.session.expire(referral, ["organisation"])
    note_in_village(referral, case, "changed")


def discard(referral: Referral, case: Case) -> None:
    """Throw a draft away that nobody has seen. What was sent once stays and is closed by telling the resident.

    Raises:
        ReferralError: it was sent.
    """
    if referral.sent_at is not None:
        raise ReferralError(_("Rujukan ini sudah pernah dikirim, jadi riwayatnya tetap ada."))
    note_in_village(referral, case, "discarded")
    record("referrals.discarded", "referral", referral.id)
    db.session.execute(
        delete(ReferralDocument).where(
            ReferralDocument.village_id == referral.village_id, ReferralDocument.referral_id == referral.id
        )
    )
    db.session.delete(referral)


def find_referral(village_id: int, referral_id: UUID) -> Referral | None:
    """One whose case shows: that of a restricted service does not to everybody."""
    return db.session.scalar(_of_shown_case(village_id, referral_id))


def current_referral(village_id: int, referral_id: UUID, version: int) -> Referral:
    """The referral as the page showed it, locked for a change.

    Raises:
        StaleReferral: somebody else has changed it since.
        ReferralError: it is not there any more.
    """
    referral = db.session.scalar(
        _of_shown_case(village_id, referral_id).with_for_update(of=Referral).execution_options(populate_existing=True)
    )
    if referral is None:
        raise ReferralError(_("Rujukan ini tidak ada lagi."))
    if referral.version != version:
        raise StaleReferral(referral_id, version)
    return referral


def _of_shown_case(village_id: int, referral_id: UUID) -> Select[Referral]:
    return (
        select(Referral)
        .join(Case, (Case.village_id == Referral.village_id) & (Case.id == Referral.case_id))
        .where(Referral.village_id == village_id, Referral.id == referral_id)
    )


def case_of(referral: Referral) -> Case:
    return db.session.scalars(
        select(Case).where(Case.village_id == referral.village_id, Case.id == referral.case_id)
    ).one()


def _check_nik(area: CurrentArea, data: ReferralInput) -> None:
    if data.nik == "full" and not needs_full_nik(data.organisation.sector, today(area.timezone)):
        text = _("%(name)s tidak memerlukan NIK lengkap. Pilih yang disamarkan.", name=data.organisation.name)
        raise ReferralError(text, "nik")


def _columns(area: CurrentArea, data: ReferralInput) -> dict[str, object]:
    usual = answer_days(data.organisation.sector, today(area.timezone))
    return {
        "kind": data.kind,
        "ask": data.ask,
        "note": data.note,
        "fields": list(data.fields),
        "nik": data.nik,
        "answer_days": data.answer_days or usual,
    }


def _attach(referral: Referral, case: Case, data: ReferralInput) -> None:
    """Only papers of this resident can go along, whatever a form says."""
    for paper in papers_of(case):
        if paper.document.id in data.documents:
            db.session.add(
                ReferralDocument(
                    village_id=referral.village_id,
                    referral_id=referral.id,
                    document_id=paper.document.id,
                    side="village",
                    title=paper.title,
                )
            )
