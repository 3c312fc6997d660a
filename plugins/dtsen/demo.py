"""What the demonstration shows of DTSEN: proposals on their way, an objection, a file of deciles, NIKs to look at."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

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
    import_file,
    open_case,
    take_step,
    today,
)

from .checks import CheckInput, note_checks
from .decile_files import DECILES
from .entries import EntryInput, write_down
from .models import KeyedEntry
from .services import objection, proposal

FAMILIES = 24
CLERK, SOURCE = "Imas Masitoh", "SIKS-NG (contoh)"
PROPOSALS: Sequence[Mapping[str, str]] = (
    {"change": "members", "now": "4 anggota", "wanted": "5 anggota: bayi lahir bulan lalu, akta terlampir."},
    {"change": "identity", "now": "Tanggal lahir keliru", "wanted": "Menurut KTP dan KK."},
    {"change": "new", "now": "", "wanted": "Keluarga baru menikah, KK sendiri sejak tahun ini."},
    {"change": "condition", "now": "Rumah milik sendiri", "wanted": "Menumpang di rumah orang tua sejak setahun."},
)
OBJECTION = {
    "ground": "decile",
    "seen_on": None,
    "seen": "desil 7",
    "reason": "Kepala keluarga berhenti bekerja, rumah berdinding bambu; foto terlampir.",
}


def fill(area: Area, permissions: frozenset[str]) -> None:
    """Nothing where something was keyed already."""
    if db.session.scalar(select(KeyedEntry.id).where(KeyedEntry.village_id == area.id).limit(1)) is not None:
        return
    heads = _heads(area.id)
    if len(heads) < FAMILIES:
        return
    day = today(area.timezone)
    _deciles(area, heads, day)
    _cases(area, heads, day, permissions)
    _checks(area, heads[8:14], day)
    commit()


def _heads(village_id: int) -> Sequence[Person]:
    of_household = (Household.village_id == Person.village_id) & (Household.id == Person.household_id)
    return db.session.scalars(
        select(Person)
        .join(Household, of_household)
        .where(
            Person.village_id == village_id,
            Person.family_role == "head",
            Person.life_status == "alive",
            Person.nik.is_not(None),
            Household.decile.is_not(None),
        )
        .options(contains_eager(Person.household))
        .order_by(Household.kk_number.desc())
        .limit(FAMILIES)
    ).all()


def _deciles(area: Area, heads: Sequence[Person], day: date) -> None:
    """Two lists: every third family moved by one, and back again. Other modules choose by decile whom they show."""
    homes = [head.household for head in heads if head.household and head.household.decile]
    before = {home.kk_number: home.decile or 1 for home in homes}
    moved = {kk: decile % 10 + 1 if number % 3 == 0 else decile for number, (kk, decile) in enumerate(before.items())}
    first = max([day - timedelta(days=93), *(home.decile_on for home in homes if home.decile_on)])
    for said_on, deciles in ((first, moved), (max(first, day - timedelta(days=3)), before)):
        with TemporaryDirectory() as folder:
            file = Path(folder) / f"desil-{said_on:%Y-%m}.csv"
            lines = [f"'{kk},{decile}" for kk, decile in deciles.items()]
            file.write_text("\n".join(["No KK,Desil", *lines]), encoding="utf-8")
            import_file(area, DECILES, file, answers={"decile_on": said_on.isoformat(), "source": SOURCE})


def _cases(area: Area, heads: Sequence[Person], day: date, permissions: frozenset[str]) -> None:
    made = [_open(area, proposal, head, story) for head, story in zip(heads, PROPOSALS, strict=False)]
    keyed = made[:2]
    for case in made:
        take_step(area, case, proposal, "handle", permissions, Answer())
    for case, status in zip(keyed, ("Menunggu musdes/muskel", ""), strict=True):
        take_step(area, case, proposal, "send", permissions, Answer(note="SIKS-NG"))
        given = EntryInput(case.data["change"], "Menu perbaikan data (contoh)", day - timedelta(days=2), CLERK, status)
        write_down(case.person, case, given, None)
    _open(area, objection, heads[5], OBJECTION)
    old = EntryInput("aid", "Usulan Sembako (contoh)", day - timedelta(days=40), CLERK, "Cek rekening")
    write_down(heads[6], None, old, None)


def _open(area: Area, service: Service, person: Person, answers: Mapping[str, str | None]) -> Case:
    intake = Intake("desk", dict(answers), reporter_phone="081200000000", privacy_notice_given=True)
    case = open_case(area, service, person, intake)
    for requirement in service.requirements:
        confirm_seen(case, requirement.key)
    return case


def _checks(area: Area, people: Sequence[Person], day: date) -> None:
    """Some do not match: one is to be looked at again today, and one was settled."""
    found = CheckInput("unmatched", day - timedelta(days=20), CLERK, "Nama beda satu huruf (contoh)", day)
    note_checks(area.id, {people[0].id: people[0].version}, found)
    later = CheckInput(
        "unmatched", day - timedelta(days=3), CLERK, "Sudah dilaporkan (contoh)", day + timedelta(days=27)
    )
    note_checks(area.id, {person.id: person.version for person in people[1:3]}, later)
    settled = CheckInput("matched", day - timedelta(days=1), CLERK, "")
    note_checks(area.id, {people[3].id: people[3].version}, settled)
