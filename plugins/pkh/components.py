"""For what a family counts in PKH: components, found from its members on a day, and what they are worth together.

What the register of residents knows is taken; what it cannot know (a pregnancy, the school, how severe a disability is)
is only suggested, with whom to ask.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from core.api import Person, Rule, Text, gettext
from core.api import lazy_gettext as _

COMPONENTS: Mapping[str, Text] = {
    "pregnancy": _("Ibu hamil atau nifas"),
    "child": _("Anak usia dini (0–6 tahun)"),
    "sd": _("Anak SD/MI sederajat"),
    "smp": _("Anak SMP/MTs sederajat"),
    "sma": _("Anak SMA/SMK/MA sederajat"),
    "disability": _("Penyandang disabilitas berat"),
    "elderly": _("Lanjut usia"),
    "rights_victim": _("Korban pelanggaran HAM berat"),
}
SHORT: Mapping[str, Text] = {
    "pregnancy": _("hamil"),
    "child": _("usia dini"),
    "sd": "SD",
    "smp": "SMP",
    "sma": "SMA",
    "disability": _("disabilitas"),
    "elderly": _("lansia"),
    "rights_victim": _("korban HAM"),
}
SCHOOLS = ("sd", "smp", "sma")

# The words of the register of residents about the school that somebody goes to now.
ATTENDS = {"Sedang SD/sederajat": "sd", "Sedang SLTP/sederajat": "smp", "Sedang SLTA/sederajat": "sma"}
NOT_YET = ("Belum masuk TK/kelompok bermain", "Sedang TK/kelompok bermain")
NO_SCHOOL_OF_OURS = ("Tidak pernah sekolah", "Tidak tamat SD/sederajat", "Tidak sedang sekolah")
HIGHER = "Sedang D-", "Sedang S-"

ASK_SCHOOL = _("Pastikan sekolah dan NISN-nya, misalnya dengan surat keterangan sekolah.")
ASK_MIDWIFE = _("Periksa buku KIA, atau tanyakan kepada bidan desa.")
ASK_SEVERITY = _("Pastikan dengan surat keterangan dokter atau asesmen: hanya disabilitas berat yang dihitung.")
ASK_DECREE = _("Tanyakan kepada keluarga; perlu penetapan sebagai korban dari Komnas HAM atau kementerian.")


@dataclass(frozen=True)
class Found:
    """A member who counts for a component, or may (``certain`` False): then ``settled_by`` says how to find out."""

    member: Person
    component: str
    certain: bool
    settled_by: Text | None = None


def find_components(members: Iterable[Person], rule: Rule, on: date) -> list[Found]:
    """What a household's living members count for on a day; one may be found for several."""
    return [found for member in members if member.age(on) >= 0 for found in _of_member(member, rule, on)]


def _of_member(member: Person, rule: Rule, on: date) -> Iterator[Found]:
    age = member.age(on)
    yield from _as_pregnant(member, rule, age)
    yield from _as_young(member, rule, age)
    if member.disability and "disability" in rule.amount:
        yield Found(member, "disability", False, ASK_SEVERITY)
    if age >= rule.elderly_age:
        yield Found(member, "elderly", True)


def _as_pregnant(member: Person, rule: Rule, age: int) -> Iterator[Found]:
    """The register says who was pregnant when a file was made, which may be long ago."""
    if may_be_pregnant(member, rule, age) and member.extra.get("pregnant") is True:
        yield Found(member, "pregnancy", False, ASK_MIDWIFE)


def may_be_pregnant(member: Person, rule: Rule, age: int) -> bool:
    youngest, oldest = rule.fertile_ages
    return member.sex == "P" and youngest <= age <= oldest


def _as_young(member: Person, rule: Rule, age: int) -> Iterator[Found]:
    """A small child, or a pupil; at the age of school entry it may be either, as long as nobody has asked."""
    starts, ends = rule.school_ages
    words = str(member.extra.get("current_education", ""))
    attends = ATTENDS.get(words)
    if age < starts:
        yield Found(member, "child", True)
    elif age <= rule.child_age_max and attends is None:
        yield Found(member, "child", words in NOT_YET, None if words in NOT_YET else ASK_SCHOOL)
    if starts <= age <= ends and (level := attends or _likely_school(words, rule, age)):
        yield Found(member, level, False, ASK_SCHOOL)


def _likely_school(words: str, rule: Rule, age: int) -> str | None:
    if words in (*NO_SCHOOL_OF_OURS, *NOT_YET) or words.startswith(HIGHER):
        return None
    return next((level for level, (lo, hi) in rule.ages.items() if lo <= age <= hi), None)


def outlived(component: str, member: Person, since: date, rule: Rule, on: date) -> Text | None:
    """Why a component that somebody had does not hold on a day any more; None while it does."""
    age = member.age(on)
    if member.life_status in ("dead", "moved"):
        return _("sudah meninggal atau pindah")
    if component == "child" and age > rule.child_age_max:
        return _("sudah lewat %(age)s tahun", age=rule.child_age_max)
    if component in SCHOOLS and age > rule.school_ages[1]:
        return _("sudah lewat %(age)s tahun", age=rule.school_ages[1])
    months = (on.year - since.year) * 12 + on.month - since.month - (on.day < since.day)
    if component == "pregnancy" and months >= rule.pregnancy_months:
        return _("lebih dari %(n)s bulan sejak dicatat hamil", n=rule.pregnancy_months)
    return None


# ---- what they are worth together ----


@dataclass(frozen=True)
class Claim:
    """Somebody who is put forward for a component; ``person_id`` is None where only their number is known."""

    component: str
    name: str = ""
    person_id: UUID | None = None
    ended: Text | None = None
    """Why it holds no more."""


@dataclass(frozen=True)
class Counted:
    """A claim with what it adds in rupiah a year: nothing where ``why_not`` says so."""

    claim: Claim
    amount: int
    why_not: str = ""

    @property
    def counts(self) -> bool:
        return not self.why_not


def count(claims: Sequence[Claim], rule: Rule) -> list[Counted]:
    """Who counts under the limits per component and family, and one component a person: the highest amounts first."""
    order = sorted(claims, key=lambda claim: -rule.amount.get(claim.component, 0))
    counted: list[Counted] = []
    for claim in order:
        taken = [done.claim for done in counted if done.counts]
        why_not = _why_not(claim, taken, rule)
        counted.append(Counted(claim, 0 if why_not else rule.amount[claim.component], why_not))
    return counted


def _why_not(claim: Claim, taken: Sequence[Claim], rule: Rule) -> str:
    if claim.ended is not None:
        return str(claim.ended)
    if claim.component not in rule.amount:
        return gettext("bukan komponen menurut aturan saat itu")
    if rule.once_a_member and claim.person_id and any(other.person_id == claim.person_id for other in taken):
        return gettext("sudah dihitung untuk komponen lain")
    most = rule.most.get(claim.component, rule.family_most)
    if sum(other.component == claim.component for other in taken) >= most:
        return gettext("paling banyak %(n)s orang untuk komponen ini", n=most)
    if len(taken) >= rule.family_most:
        return gettext("paling banyak %(n)s orang sekeluarga", n=rule.family_most)
    return ""
