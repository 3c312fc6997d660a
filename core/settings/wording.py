"""A change of settings in words, without any secret."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from core.cases.answers import form_with, readable
from core.platform import platform

from .form import SettingsForm
from .models import PluginSettingChange


def steps_of(change: PluginSettingChange, form_class: type[SettingsForm]) -> list[tuple[str, str, str]]:
    """Of each setting that a change touched: its label, what stood before and what stands after."""
    return [
        (label_of(name, form_class), _told(name, change.before.get(name), form_class), _told(name, told, form_class))
        for name, told in sorted(change.after.items())
    ]


def labels(plugin: str, names: list[str]) -> str:
    """The labels of a plugin's settings; their names where it is not installed any more."""
    manifest = platform().plugins.plugins.get(plugin)
    form_class = manifest.settings if manifest else None
    return ", ".join(label_of(name, form_class) if form_class else name for name in names)


def label_of(name: str, form_class: type[SettingsForm]) -> str:
    form = form_class()
    return str(form[name].label.text) if name in form else name


def _told(name: str, told: Mapping[str, Any] | None, form_class: type[SettingsForm]) -> str:
    if told is None:
        return _("mengikuti")
    if told.get("secret"):
        text = _("rahasia, terisi")
    else:
        form = form_with(form_class, {name: told["value"]})
        text = (readable(form[name]) if name in form else str(told["value"])) or _("kosong")
    return _("%(state)s, terkunci", state=text) if told["locked"] else text
