"""SKTM: the letter by which the village states that a family is poor. The village itself decides."""

from collections.abc import Sequence

import click
from flask import Blueprint

from core.api import (
    Area,
    Case,
    MenuItem,
    Panel,
    Permission,
    Person,
    Plugin,
    RegisterRow,
    SearchResult,
    Service,
    Text,
    commit,
    find_letters,
    hookimpl,
    letters_of_person,
    long_date,
    unsigned_letters,
)
from core.api import lazy_gettext as _

from .commands import register
from .evidence import confirm_own_letter
from .services import letter_of_poverty
from .settings import LetterSettings
from .views import bp

plugin = Plugin(
    name="sktm",
    title=_("SKTM"),
    summary=_("Surat Keterangan Tidak Mampu: permohonan, penetapan kepala desa, surat ber-QR, register"),
    version="1.0.0",
    api="1",
    personal_data=("economy",),
    deeds={"sktm.register_downloaded": _("mengunduh register SKTM tahun %(object)s, %(letters)s surat")},
    objects={"register": _("register SKTM")},
    settings=LetterSettings,
)


@hookimpl
def services() -> list[Service]:
    return [letter_of_poverty]


@hookimpl
def blueprint() -> Blueprint:
    return bp


@hookimpl
def commands() -> list[click.Command]:
    return [register]


@hookimpl
def permissions() -> list[Permission]:
    readers = ("district_officer", "kecamatan_supervisor", "village_head", "village_staff", "auditor")
    return [Permission("sktm.register", _("Melihat register SKTM"), readers)]


@hookimpl
def menu_items() -> list[MenuItem]:
    label = _("Register SKTM")
    return [MenuItem(label=label, endpoint="sktm.register", permission="sktm.register", icon="journal-text")]


@hookimpl
def dashboard_cards(area: Area) -> list[Panel] | None:
    waiting = unsigned_letters(area.id, letter_of_poverty.name)
    return [_letters(_("SKTM menunggu tanda tangan"), waiting)] if waiting else None


@hookimpl
def person_panels(person: Person) -> list[Panel] | None:
    earlier = letters_of_person(person.village_id, person.id, letter_of_poverty.name)
    return [_letters(_("SKTM yang pernah dibuat"), earlier)] if earlier else None


@hookimpl
def search_results(area: Area, words: str) -> list[SearchResult]:
    """By the number of the letter, or whose it is."""
    return [
        SearchResult(
            title=row.letter.reference,
            text=f"{row.letter.subject} · {long_date(row.letter.issued_on)}",
            endpoint="cases.show",
            values={"id": row.letter.case_id},
            permission="letters.read",
        )
        for row in find_letters(area.id, letter_of_poverty.name, words)
    ]


def _letters(title: Text, rows: Sequence[RegisterRow]) -> Panel:
    return Panel(title=title, template="sktm/letters.html", permission="letters.read", values={"rows": rows})


@hookimpl
def case_opened(case: Case) -> None:
    if confirm_own_letter(case):
        commit()
