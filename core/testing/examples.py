"""Made-up answers and addresses, with which the contract's tests try a plugin."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from flask import Flask
from werkzeug.routing import AnyConverter, BaseConverter, FloatConverter, IntegerConverter, Rule, UUIDConverter
from wtforms import (
    BooleanField,
    DateField,
    DateTimeField,
    DecimalField,
    Field,
    Form,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TimeField,
)
from wtforms.validators import Length

from core.cases.answers import answers_of
from core.web.urls import AreaConverter

# What typst would read as markup if a template took an answer for source instead of text.
AWKWARD = 'Contoh #1 *tebal* _miring_ [kurung] $x$ @nama <label> "kutip" \\ // ujung'

_BY_TYPE: tuple[tuple[type[Field], Any], ...] = (
    (BooleanField, True),
    # Before the field that WTForms derives these two from.
    (DateField, date(2026, 1, 5)),
    (TimeField, time(9, 0)),
    (DateTimeField, datetime(2026, 1, 5, 9, 0, tzinfo=UTC)),
    (DecimalField, Decimal(1)),
    (IntegerField, 1),
)


def example_answers(form: type[Form]) -> dict[str, Any]:
    """An answer for each field of a service's form, as a case keeps it.

    Texts hold what would upset a letter that is not careful.
    """
    return answers_of(form(data={field.short_name: _example(field) for field in form()}))


def _example(field: Field) -> Any:
    if isinstance(field, SelectField | SelectMultipleField):
        choices = cast(Any, field).iter_choices()
        first = next((choice.value for choice in choices if choice.value), "")
        return [first] if isinstance(field, SelectMultipleField) else first
    for kind, value in _BY_TYPE:
        if isinstance(field, kind):
            return value
    if isinstance(field, StringField):
        longest = [check.max for check in field.validators if isinstance(check, Length) and check.max > 0]
        return AWKWARD[: min(longest, default=len(AWKWARD))]
    return field.data


def example_url(app: Flask, rule: Rule, village: str, given: Mapping[str, Any] | None = None) -> str:
    """An address that a rule answers, in a village; what it names besides does not exist, unless it is given."""
    values = {name: _argument(converter, village) for name, converter in rule._converters.items()} | dict(given or {})
    return app.url_map.bind("localhost").build(rule.endpoint, values)


def _argument(converter: BaseConverter, village: str) -> Any:
    if isinstance(converter, AreaConverter):
        return village
    if isinstance(converter, UUIDConverter):
        return UUID(int=1)
    if isinstance(converter, IntegerConverter | FloatConverter):
        return converter.min or 1
    return next(iter(converter.items)) if isinstance(converter, AnyConverter) else "contoh"
