"""What a plugin's author declares: a form whose fields are the plugin's settings."""

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import (
    Field,
    FieldList,
    FileField,
    Form,
    FormField,
    HiddenField,
    PasswordField,
    StringField,
    SubmitField,
)
from wtforms.validators import Optional, Regexp

from core.texts import lazy_gettext as _
from core.web.forms import OurMeta

EDITORS = frozenset({"district_officer", "kecamatan_supervisor", "village_head", "village_staff"})
"""Roles that may be given a plugin's settings besides the district's admin, each in its own area."""

MAX_NAME = 64
TAKEN_NAMES = frozenset({"csrf_token", "fingerprint", "lock", "reset"})
"""What the page of settings sends besides the settings."""

_NO_SETTING = (FieldList, FileField, FormField, HiddenField, SubmitField)


class SecretField(PasswordField):
    """A setting that is kept sealed and never shown again: a token, a password of a partner's system."""

    def __init__(self, label: str | None = None, validators: Any = None, **kwargs: Any) -> None:
        # A blank that was copied along is never meant.
        super().__init__(label, validators, filters=(lambda text: text.strip() if text else text,), **kwargs)


class WhatsAppField(StringField):
    """A setting: the number at which staff reach those outside for whom proposals wait."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        digits = Regexp(r"^\+?[0-9][0-9 \-]{7,18}$", message=_("Tulis nomornya seperti 0812-3456-7890."))
        where = _("Tampil pada petugas desa di samping usulan yang lama tanpa kabar.")
        super().__init__(label, [Optional(), digits], description=where, **kwargs)


class SettingsForm(Form):
    """The base of a plugin's settings. Each field is one setting, and its default holds where nobody set it.

    Attributes:
        editors: roles that may change them besides the district's admin, each in its own area and below: some of
            "district_officer", "kecamatan_supervisor", "village_head", "village_staff".
    """

    editors: tuple[str, ...] = ()

    class Meta(OurMeta):
        csrf = False


class Settings:
    """The settings of one plugin as they are in one area, each an attribute of the type that its field makes.

    A secret is its plain text; None where it is not set, or was sealed with another key.
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        object.__setattr__(self, "_values", dict(values))

    def __getattr__(self, name: str) -> Any:
        try:
            return object.__getattribute__(self, "_values")[name]
        except (AttributeError, KeyError):
            raise AttributeError(f"the plugin declares no setting {name!r}") from None

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("settings are changed by people, not by code")

    def __repr__(self) -> str:
        return f"Settings({', '.join(sorted(self._values))})"  # without the values: one may be a secret


def is_secret(field: Field) -> bool:
    return isinstance(field, SecretField)


def check_settings_form(form_class: object) -> None:
    """Whether a plugin may have its settings in this form.

    Raises:
        ValueError: it may not; says why.
    """
    if not (isinstance(form_class, type) and issubclass(form_class, SettingsForm)):
        raise ValueError("settings must be a class derived from SettingsForm")
    if unknown := set(form_class.editors) - EDITORS:
        raise ValueError(f"settings: editors may be some of {sorted(EDITORS)}, not {sorted(unknown)}")
    form = form_class()
    for field in form:
        if isinstance(field, _NO_SETTING) or len(field.name) > MAX_NAME or field.name in TAKEN_NAMES:
            raise ValueError(f"settings: {field.name} cannot be a setting ({type(field).__name__})")
        if isinstance(field, PasswordField) and not is_secret(field):
            raise ValueError(f"settings: {field.name} must be a SecretField, so that it is sealed")
    if wrong := _refused(form):
        raise ValueError(
            f"settings: the default of {', '.join(wrong)} is not accepted by the form itself; "
            "give a default that is, or Optional()"
        )


def _refused(form: SettingsForm) -> list[str]:
    """The fields whose defaults do not pass. What nobody has set yet must never be wrong."""
    take_as_given(form)
    try:
        if form.validate():
            return []
    except Exception as error:
        raise ValueError(f"settings: the form fails with its own defaults: {error}") from error
    return [field.name for field in form if field.errors] or ["the form"]


def take_as_given(fields: Iterable[Field]) -> None:
    """Let values that did not come from a browser pass ``InputRequired``, which looks at what was sent."""
    for field in fields:
        field.raw_data = [] if field.data in (None, "") else [field.data]
