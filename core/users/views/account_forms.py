"""The forms of an account. Which role and area may be given is the domain's to judge: a choice that the page did not
offer is refused with a sentence, not as a slip of the hand."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from flask import g
from flask_babel import gettext
from wtforms import DateField, HiddenField, RadioField, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, Optional, Regexp

from core.areas.code import AreaCode
from core.areas.models import Area
from core.texts import lazy_gettext as _
from core.users.delegation import Post
from core.users.permissions import ROLES
from core.web.forms import Form, SelectChoice


def is_uuid(_form: object, field: HiddenField) -> None:
    try:
        UUID(field.data or "")
    except ValueError:
        raise ValidationError(gettext("Muat ulang halaman ini, lalu isi sekali lagi.")) from None


class PostForm(Form):
    """A role in an area, until a day."""

    offered: frozenset[str] = frozenset()
    """The codes of the areas that the page offers."""

    role = SelectField(_("Peran"), [InputRequired()], validate_choice=False)
    area = SelectField(_("Wilayah"), [InputRequired()], validate_choice=False)
    until = DateField(_("Hari terakhir bertugas"), [Optional()])


class NewAccountForm(PostForm):
    """``id`` and ``invitation`` are made with the form, so that a form sent twice makes nothing twice."""

    id = HiddenField(validators=[is_uuid])
    invitation = HiddenField(validators=[is_uuid])
    name = StringField(_("Nama orangnya"), [InputRequired(), Length(max=120)])
    username = StringField(
        _("Nama pengguna"),
        [
            InputRequired(),
            Length(max=64),
            Regexp(r"[A-Za-z0-9._-]*\Z", message=_("Pakai huruf, angka, titik, atau garis, tanpa spasi.")),
        ],
    )
    first = RadioField(
        _("Cara masuk pertama kali"),
        choices=[
            SelectChoice("password", _("Kata sandi sekali pakai, dibacakan atau dicetak")),
            SelectChoice("link", _("Tautan undangan, misalnya lewat WhatsApp; ia membuat kata sandinya sendiri")),
        ],
        default="password",
    )


class MoveForm(PostForm):
    since = DateField(_("Mulai tanggal"), [InputRequired()])


class UntilForm(Form):
    until = DateField(_("Hari terakhir bertugas"), [Optional()])


class NameForm(Form):
    before = HiddenField()
    name = StringField(_("Nama orangnya"), [InputRequired(), Length(max=120)])


def offer_posts(form: PostForm, roles: Iterable[str], places: Sequence[Area]) -> None:
    """With nothing chosen beforehand: the first role of the list is the highest."""
    form.offered = frozenset(place.code for place in places)
    form.role.choices = _unchosen([SelectChoice(role, ROLES[role].title) for role in roles])
    form.area.choices = _unchosen([SelectChoice(place.code, f"{place.title} · {place.code}") for place in places])


def _unchosen(choices: list) -> list:
    return choices if len(choices) == 1 else [SelectChoice("", gettext("Pilih …")), *choices]


def chosen_post(form: PostForm) -> Post | None:
    """To be asked after ``validate()``: None, with the reason beside its field, for no role or no area of ours at all.

    What lies outside the page's area is left to the domain to refuse.
    """
    try:
        area = AreaCode.parse(form.area.data or "")
    except ValueError:
        area = None
    if area is None or (g.area.interval.covers(area) and str(area) not in form.offered):
        form.area.errors = [gettext("Pilih wilayah dari daftar.")]
        return None
    if form.role.data not in ROLES:
        form.role.errors = [gettext("Pilih peran dari daftar.")]
        return None
    return Post(area, form.role.data)
