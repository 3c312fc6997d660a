"""The answers to a service's form, between WTForms and the case's JSON."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from flask_babel import gettext as _
from wtforms import (
    DateField,
    DateTimeLocalField,
    DecimalField,
    Field,
    Form,
    SelectField,
    SelectMultipleField,
    TimeField,
)
from wtforms.fields import BooleanField

from core.web.formats import long_date

_READERS = (
    (TimeField, time.fromisoformat),
    (DateTimeLocalField, datetime.fromisoformat),
    (DateField, date.fromisoformat),
    (DecimalField, Decimal),
)


def answers_of(form: Form) -> dict[str, Any]:
    """What a filled-in form holds, as JSON can keep it: dates in ISO form, decimals as text."""
    return {name: _plain(value) for name, value in form.data.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def form_with(form_class: type[Form], answers: Mapping[str, Any]) -> Form:
    """The service's form, filled with kept answers.

    The plugin may have changed a field's type since: what no longer fits it is left empty, see :func:`left_over`.
    """
    form = form_class()
    for field in form:
        if field.short_name in answers:
            try:
                field.process(None, _typed(field, answers[field.short_name]))
            except (ValueError, TypeError, InvalidOperation):
                field.process(None, None)
    return form


def _typed(field: Field, value: Any) -> Any:
    """Raises: ValueError, TypeError, InvalidOperation: the value is none of the field's type."""
    read = next((read for kind, read in _READERS if isinstance(field, kind)), None)
    return value if value is None or read is None else read(value)


def left_over(form: Form, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Kept answers that the form shows nowhere, because the plugin dropped or changed the field: name and text."""
    shown = {field.short_name for field in form if field.data is not None or answers.get(field.short_name) is None}
    return [(name, str(value)) for name, value in answers.items() if name not in shown and value not in (None, "", [])]


def readable(field: Field) -> str:
    """An answer in words: the label of a choice, yes or no, else the text itself."""
    value = field.data
    if isinstance(field, SelectMultipleField):
        return ", ".join(str(label) for key, label in _labels(field) if key in (value or ()))
    if isinstance(field, SelectField):
        return next((str(label) for key, label in _labels(field) if key == value), str(value or ""))
    if isinstance(field, BooleanField):
        return _("ya") if value else _("tidak")
    if isinstance(value, datetime):
        return f"{long_date(value)} {value:%H.%M}"
    if isinstance(value, date):
        return long_date(value)
    return "" if value is None else str(value)


def _labels(field: SelectField | SelectMultipleField) -> list[tuple[str, object]]:
    choices = cast(Iterable[Any], field.iter_choices())
    return [(choice.value, choice.label) for choice in choices]
