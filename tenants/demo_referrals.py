"""Referrals of the demonstration: a Puskesmas with an officer, and four residents sent to it or to the Dinas Sosial."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from core.actor import Actor, acting
from core.areas.code import AreaCode
from core.areas.current import CurrentArea, find_area
from core.cases.models import Case, CaseEvent
from core.database.session import commit, db, scope
from core.platform import platform
from core.referrals.addressing import Address
from core.referrals.answering import Reply, take_step
from core.referrals.drafting import ReferralInput, create_draft
from core.referrals.models import Organisation, Referral
from core.referrals.officers import appoint
from core.referrals.organisations import OrganisationInput, find_addressee, register
from core.referrals.sending import send
from core.referrals.terms import USUAL

from .demo_clock import moved_to
from .demo_sign_ins import DISTRICT, VILLAGE

SERVICE = "sktm.letter"
PARTNER = OrganisationInput(name="Puskesmas Ciampea (contoh)", kind="government", sector="puskesmas")


@dataclass(frozen=True)
class Ask:
    """One referral: to the partner or to the Dinas Sosial, what is asked, and whether it was accepted."""

    partner: bool
    text: str
    accepted: bool = False


@dataclass(frozen=True)
class Sent:
    id: UUID
    version: int
    organisation_id: UUID


ASKS = (
    Ask(True, "Mohon surat keterangan berobat; warga perlu kontrol rutin."),
    Ask(False, "Mohon pengecekan desil dan pengusulan PBI-JK."),
    Ask(True, "Mohon pemeriksaan dan surat rujukan ke rumah sakit.", accepted=True),
    Ask(False, "Mohon dicek mengapa bantuan sembako belum masuk."),
)


def make_referrals(clerk: Actor, officer: Actor, moment: datetime) -> bool:
    """Send them; False when Cibadak has referred somebody before."""
    village, district = (find_area(AreaCode.parse(code)) for code in (VILLAGE, DISTRICT))
    if village is None or district is None or _there(village):
        return False
    partner = _partner(district)
    with scope(village):
        asked = (Case.village_id == village.id, Case.service == SERVICE, Case.closed_at.is_(None))
        cases = db.session.scalars(select(Case).where(*asked).order_by(Case.ticket).limit(len(ASKS))).all()
        sent = [
            _send(village, case, ask, clerk, moment, partner=partner) for case, ask in zip(cases, ASKS, strict=True)
        ]
        commit()
    for one, ask in zip(sent, ASKS, strict=True):
        if ask.accepted:
            _accept(district, village, one, officer)
    return True


def _there(village: CurrentArea) -> bool:
    with scope(village):
        return db.session.scalar(select(Referral.id).where(Referral.village_id == village.id).limit(1)) is not None


def _partner(district: CurrentArea) -> str:
    """The key of the Puskesmas that the account ``mitra`` answers for."""
    with scope(district):
        found = db.session.scalar(select(Organisation).where(Organisation.name == PARTNER.name))
        organisation = found or register(district.id, PARTNER)
        appoint(organisation, "mitra")
        key = str(organisation.id)
        commit()
    return key


def _send(village: CurrentArea, case: Case, ask: Ask, clerk: Actor, moment: datetime, *, partner: str) -> Sent:
    organisation = find_addressee(village.interval, partner if ask.partner else "dinsos")
    if organisation is None:
        raise LookupError(f"{village.code} has nobody to refer to")
    data = ReferralInput(organisation, "programme", ask.text, fields=USUAL, nik="masked")
    query = select(func.max(CaseEvent.at)).where(CaseEvent.village_id == village.id, CaseEvent.case_id == case.id)
    last = db.session.scalar(query) or case.opened_at
    with acting(clerk), moved_to(min(moment, last + timedelta(hours=1))):
        referral = create_draft(village, case, data)
        send(village, referral, case)
    return Sent(referral.id, referral.version, organisation.id)


def _accept(district: CurrentArea, village: CurrentArea, sent: Sent, officer: Actor) -> None:
    with scope(district), acting(officer):
        address = Address(district, frozenset({sent.organisation_id}), village.interval, sent.id)
        take_step(address, "accept", sent.version, Reply(), platform().config.files_dir)
