"""What the district has set of its modules in the demonstration."""

from core.actor import Actor, acting
from core.areas.code import AreaCode
from core.database.session import commit, scope
from core.settings.changing import SettingsWish, change_settings, hold_settings

from .demo_sign_ins import DISTRICT

SETTINGS = {"training": {"services": ["sktm.letter", "pbi_jk.reactivation", "dtsen.proposal"]}}


def set_modules(admin: Actor) -> None:
    """The same values again change nothing."""
    district = AreaCode.parse(DISTRICT)
    with scope(district), acting(admin):
        for plugin, values in SETTINGS.items():
            hold_settings()
            change_settings(district, plugin, SettingsWish(values))
            commit()
