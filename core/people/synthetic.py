"""Made-up residents: whole households whose numbers, ages, names and kinships agree. No real person is among them.

The same village, number and seed always give the same residents, since their ages count from one fixed day. Names are
words common in West Java, put together at random; the shares of ages, households and insurances are plausible, not
measured.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from .identity import Sex
from .opensid_codes import FamilyRole, Insurance, LifeStatus
from .opensid_template import write_rows
from .resident import Resident
from .synthetic_names import HAMLETS, person_name

REFERENCE_DAY = date(2026, 1, 1)
SAMPLE_VILLAGE = "32.01.15.2008"


def residents(village_code: str, n: int, seed: int) -> list[Resident]:
    """``n`` residents of a village, household by household, the head first. NIK are unique; about 1 % have none yet.

    Args:
        village_code: ten digits of the Kemendagri code, with or without dots; all NIK are issued in its kecamatan.

    Raises:
        ValueError: not a village's code.
    """
    digits = village_code.replace(".", "")
    if len(digits) != 10 or not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"{village_code!r} is not a village's code; write it like 32.01.15.2008")
    village = _Village(digits, Random(f"{digits}/{seed}"))  # noqa: S311 (made-up people, no secrets)
    people: list[Resident] = []
    while len(people) < n:
        people.extend(village.household())
    return people[:n]


def write_sample(directory: Path) -> list[Path]:
    """Writes the example files of the import page, ``penduduk-contoh.csv`` and ``.xlsx``. After a change here, run

    ``python -c "from core.people.synthetic import *; write_sample(Path('core/people/sample'))"``
    """
    people = residents(SAMPLE_VILLAGE, n=40, seed=2026)
    paths = [directory / "penduduk-contoh.csv", directory / "penduduk-contoh.xlsx"]
    for path in paths:
        write_rows(path, people)
    return paths


@dataclass(frozen=True, slots=True)
class _Home:
    """What the people of one household share."""

    kk_number: str
    hamlet: str
    rw: str
    rt: str
    insurance: Insurance


class _Village:
    """Makes households, and gives every number once."""

    def __init__(self, code: str, rng: Random) -> None:
        self.kecamatan = code[:6]
        self.rng = rng
        self.serials: Counter[str] = Counter()

    def household(self) -> list[Resident]:
        """A couple, an old couple or one of them, or a woman alone with her children; sometimes with a grandmother."""
        rng, home = self.rng, self.home()
        kind = rng.choices(("couple", "woman", "old"), (78, 12, 10))[0]
        age = rng.randint(60, 88) if kind == "old" else min(64, max(20, round(rng.gauss(41, 11))))
        alone = kind == "woman" or (kind == "old" and rng.random() < 0.45)
        head_sex = Sex.P if kind == "woman" or (alone and rng.random() < 0.6) else Sex.L
        status = rng.choices(("Cerai mati", "Cerai hidup"), (min(age, 90), 40))[0] if alone else "Kawin"
        members = [self.person(home, head_sex, age, FamilyRole.HEAD, status)]
        if not alone:
            members.append(self.person(home, Sex.P, max(18, age - rng.randint(0, 7)), FamilyRole.WIFE, "Kawin"))
        if kind != "old":
            members.extend(self.children(home, members[0], members[-1]))
            if rng.random() < 0.1:
                members.append(self.grandmother(home, members[0]))
        return members

    def children(self, home: _Home, head: Resident, mother: Resident) -> list[Resident]:
        """Up to four, two to five years apart; the grown ones mostly live elsewhere."""
        rng = self.rng
        father = head if head.sex == Sex.L else None
        father_name = father.name if father else person_name(rng, Sex.L, 40)
        age = _age(mother) - rng.randint(19, 24)
        ages = []
        for _child in range(rng.choices(range(5), (8, 26, 38, 20, 8))[0]):
            ages.append(age)
            age -= rng.randint(2, 5)
        return [
            self.person(
                home,
                rng.choice((Sex.L, Sex.P)),
                age,
                FamilyRole.CHILD,
                "Belum kawin",
                father=(father_name, father.nik if father else None),
                mother=(mother.name, mother.nik),
            )
            for age in ages
            if 0 <= age < 20 or (age >= 20 and rng.random() < 0.35)
        ]

    def grandmother(self, home: _Home, head: Resident) -> Resident:
        """The one whom the head names as mother."""
        age = min(95, _age(head) + self.rng.randint(18, 28))
        return self.person(home, Sex.P, age, FamilyRole.PARENT, "Cerai mati", name=head.mother_name)

    def person(
        self,
        home: _Home,
        sex: Sex,
        age: int,
        role: FamilyRole,
        status: str,
        *,
        name: str | None = None,
        father: tuple[str, str | None] | None = None,
        mother: tuple[str, str | None] | None = None,
    ) -> Resident:
        rng = self.rng
        born = REFERENCE_DAY - timedelta(days=age * 365.25 + rng.randrange(1, 365))
        unregistered = rng.random() < (0.15 if age == 0 else 0.008)
        father_name, father_nik = father or (person_name(rng, Sex.L, age + 25), None)
        mother_name, mother_nik = mother or (person_name(rng, Sex.P, age + 25), None)
        return Resident(
            name=name or person_name(rng, sex, age),
            sex=sex,
            birth_date=born,
            nik=None if unregistered else self.number(born, 40 if sex == Sex.P else 0),
            kk_number=home.kk_number,
            family_role=role,
            birth_place="Bogor" if rng.random() < 0.9 else rng.choice(("Sukabumi", "Cianjur", "Lebak", "Jakarta")),
            religion="Islam" if rng.random() < 0.985 else rng.choice(("Kristen", "Katolik")),
            education=_education(rng, age),
            current_education=_current_education(age),
            occupation=_occupation(rng, sex, age),
            marital_status=status,
            citizenship="WNI",
            father_name=father_name,
            father_nik=father_nik,
            mother_name=mother_name,
            mother_nik=mother_nik,
            blood_type=rng.choices(("", "A", "B", "AB", "O"), (70, 8, 9, 2, 11))[0],
            disability=rng.choice(("Fisik", "Netra/buta", "Rungu/wicara", "Mental/jiwa"))
            if rng.random() < 0.015
            else "",
            pregnant=rng.random() < 0.06 if role == FamilyRole.WIFE and age < 43 else None,
            life_status=LifeStatus.MOVED if role == FamilyRole.CHILD and rng.random() < 0.01 else LifeStatus.ALIVE,
            insurance=home.insurance,
            insurance_number="" if home.insurance == Insurance.NONE else f"0001{rng.randrange(10**9):09}",
            ethnicity="Sunda" if rng.random() < 0.92 else rng.choice(("Jawa", "Betawi")),
            address=f"Kp. {home.hamlet}",
            hamlet=home.hamlet,
            rw=home.rw,
            rt=home.rt,
        )

    def home(self) -> _Home:
        rng = self.rng
        hamlet = rng.randrange(len(HAMLETS))
        insurances = (Insurance.PBI, Insurance.NON_PBI, Insurance.REGIONAL, Insurance.NONE)
        return _Home(
            kk_number=self.number(date(2008, 1, 1) + timedelta(days=rng.randrange(6_500))),
            hamlet=HAMLETS[hamlet],
            rw=f"{2 * hamlet + rng.randint(1, 2):03}",
            rt=f"{rng.randint(1, 5):03}",
            insurance=rng.choices(insurances, (46, 22, 8, 24))[0],
        )

    def number(self, day: date, day_offset: int = 0) -> str:
        """A NIK or No. KK never given before: place, day (a woman's + 40) and the next serial of that day."""
        stem = f"{self.kecamatan}{day.day + day_offset:02}{day:%m%y}"
        self.serials[stem] += 1
        return f"{stem}{self.serials[stem]:04}"


def _age(person: Resident) -> int:
    return (REFERENCE_DAY - person.birth_date).days * 100 // 36525


def _education(rng: Random, age: int) -> str:
    if age < 7:
        return "Tidak/belum sekolah"
    if age < 13:
        return "Belum tamat SD/sederajat"
    finished = ["Tamat SD/sederajat", "SLTP/sederajat", "SLTA/sederajat", "Diploma IV/Strata I"]
    if age < 19:
        return finished[0] if age < 16 else finished[1]
    return rng.choices(finished, (62, 22, 14, 2) if age >= 40 else (26, 34, 35, 5))[0]


def _current_education(age: int) -> str:
    stages = ((5, "Belum masuk TK/kelompok bermain"), (7, "Sedang TK/kelompok bermain"), (13, "Sedang SD/sederajat"))
    later = ((16, "Sedang SLTP/sederajat"), (19, "Sedang SLTA/sederajat"))
    return next((words for limit, words in (*stages, *later) if age < limit), "Tidak sedang sekolah")


_MENS_WORK = (
    ("Buruh harian lepas", "Wiraswasta", "Karyawan swasta", "Petani/pekebun", "Buruh tani/perkebunan", "Sopir", "Guru"),
    (34, 20, 18, 11, 9, 5, 3),
)


def _occupation(rng: Random, sex: Sex, age: int) -> str:
    if age < 6:
        return "Belum/tidak bekerja"
    if age < 19:
        return "Pelajar/mahasiswa"
    if age >= 66:
        return rng.choice(("Belum/tidak bekerja", "Petani/pekebun" if sex == Sex.L else "Mengurus rumah tangga"))
    if sex == Sex.P and rng.random() < 0.72:
        return "Mengurus rumah tangga"
    return rng.choices(*_MENS_WORK)[0]
