"""The base of every form: our languages for WTForms' own messages, and no trailing blanks in any text."""

from typing import Any

from flask_babel import get_domain
from flask_wtf import FlaskForm
from wtforms import Form as PlainForm
from wtforms import HiddenField, PasswordField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import choices
from wtforms.meta import DefaultMeta
from wtforms.widgets import CheckboxInput, ListWidget

# By name: pyright's stubs of WTForms are older than this class.
SelectChoice: Any = vars(choices)["SelectChoice"]

__all__ = ["CheckboxesField", "Form", "OurMeta", "SelectChoice", "ServiceForm", "VersionedForm"]


class _Translations:
    """What WTForms asks for, answered by the process's catalogues."""

    def gettext(self, text: str) -> str:
        return get_domain().get_translations().ugettext(text)

    def ngettext(self, one: str, many: str, n: int) -> str:
        return get_domain().get_translations().ungettext(one, many, n)


TRANSLATIONS = _Translations()


def _strip(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


class OurMeta(DefaultMeta):
    def get_translations(self, form: Any) -> _Translations:  # noqa: ARG002 - WTForms' signature
        return TRANSLATIONS

    def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
        text = issubclass(unbound_field.field_class, StringField | TextAreaField)
        if text and not issubclass(unbound_field.field_class, PasswordField):
            options = {**options, "filters": (*unbound_field.kwargs.get("filters", ()), _strip)}
        return unbound_field.bind(form=form, **options)


class CheckboxesField(SelectMultipleField):
    """Several of a few: boxes to tick instead of a list that needs a second key held down."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class Form(FlaskForm):
    """A form of a page; its CSRF token is checked for every POST by the application as a whole."""

    class Meta(OurMeta, FlaskForm.Meta):
        # CSRFProtect checks the same token before any view runs.
        csrf = False  # pyright: ignore[reportIncompatibleMethodOverride, reportAssignmentType] - Flask-WTF's is lazy


class VersionedForm(Form):
    """A form about a row that others may change meanwhile: ``version`` is that of what the page showed."""

    version = HiddenField()

    @property
    def seen(self) -> int:
        """-1, which nothing has, for what is no version."""
        try:
            return int(self.version.data or "")
        except ValueError:
            return -1


class ServiceForm(PlainForm):
    """What a clerk fills in for one service. The answers are kept with the case."""

    class Meta(OurMeta):
        csrf = False
