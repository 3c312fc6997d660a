"""Who may fetch a family's PKH: its pengurus, the mother or another grown woman; a man only where there is none."""

from collections.abc import Iterator, Sequence
from datetime import date

from core.api import Criterion, Person, Rule
from core.api import lazy_gettext as _

# Whom a family usually sends: the wife, or the woman who heads it, then the others by age.
USUAL_ROLES = ("wife", "head", "parent", "parent_in_law", "child_in_law", "child")


def is_adult(member: Person, rule: Rule, on: date) -> bool:
    return member.age(on) >= rule.payee_age or member.marital_status not in ("", "Belum kawin")


def usual_payee(members: Sequence[Person], rule: Rule, on: date) -> Person | None:
    """The wife, the woman who heads the family or the eldest grown woman; else the head or eldest grown man."""
    adults = [member for member in members if member.life_status == "alive" and is_adult(member, rule, on)]
    return min(adults, key=_rank, default=None)


def _rank(member: Person) -> tuple[bool, int, date]:
    role = member.family_role
    return (
        member.sex != "P",
        USUAL_ROLES.index(role) if role in USUAL_ROLES else len(USUAL_ROLES),
        member.birth_date,
    )


def may_be_payee(member: Person, members: Sequence[Person], rule: Rule, on: date) -> Iterator[Criterion]:
    """What speaks for and against one member of a family as its pengurus."""
    others = [m for m in members if m.life_status == "alive" and m.sex == "P" and is_adult(m, rule, on)]
    yield Criterion(_("Pengurus anggota keluarga dan masih hidup"), met=member in members and _alive(member))
    yield Criterion(
        _("Pengurus dewasa (%(n)s tahun, atau sudah kawin)", n=rule.payee_age), met=is_adult(member, rule, on)
    )
    yield Criterion(
        _("Pengurus perempuan, kecuali tidak ada perempuan dewasa di keluarga"), met=member.sex == "P" or not others
    )
    yield Criterion(
        _("NIK pengurus padan dengan data Dukcapil"),
        met=member.nik_matched,
        settled_by=_("Cek NIK pengurus di Dukcapil. Rekening KKS dibuka atas NIK ini."),
    )


def _alive(member: Person) -> bool:
    return member.life_status == "alive"


def named(members: Sequence[Person], text: str) -> Person | None:
    """The one member whose NIK or whole name was written; None when none is, or two."""
    words = " ".join(text.split()).casefold()
    found = [m for m in members if words and (m.nik == words or " ".join(m.name.split()).casefold() == words)]
    return found[0] if len(found) == 1 else None
