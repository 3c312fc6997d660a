"""What a district or a village may set: which services ask for a survey, and for how long one counts."""

from typing import Any

from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from core.api import CheckboxesField, SelectChoice, SettingsForm, service_titles
from core.api import lazy_gettext as _


def _services() -> list[Any]:
    return [SelectChoice(name, title) for name, title in service_titles().items()]


class SurveySettings(SettingsForm):
    editors = ("district_officer", "village_head")

    services = CheckboxesField(
        _("Layanan yang butuh survei rumah"),
        choices=_services,
        description=_(
            "Kasusnya baru dapat dikirim atau diputuskan bila ada survei yang sudah ditandatangani orang kedua."
        ),
    )
    valid_days = IntegerField(
        _("Berapa hari survei berlaku"),
        [InputRequired(), NumberRange(1, 1825)],
        default=365,
        description=_("Dihitung dari hari kunjungan."),
    )
