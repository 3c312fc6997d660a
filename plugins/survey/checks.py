"""What is wrong with a survey, worth a look, or blank, each with the place where it is mended. No draft is refused.

GALAT keeps a survey from being finalised, PERINGATAN is to be looked at, KOSONG is a question without an answer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from core.api import Text, check_nik, gettext
from core.api import lazy_gettext as _

from .models import SurveyMember
from .questionnaire import Questionnaire
from .questions import Question
from .typed import READERS, Answers, Unreadable

Level = Literal["error", "warning", "blank"]
LEVELS: Mapping[Level, Text] = {"error": _("GALAT"), "warning": _("PERINGATAN"), "blank": _("KOSONG")}
MARKS: Mapping[Level, str] = {"error": "late", "warning": "due", "blank": ""}

INDONESIA = ((-11.5, 6.5), (94.5, 141.5))
"""Degrees between which a home of this country lies."""
ONLY_VISIT = ("visit", "remark")
"""What is asked where nobody was met."""
WIDE = 100  # m² a person, from which on a floor was probably mistyped


@dataclass(frozen=True)
class Finding:
    """Something about one question of a section, or of one member."""

    level: Level
    section: str
    key: str
    message: str
    member_id: UUID | None = None


def check(
    questionnaire: Questionnaire,
    answers: Answers,
    members: Sequence[SurveyMember],
    *,
    photos: int,
    day: date,
) -> list[Finding]:
    """All findings, those that block first, each level in the order of the questions. No query."""
    found = list(_of_questions(questionnaire, answers, day))
    found += _about_visit(answers)
    if answers.text("found") == "yes":
        found += _about_house(answers, len(_here(members)))
        found += _about_money(answers)
        found += _about_living(answers)
        found += _of_members(questionnaire, members, day)
        if not photos:
            found.append(Finding("blank", "photos", "photos", gettext("Foto rumah belum ada.")))
    order, places = list(LEVELS), [section.key for section in questionnaire.sections]
    return sorted(found, key=lambda one: (order.index(one.level), places.index(one.section)))


def blocking(findings: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.level == "error"]


# ---- each answer by itself ----


def _of_questions(questionnaire: Questionnaire, answers: Answers, day: date) -> Iterator[Finding]:
    met = answers.text("found") in ("", "yes")
    for section in questionnaire.sections:
        if met or section.key in ONLY_VISIT:
            for question in section.questions:
                needed = met or question.key in ("visited_on", "found", "kinship")
                yield from _of_answer(
                    section.key, question, answers, day, needed=needed and _applies(answers, question)
                )


def _applies(answers: Answers, question: Question) -> bool:
    """Of a house that is not there nothing is asked."""
    return answers.is_yes("shelter") is not False or question.key not in _OF_HOUSE


_OF_HOUSE = frozenset({"tenure", "floor_area", "floor", "floor_state", "wall", "wall_state", "roof", "roof_state"})


def _of_answer(
    section: str, question: Question, answers: Answers, day: date, *, needed: bool = True, member: UUID | None = None
) -> Iterator[Finding]:
    title = str(question.title)
    if answers.blank(question.key):
        if needed and question.asked != "may":
            level: Level = "error" if question.asked == "must" else "blank"
            text = gettext("%(what)s belum diisi.", what=title)
            yield Finding(level, section, question.key, text, member)
        return
    if problem := _problem(question, answers, day):
        yield Finding("error", section, question.key, f"{title}: {problem}", member)


def _problem(question: Question, answers: Answers, day: date) -> str:
    raw = answers.raw.get(question.key)
    if question.kind == "choices":
        unknown = not isinstance(raw, list) or bool(set(map(str, raw)) - set(question.options))
        return gettext("pilihan tidak dikenal.") if unknown else ""
    if question.kind == "choice":
        return "" if answers.code(question.key) else gettext("pilihan tidak dikenal.")
    if question.kind in ("nik", "kk"):
        return _number_problem(question, answers.text(question.key))
    reader = READERS.get(question.kind)
    if reader is None:
        return ""
    try:
        value = reader(answers.text(question.key))
    except Unreadable:
        return _UNREADABLE[question.kind]()
    return gettext("tanggal ini belum tiba.") if isinstance(value, date) and value > day else ""


_UNREADABLE = {
    "number": lambda: gettext("tulis dengan angka, misalnya 36 atau 36,5."),
    "money": lambda: gettext("tulis rupiahnya dengan angka, misalnya 600.000."),
    "day": lambda: gettext("tanggal tidak terbaca."),
    "place": lambda: gettext("tulis lintang, bujur, misalnya -6.5912, 106.7012."),
}


def _number_problem(question: Question, text: str) -> str:
    """A No. KK is only counted: its date is that of the card, for which a NIK's rules are too narrow."""
    digits = "".join(c for c in text if c not in " .-")
    if len(digits) != 16 or not (digits.isascii() and digits.isdigit()):
        return gettext("harus 16 angka.")
    errors = check_nik(digits).errors if question.kind == "nik" else []
    return str(errors[0].message) if errors else ""


# ---- answers against each other ----


def _about_visit(answers: Answers) -> Iterator[Finding]:
    if answers.text("kinship") == "yes":
        text = gettext("Kerabat tidak boleh menyurvei. Minta petugas lain menggantikan Anda.")
        yield Finding("error", "visit", "kinship", text)
    place = answers.place("location")
    if place and not all(lo <= at <= hi for at, (lo, hi) in zip((place.lat, place.lng), INDONESIA, strict=True)):
        text = gettext("Titik lokasi di luar Indonesia; mungkin lintang dan bujur tertukar.")
        yield Finding("warning", "visit", "location", text)


def _about_house(answers: Answers, people: int) -> Iterator[Finding]:
    area = answers.number("floor_area")
    if area is not None and answers.is_yes("shelter") is not False:
        if area <= 0:
            yield Finding("error", "house", "floor_area", gettext("Luas lantai harus lebih dari 0."))
        elif people and area / people > WIDE:
            yield Finding("warning", "house", "floor_area", gettext("Lebih dari %(n)s m² per orang; periksa.", n=WIDE))
    lighting = answers.code("lighting")
    if lighting == "meter" and answers.blank("power"):
        yield Finding("blank", "house", "power", gettext("Daya terpasang belum diisi."))
    if lighting in ("shared", "other", "none") and not answers.blank("power"):
        yield Finding("warning", "house", "power", gettext("Ada daya terpasang, padahal tidak bermeteran sendiri."))


def _about_money(answers: Answers) -> Iterator[Finding]:
    food, spending, income = answers.number("food"), answers.number("spending"), answers.number("income")
    head = answers.number("head_income")
    if food is not None and spending is not None and food > spending:
        text = gettext("Pengeluaran makanan lebih besar daripada seluruh pengeluaran.")
        yield Finding("error", "spending", "food", text)
    if spending == 0:
        yield Finding("warning", "spending", "spending", gettext("Seluruh pengeluaran 0 rupiah; periksa."))
    if spending and income is not None and spending > 2 * income:
        text = gettext("Pengeluaran lebih dari dua kali penghasilan; tanyakan dari mana selisihnya.")
        yield Finding("warning", "spending", "spending", text)
    if head is not None and income is not None and head > income:
        text = gettext("Penghasilan kepala keluarga lebih besar daripada penghasilan seluruh keluarga.")
        yield Finding("error", "work", "head_income", text)


def _about_living(answers: Answers) -> Iterator[Finding]:
    works, work = answers.is_yes("head_works"), answers.code("head_work")
    if (works is True and work == "none") or (works is False and work not in (None, "none", "official")):
        text = gettext("Pekerjaan kepala keluarga tidak cocok dengan “Kepala keluarga bekerja”.")
        yield Finding("warning", "work", "head_work", text)
    if work == "farmer" and answers.blank("land"):
        yield Finding("blank", "work", "land", gettext("Luas lahan yang digarap belum diisi."))
    if answers.is_yes("clothing") is False and answers.code("clothes") == "2":
        text = gettext("Tidak ada pengeluaran pakaian, padahal membeli dua setel atau lebih.")
        yield Finding("warning", "spending", "clothes", text)
    for section, key in (("assets", "assets"), ("aid", "aid")):
        ticked = answers.codes(key) or frozenset()
        if "none" in ticked and len(ticked) > 1:
            text = gettext("%(what)s: “tidak ada” dicentang bersama yang lain.", what=answers.questions[key].title)
            yield Finding("error", section, key, text)


# ---- members ----


def _here(members: Sequence[SurveyMember]) -> list[SurveyMember]:
    return [member for member in members if member.answers.get("standing") == "here"]


def _of_members(questionnaire: Questionnaire, members: Sequence[SurveyMember], day: date) -> Iterator[Finding]:
    heads = sum(member.answers.get("role") == "head" for member in _here(members))
    if heads != 1:
        text = gettext("Harus ada tepat satu kepala keluarga yang tinggal di rumah ini; sekarang %(n)s.", n=heads)
        yield Finding("error", "members", "members", text)
    seen: dict[str, str] = {}
    for member in members:
        answers = Answers(questionnaire.member_questions, member.answers)
        yield from _of_member(questionnaire, member, answers, day)
        nik = "".join(c for c in answers.text("nik") if c.isdigit())
        if nik and nik in seen:
            text = gettext("NIK %(name)s sama dengan NIK %(other)s.", name=member.name, other=seen[nik])
            yield Finding("error", "members", "nik", text, member.id)
        elif nik:
            seen[nik] = member.name


def _of_member(questionnaire: Questionnaire, member: SurveyMember, answers: Answers, day: date) -> Iterator[Finding]:
    gone = answers.text("standing") in ("moved", "dead", "unknown")
    for question in questionnaire.of_member:
        if gone and question.key != "standing":
            continue
        for found in _of_answer("members", question, answers, day, member=member.id):
            name = member.name or gettext("Anggota tanpa nama")
            yield Finding(found.level, "members", found.key, f"{name}: {found.message}", member.id)
    born, nik = answers.day("born"), answers.text("nik")
    if not gone and nik and born:
        checked = check_nik(nik, birth_date=born, sex=answers.code("sex"))
        for doubt in () if checked.errors else checked.warnings:
            yield Finding("warning", "members", "nik", f"{member.name}: {doubt.message}", member.id)
