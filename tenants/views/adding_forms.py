"""The form for new villages: modules, ticket prefix, and a line for each person who will work there."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict
from wtforms import Form as PlainForm
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from core.areas.code import AreaCode, Level
from core.database.session import db
from core.texts import lazy_gettext
from core.users.accounts import USERNAME
from core.users.models import User
from core.users.permissions import ROLES
from core.web.forms import Form, OurMeta, SelectChoice
from tenants.manifest import StaffMember
from tenants.villages import prefix_problem

MOST_ROWS = 12
VILLAGE_ROLES = [role for role in ROLES.values() if role.level == Level.VILLAGE]
# What a user name begins with, and the role that goes with it.
STARTS = (("kades", "village_head"), ("petugas", "village_staff"), ("kader", "field_worker"))


class VillagesForm(Form):
    ticket = StringField(lazy_gettext("Awalan tiket"), [Optional(), Length(max=6)])
    modules = SelectMultipleField(
        lazy_gettext("Modul"), choices=[], widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    def validate_for(self, village: AreaCode | None) -> bool:
        """``village`` is the one that the prefix is for; None where each gets its own."""
        is_right = self.validate()
        if village and self.ticket.data and (problem := prefix_problem(self.ticket.data, village)):
            self.ticket.errors = [problem]
            return False
        return is_right


class StaffRow(PlainForm):
    """One person. A line without a name makes no account."""

    class Meta(OurMeta):
        csrf = False

    username = StringField(lazy_gettext("Nama pengguna"), [Length(max=64)])
    name = StringField(lazy_gettext("Nama orangnya"), [Length(max=120)])
    role = SelectField(lazy_gettext("Peran"), choices=[SelectChoice(role.key, role.title) for role in VILLAGE_ROLES])


def staff_rows(given: Mapping[str, str], *, count: int | None = None, start: int = 0) -> list[StaffRow]:
    """The lines of a form that was sent: ``staff-0-username`` and so on, as many as ``rows`` says."""
    wanted = count if count is not None else min(int(given.get("rows", "0")) if _is_number(given) else 0, MOST_ROWS)
    sent = given if isinstance(given, MultiDict) else MultiDict(given)
    return [StaffRow(sent or None, prefix=f"staff-{number}") for number in range(start, start + wanted)]


def _is_number(given: Mapping[str, str]) -> bool:
    text = given.get("rows", "0")
    return text.isascii() and text.isdecimal() and len(text) < 4


def check_rows(rows: Sequence[StaffRow]) -> bool:
    """Whether every line can become an account; what is wrong stands beside its field."""
    wanted = [row for row in rows if row.name.data]
    names = {(row.username.data or "").lower() for row in wanted}
    taken = set(db.session.scalars(select(func.lower(User.username)).where(func.lower(User.username).in_(names))))
    seen: set[str] = set()
    is_right = True
    for row in wanted:
        is_right = row.validate() and is_right
        username = row.username.data or ""
        problem = _username_problem(username, username.lower() in taken, username.lower() in seen)
        if problem:
            row.username.errors = [problem]
            is_right = False
        seen.add(username.lower())
    return is_right


def _username_problem(username: str, is_taken: bool, is_double: bool) -> str | None:
    if not USERNAME.fullmatch(username):
        return _("Nama pengguna %(name)s: pakai huruf, angka, titik, atau garis.", name=username or "''")
    if is_taken:
        return _("Nama pengguna %(name)s sudah dipakai.", name=username)
    return _("Nama pengguna %(name)s disebut dua kali.", name=username) if is_double else None


def members_of(rows: Sequence[StaffRow], village: AreaCode) -> tuple[StaffMember, ...]:
    return tuple(
        StaffMember(row.username.data or "", row.name.data or "", row.role.data, village)
        for row in rows
        if row.name.data
    )
