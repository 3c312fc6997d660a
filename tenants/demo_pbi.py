"""PBI-JK in the demonstration: from the emergency of this morning to the membership that ends in some weeks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core.actor import Actor, acting
from core.areas.code import AreaCode
from core.areas.current import CurrentArea, find_area
from core.cases import checklist, progress
from core.cases.catalogue import offered
from core.cases.intake import Intake, open_case
from core.cases.models import Case
from core.cases.service import Service
from core.clock import today
from core.database.session import commit, db, scope
from core.people.models import Household, Person
from core.people.synthetic import REFERENCE_DAY
from core.platform import platform
from core.referrals.addressing import Address
from core.referrals.answering import Reply, take_step
from core.referrals.models import Referral
from core.referrals.planning import draft_planned
from core.referrals.sending import send

from .demo_cases import upload_example
from .demo_clock import moved_to
from .demo_sign_ins import DISTRICT, VILLAGE

REACTIVATION, ENROLMENT = "pbi_jk.reactivation", "pbi_jk.enrolment"
PHONE = "081200000000"
SEED = "pbi"

# Whole days and some hours, so that all is done while the desks are open.
SENT = ((0, "papers"), (1, "handle"), (2, "refer"), (2, "send"))
RECOMMENDED = (*SENT, (24, "accept"), (49, "finish"), (52, "recommended"))
WAITED = (*RECOMMENDED, (146, "proposed"))
ACTIVE = (*WAITED, (291, "at_ministry"), (505, "approve"), (507, "tell"))
REFUSED = (*SENT, (25, "accept"), (50, "refuse"), (52, "reject"), (54, "tell_rejected"))


@dataclass(frozen=True)
class Story:
    """What happens to one resident. ``decile`` None: not known yet.

    ``began``: how many days ago, in the morning; ``deeds``: hours after the opening, and what was done.
    """

    service: str
    care: str
    facility: str
    decile: int | None
    began: int
    deeds: tuple[tuple[int, str], ...]


STORIES = (
    Story(REACTIVATION, "outpatient", "Puskesmas Ciampea", 8, 185, ACTIVE),
    Story(ENROLMENT, "none", "", 9, 60, REFUSED),
    Story(REACTIVATION, "routine", "RSUD Leuwiliang", 4, 45, WAITED),
    Story(REACTIVATION, "routine", "RSUD Leuwiliang", 7, 6, (*SENT, (26, "accept"), (97, "finish"))),
    Story(ENROLMENT, "none", "", 2, 3, ((0, "papers"), (1, "handle"))),
    Story(REACTIVATION, "inpatient", "RSUD Leuwiliang", None, 1, SENT),
    Story(REACTIVATION, "emergency", "RS Medika Dramaga", 6, 0, ((0, "some_papers"),)),
)

GIVEN: Mapping[str, progress.Answer] = {
    "recommended": progress.Answer("Rekomendasi Dinas Sosial sudah keluar."),
    "proposed": progress.Answer("Terlihat di SIKS-NG: usulan terkirim."),
    "at_ministry": progress.Answer("Terlihat di SIKS-NG: menunggu penetapan."),
    "approve": progress.Answer("", "Aktif, dicek di Mobile JKN"),
    "reject": progress.Answer("Desil di atas batas.", "Tidak direkomendasikan"),
    "tell": progress.Answer("", how="phone"),
    "tell_rejected": progress.Answer("Dapat diusulkan lagi bila desilnya berubah.", how="desk"),
}
REPLIES = {
    "accept": Reply(),
    "finish": Reply("Direkomendasikan, diusulkan di SIKS-NG bulan ini.", "Rekomendasi 460/118/Dinsos (contoh)"),
    "refuse": Reply("Desil 9: di luar sasaran PBI-JK. Sarankan peserta mandiri atau PBPU Pemda."),
}


def make_pbi(clerk: Actor, officer: Actor, moment: datetime) -> bool:
    """Play the stories in Cibadak; False where they are there, or the module is off."""
    village, district = (find_area(AreaCode.parse(code)) for code in (VILLAGE, DISTRICT))
    if village is None or district is None or REACTIVATION not in offered(village):
        return False
    with scope(village):
        names = (REACTIVATION, ENROLMENT)
        query = select(Case.id).where(Case.village_id == village.id, Case.service.in_(names))
        if db.session.scalar(query.limit(1)):
            return False
        people = _people(village)
    for story, person_id in zip(STORIES, people, strict=False):
        _play(Stage(village, district, clerk, officer), story, person_id, moment)
    return True


def _people(village: CurrentArea) -> list[object]:
    query = select(Person).where(
        Person.village_id == village.id,
        Person.life_status == "alive",
        Person.nik.is_not(None),
        Person.household_id.is_not(None),
    )
    adults = [person for person in db.session.scalars(query.order_by(Person.nik)) if person.age(REFERENCE_DAY) >= 20]
    Random(f"{village.code}/{SEED}").shuffle(adults)  # noqa: S311 - made-up stories, no secrets
    return [person.id for person in adults]


@dataclass(frozen=True)
class Stage:
    village: CurrentArea
    district: CurrentArea
    clerk: Actor
    officer: Actor


def _play(stage: Stage, story: Story, person_id: object, moment: datetime) -> None:
    began = _morning(stage.village, moment, story.began)
    with scope(stage.village), acting(stage.clerk), moved_to(began):
        case_id = _open(stage.village, story, person_id).id
        commit()
    for hours, deed in story.deeds:
        at = min(began + timedelta(hours=hours, minutes=5), moment - timedelta(minutes=1))
        if deed in REPLIES:
            _reply(stage, case_id, deed, at)
            continue
        with scope(stage.village), acting(stage.clerk), moved_to(at):
            case = db.session.get_one(Case, (stage.village.id, case_id))
            _do(stage.village, case, offered(stage.village)[story.service], deed)
            commit()


def _morning(village: CurrentArea, moment: datetime, days_ago: int) -> datetime:
    """Nine o'clock where the desk stands; today two hours ago, if it is not nine yet."""
    here = moment.astimezone(ZoneInfo(village.timezone))
    nine = datetime.combine(here.date() - timedelta(days=days_ago), time(9), here.tzinfo)
    return min(nine, here - timedelta(hours=2)).astimezone(UTC)


def _open(village: CurrentArea, story: Story, person_id: object) -> Case:
    person = db.session.get_one(Person, (village.id, person_id))
    household = db.session.get_one(Household, (village.id, person.household_id))
    household.decile = story.decile
    answers = {"care": story.care, "facility": story.facility, "card_number": ""}
    person.insurance = "pbi" if story.service == REACTIVATION else "none"
    if story.service == REACTIVATION:
        since = today(village.timezone) - timedelta(days=20)
        answers |= {"card_number": "0001" + f"{person.nik}"[-9:], "inactive_since": since.isoformat()}
    intake = Intake(channel="desk", answers=answers, reporter_phone=PHONE, privacy_notice_given=True)
    return open_case(village, offered(village)[story.service], person, intake)


def _do(village: CurrentArea, case: Case, service: Service, deed: str) -> None:
    if deed == "papers":
        for requirement in service.requirements:
            if requirement.mandatory and requirement.key == "treatment_letter":
                upload_example(case, requirement.key)
            elif requirement.mandatory:
                checklist.confirm_seen(case, requirement.key)
    elif deed == "some_papers":
        checklist.confirm_seen(case, "ktp")
    elif deed == "refer":
        send(village, draft_planned(village, case, service), case)
    else:
        given = GIVEN.get(deed)
        answer = replace(given, on=today(village.timezone)) if given else progress.Answer()
        progress.take_step(village, case, service, deed, platform().permissions.of_role("village_staff"), answer)


def _reply(stage: Stage, case_id: object, deed: str, at: datetime) -> None:
    """What the officer of the Dinas Sosial does with the case's referral."""
    with scope(stage.village):
        query = select(Referral).where(Referral.village_id == stage.village.id, Referral.case_id == case_id)
        referral = db.session.scalars(query).one()
        organisation, referral_id, version = referral.organisation_id, referral.id, referral.version
        db.session.rollback()
    with scope(stage.district), acting(stage.officer), moved_to(at):
        address = Address(stage.district, frozenset({organisation}), stage.village.interval, referral_id)
        take_step(address, deed, version, REPLIES[deed], platform().config.files_dir)
