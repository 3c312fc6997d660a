"""What the demonstration shows of aid: rice being handed out, a gift that is closed, and cases. All made up."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute

from core.api import (
    Answer,
    Area,
    Case,
    Household,
    Intake,
    Person,
    Service,
    commit,
    confirm_seen,
    db,
    open_case,
    take_step,
    today,
)

from .distributions import DistributionInput, announce, close
from .goods import Item
from .handovers import HandoverInput, hand_over, undo
from .models import AidDistribution, AidRecipient
from .recipients import add, strike
from .services import NAMES, card, food

ON_LIST, FETCHED, OF_GIFT = 60, 37, 18
POOR = 4
RICE, OIL = Item(Decimal(10), "kg", "beras"), Item(Decimal(2), "liter", "minyak goreng")
PROPOSAL = {
    "member": "no",
    "account_state": "none",
    "card_number": "",
    "account_number": "",
    "mother_name": "Rukmini (contoh)",
    "situation": "Buruh harian lepas, penghasilan tidak tetap, tiga tanggungan.",
}
CARDS = (
    {
        "trouble": "lost",
        "police_letter": "no",
        "unpaid": "",
        "explanation": "Kartu hilang di pasar, dompet ikut hilang.",
    },
    {
        "trouble": "zero",
        "police_letter": "unknown",
        "unpaid": "Tahap ketiga",
        "explanation": "Tetangga sudah cair, saldo nol.",
    },
)


def fill(area: Area, permissions: frozenset[str]) -> None:
    """Lists where nothing was handed out yet, and cases where nobody asked for anything yet."""
    day = today(area.timezone)
    asking, others = _apart(_poor_heads(area.id))
    if not _is_any(AidDistribution.id, AidDistribution.village_id == area.id):
        _rice(area, others[:ON_LIST], day)
        _gift(area, others[-OF_GIFT:], day)
        commit()
    if not _is_any(Case.id, Case.village_id == area.id, Case.service.in_(NAMES)):
        _cases(area, permissions, asking, day)
        commit()


def _is_any(column: InstrumentedAttribute[UUID], *where: ColumnElement[bool]) -> bool:
    return db.session.scalar(select(column).where(*where).limit(1)) is not None


def _cases(area: Area, permissions: frozenset[str], asking: Sequence[Person], day: date) -> None:
    for person in asking[:2]:
        _open(area, permissions, food, person, PROPOSAL)
    for person, answers in zip(asking[2:], CARDS, strict=False):
        usual = {"listed": "yes", "bank": "bri", "card_number": "", "account_number": "", "mother_name": ""}
        _open(area, permissions, card, person, {**usual, "since": day.isoformat(), **answers})


def _apart(heads: Sequence[Person]) -> tuple[Sequence[Person], Sequence[Person]]:
    """Those who ask for something themselves, and those on lists."""
    return heads[: 2 + len(CARDS)], heads[2 + len(CARDS) :]


def _poor_heads(village_id: int) -> Sequence[Person]:
    return db.session.scalars(
        select(Person)
        .join(Household, (Household.village_id == Person.village_id) & (Household.id == Person.household_id))
        .where(
            Person.village_id == village_id,
            Person.family_role == "head",
            Person.life_status == "alive",
            Person.nik.is_not(None),
            Household.decile <= POOR,
        )
        .order_by(Household.kk_number)
    ).all()


def _rice(area: Area, heads: Sequence[Person], day: date) -> None:
    """In its second day: most have come, a few sent somebody, one was taken back, one has moved."""
    data = DistributionInput(
        "Bantuan Pangan Beras (contoh)",
        "bapanas",
        f"Triwulan {(day.month - 1) // 3 + 1} {day.year}",
        [RICE],
        None,
        f"Balai {area.title}",
        day - timedelta(days=1),
        day + timedelta(days=6),
        "Imas Masitoh",
    )
    _distribution, recipients = _announce(area, data, heads)
    for number, recipient in enumerate(recipients[: FETCHED * len(heads) // ON_LIST]):
        given = HandoverInput(day - timedelta(days=number % 2), "Imas Masitoh")
        if number % 9 == 4:
            given = replace(given, relation="family", received_by="Iis Aisyah", reason="Sedang bekerja")
        made = hand_over(area, recipient.id, given, None)
        if number == 2:
            undo(made, "Tertukar dengan penerima lain (contoh)", None)
    if recipients:
        strike(recipients[-1], "Pindah ke luar desa (contoh)", day)
    db.session.flush()


def _gift(area: Area, heads: Sequence[Person], day: date) -> None:
    """A month ago; three did not come, and what was left went back."""
    data = DistributionInput(
        "Paket sembako Baznas (contoh)",
        "baznas",
        f"{day.year}",
        [RICE, OIL],
        100_000,
        "Masjid Al-Ikhlas",
        day - timedelta(days=34),
        day - timedelta(days=31),
        "Dadang Suhendar",
    )
    distribution, recipients = _announce(area, data, heads)
    for recipient in recipients[:-3]:
        hand_over(area, recipient.id, HandoverInput(data.first_day, "Dadang Suhendar"), None)
    close(distribution, "Kantor Baznas kabupaten", "Tiga orang merantau", None)
    db.session.flush()


def _announce(
    area: Area, data: DistributionInput, heads: Sequence[Person]
) -> tuple[AidDistribution, Sequence[AidRecipient]]:
    made = announce(area.id, data)
    add(made, [person.id for person in heads])
    mine = (AidRecipient.village_id == area.id, AidRecipient.distribution_id == made.id)
    return made, db.session.scalars(select(AidRecipient).where(*mine).order_by(AidRecipient.number)).all()


def _open(area: Area, permissions: frozenset[str], service: Service, person: Person, answers: dict) -> None:
    case = open_case(area, service, person, Intake("desk", answers, privacy_notice_given=True))
    for requirement in service.requirements:
        if requirement.mandatory:
            confirm_seen(case, requirement.key)
    take_step(area, case, service, "handle", permissions, Answer())
