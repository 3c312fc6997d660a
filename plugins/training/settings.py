"""What a district may set: which services nobody should work on without their training."""

from typing import Any

from core.api import CheckboxesField, SelectChoice, SettingsForm, service_titles
from core.api import lazy_gettext as _


def _services() -> list[Any]:
    return [SelectChoice(name, title) for name, title in service_titles().items()]


class TrainingSettings(SettingsForm):
    editors = ("district_officer",)

    services = CheckboxesField(
        _("Layanan yang petugasnya wajib terlatih"),
        choices=_services,
        description=_(
            "Petugas tanpa sertifikat yang berlaku diperingatkan di kasus layanan itu. Pekerjaannya tidak dihalangi."
        ),
    )
