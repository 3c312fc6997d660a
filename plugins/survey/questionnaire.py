"""What is asked at a home, as data: the versions of the questionnaire, and the sections that each consists of.

Items come from Kepmensos 262/HUK/2022, the fourteen of BPS (2005) and the blocks of the DTSEN questionnaire; which
question serves which is told in ``decree.py``, ``poverty.py`` and ``changes.py``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from core.api import Text
from core.api import lazy_gettext as _

from . import questions
from .questions import Question


@dataclass(frozen=True, eq=False)
class Section:
    """Questions that stand on one page. "members" and "photos" have pages of their own and no questions here."""

    key: str
    title: Text
    questions: tuple[Question, ...] = ()
    hint: Text = ""


@dataclass(frozen=True, eq=False)
class Questionnaire:
    """A version of the questions, since when it is used and where it comes from. A survey keeps its ``version``."""

    version: str
    since: date
    source: str
    sections: tuple[Section, ...]
    of_member: tuple[Question, ...]

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """Those about the household, by key."""
        return {question.key: question for section in self.sections for question in section.questions}

    @cached_property
    def section_of(self) -> Mapping[str, str]:
        return {question.key: section.key for section in self.sections for question in section.questions}

    @cached_property
    def member_questions(self) -> Mapping[str, Question]:
        return {question.key: question for question in self.of_member}

    def section(self, key: str) -> Section | None:
        return next((section for section in self.sections if section.key == key), None)

    def after(self, key: str) -> str | None:
        """The section that follows; None after the last."""
        keys = [section.key for section in self.sections]
        place = keys.index(key) + 1
        return keys[place] if place < len(keys) else None


HOUSE, MEMBERS, PHOTOS = "house", "members", "photos"

CURRENT = Questionnaire(
    version="2025-1",
    since=date(2025, 2, 5),
    source="Kepmensos 262/HUK/2022; BPS, 14 kriteria kemiskinan (2005); kuesioner DTSEN blok I–IV",
    sections=(
        Section("visit", _("Kunjungan"), tuple(questions.visit())),
        Section(
            "gate",
            _("Keadaan pokok"),
            tuple(questions.gate()),
            _("Sisanya dari Kepmensos 262 dibaca dari rumah dan pengeluaran."),
        ),
        Section(HOUSE, _("Rumah"), tuple(questions.house())),
        Section("spending", _("Makan dan pengeluaran"), tuple(questions.spending())),
        Section("work", _("Pekerjaan"), tuple(questions.work())),
        Section(MEMBERS, _("Anggota keluarga")),
        Section("assets", _("Harta"), tuple(questions.assets())),
        Section("aid", _("Bantuan"), tuple(questions.aid())),
        Section(PHOTOS, _("Foto")),
        Section("remark", _("Catatan"), (Question("remark", _("Catatan petugas"), "text", asked="may"),)),
    ),
    of_member=tuple(questions.of_member()),
)
"""The questions of today. Another version is added to ``VERSIONS``; old surveys are read by theirs."""

VERSIONS: Mapping[str, Questionnaire] = {CURRENT.version: CURRENT}


def questionnaire_of(version: str) -> Questionnaire:
    """That of a survey; today's where its version is not here any more."""
    return VERSIONS.get(version, CURRENT)
