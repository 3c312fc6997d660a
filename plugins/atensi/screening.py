"""Whom a cluster is for, as far as the village can know it. The others nobody guesses from a register."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from core.api import Criterion, Family, Person
from core.api import lazy_gettext as _

from .rulebook import age_rules


def is_child(person: Person, family: Family, on: date) -> Iterator[Criterion]:  # noqa: ARG001 - core's signature
    limit = age_rules.at(on).child_below
    yield Criterion(_("Berumur di bawah %(n)s tahun", n=limit), met=person.age(on) < limit)


def is_elderly(person: Person, family: Family, on: date) -> Iterator[Criterion]:  # noqa: ARG001 - core's signature
    limit = age_rules.at(on).elderly_from
    yield Criterion(_("Berumur %(n)s tahun atau lebih", n=limit), met=person.age(on) >= limit)


def is_disabled(person: Person, family: Family, on: date) -> Iterator[Criterion]:  # noqa: ARG001 - core's signature
    yield _on_record(person)


def needs_aid(person: Person, family: Family, on: date) -> Iterator[Criterion]:  # noqa: ARG001 - core's signature
    limit = age_rules.at(on).elderly_from
    elderly = person.age(on) >= limit
    yield Criterion(_("Berumur %(n)s tahun atau lebih", n=limit), met=elderly, kind="one_of")
    yield replace(_on_record(person), kind="one_of")


def _on_record(person: Person) -> Criterion:
    """A blank says that nobody wrote it down, and not that there is none."""
    return Criterion(
        _("Penyandang disabilitas"),
        met=True if person.disability else None,
        settled_by=_("Tanyakan, lalu catat di data warga bila keluarga menghendaki."),
    )
