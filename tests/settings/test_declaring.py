"""Which forms may be a plugin's settings: one that could not work makes the plugin broken, and not the page."""

import pytest
from wtforms import (
    FieldList,
    FileField,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    PasswordField,
    StringField,
    SubmitField,
)
from wtforms.validators import DataRequired, InputRequired, NumberRange, ValidationError

from core.api import Plugin, SecretField, SettingsForm
from core.plugins.manifest import InvalidManifest


def declare(settings: object) -> Plugin:
    return Plugin(
        name="courier",
        title="Courier",
        summary="-",
        version="1",
        api="1",
        settings=settings,  # pyright: ignore[reportArgumentType]
    )


def form(**fields: object) -> type[SettingsForm]:
    return type("Made", (SettingsForm,), fields)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"logo": FileField()}, "logo cannot be a setting"),
        ({"parts": FieldList(StringField())}, "parts cannot be a setting"),
        ({"inner": FormField(Form)}, "inner cannot be a setting"),
        ({"hidden": HiddenField()}, "hidden cannot be a setting"),
        ({"send": SubmitField()}, "send cannot be a setting"),
        ({"lock": StringField()}, "lock cannot be a setting"),
        ({"n" * 65: StringField()}, "cannot be a setting"),
        ({"token": PasswordField()}, "token must be a SecretField"),
        ({"days": IntegerField(validators=[InputRequired()])}, "the default of days is not accepted"),
        ({"days": IntegerField(validators=[NumberRange(1, 9)], default=10)}, "the default of days is not accepted"),
        ({"name": StringField(validators=[DataRequired()], default="")}, "the default of name is not accepted"),
        ({"token": SecretField(validators=[InputRequired()])}, "the default of token is not accepted"),
        ({"editors": ("field_worker",)}, "field_worker"),
        ({"editors": ("king",)}, "king"),
    ],
)
def test_a_form_that_could_not_work_is_refused_with_the_reason(fields: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidManifest, match=words):
        declare(form(**fields))


def test_a_form_that_fails_with_its_own_defaults_is_refused() -> None:
    def validate_days(_form: object, field: IntegerField) -> None:
        if field.data > 3:  # pyright: ignore[reportOptionalOperand] - None, as nobody set it
            raise ValidationError("x")

    with pytest.raises(InvalidManifest, match="fails with its own defaults"):
        declare(form(days=IntegerField(), validate_days=validate_days))


@pytest.mark.parametrize("other", [Form, StringField, "LetterSettings", SettingsForm()])
def test_only_a_class_of_settings_will_do(other: object) -> None:
    with pytest.raises(InvalidManifest, match="derived from SettingsForm"):
        declare(other)


def test_what_is_required_and_has_a_default_will_do() -> None:
    accepted = form(days=IntegerField(validators=[InputRequired(), NumberRange(1, 9)], default=5), token=SecretField())
    assert declare(accepted).settings is accepted
