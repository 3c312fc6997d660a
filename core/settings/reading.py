"""What a plugin's settings are in an area: its own, else the nearest ones above, unless a lock holds higher up.

All settings of an area and of what it lies in come by one query, asked when a page first wants one and kept for the
transaction: a page that asks for none pays nothing, and the next request sees what another process has changed.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import bindparam, select
from wtforms import Field

from core.areas.code import AreaCode, chain_of
from core.cases.answers import form_with, readable
from core.database.kept import KeptForTransaction
from core.database.session import current_scope, db
from core.enablement import Setting, effective
from core.platform import platform
from core.users.sealing import seal, unseal

from .form import Settings, SettingsForm, is_secret
from .models import PluginSetting

log = logging.getLogger("puskesos.settings")

_PURPOSE = "plugin setting"
_PLACES = UUID("5f0f6a0e-5d0c-5c39-9f0a-6d1a4b0c7e21")


@dataclass(frozen=True)
class Stored:
    """One setting as it stands at an area. Of a secret ``sealed`` says all and ``value`` nothing."""

    area_id: int
    plugin: str
    name: str
    value: Any
    sealed: bytes | None
    locked: bool
    set_at: datetime
    user_name: str


@dataclass(frozen=True)
class InForce:
    """The setting that counts in an area, and the area that keeps those below from deviating (None: nobody)."""

    stored: Stored
    locked_by: int | None


_COLUMNS = [getattr(PluginSetting, name) for name in Stored.__dataclass_fields__]
_OF_CHAIN = select(*_COLUMNS).where(PluginSetting.area_id.in_(bindparam("chain", expanding=True)))


class OutsideScope(LookupError):
    """Settings of an area were asked for that the running request, command or job does not work in."""


def settings_of(area: AreaCode | Any, form: type[SettingsForm]) -> Settings:
    """A plugin's settings as they are in ``area``, which is an ``Area`` or an ``AreaCode``.

    Args:
        form: the class that the manifest names in ``settings``.

    Raises:
        LookupError: no loaded plugin has this form.
        OutsideScope: the area lies outside of that of the request, so that its settings cannot be seen.
    """
    plugin = platform().plugins.plugin_of_settings(form)
    kept = _KEPT.get()
    key = (area.id, plugin)
    if key not in kept.typed:
        kept.typed[key] = Settings(_typed(form, in_force(AreaCode.from_id(area.id), plugin)))
    return kept.typed[key]


def settings_of_all(areas: Iterable[AreaCode], form: type[SettingsForm]) -> dict[int, Settings]:
    """As :func:`settings_of` of many areas, by their ids, from one query for all of them."""
    asked = list(areas)
    kept = _KEPT.get()
    chains = {area.id: chain_of(area) for area in asked if area.id not in kept.rows}
    for area in asked:
        _require_scope(area)
    if chains:
        found = db.session.execute(
            _OF_CHAIN, {"chain": list({area_id for chain in chains.values() for area_id in chain})}
        )
        at: dict[int, list[Stored]] = {}
        for row in found:
            at.setdefault(row.area_id, []).append(Stored(*row))
        for area_id, chain in chains.items():
            kept.rows[area_id] = [row for above in chain for row in at.get(above, ())]
    return {area.id: settings_of(area, form) for area in asked}


def in_force(area: AreaCode, plugin: str) -> Mapping[str, InForce]:
    """The settings of a plugin that count in an area, by name; what nobody set is missing."""
    return resolve(chain_of(area), rows_of(area, plugin))


def rows_of(area: AreaCode, plugin: str) -> list[Stored]:
    """What is set of a plugin's settings at an area and at all that it lies in.

    Raises:
        OutsideScope: as :func:`settings_of`.
    """
    _require_scope(area)
    kept = _KEPT.get()
    if area.id not in kept.rows:
        found = db.session.execute(_OF_CHAIN, {"chain": chain_of(area)})
        kept.rows[area.id] = [Stored(*row) for row in found]
    return [row for row in kept.rows[area.id] if row.plugin == plugin]


def resolve(chain: Sequence[int], rows: Iterable[Stored]) -> dict[str, InForce]:
    """Of one plugin's settings in a chain of areas, those that count: by the same rule as modules."""
    at = {(row.area_id, row.name): row for row in rows}
    origins = effective(chain, [Setting(row.area_id, row.name, True, row.locked) for row in at.values()])
    return {name: InForce(at[origin.area_id, name], origin.locked_by) for name, origin in origins.items()}


def _typed(form_class: type[SettingsForm], found: Mapping[str, InForce]) -> dict[str, Any]:
    form = filled(form_class, found)
    return {field.name: found_secret(field, found) if is_secret(field) else field.data for field in form}


def filled(form_class: type[SettingsForm], found: Mapping[str, InForce]) -> SettingsForm:
    """The form with what counts; a secret's field stays empty, and what no longer fits its field is empty too."""
    values = {name: item.stored.value for name, item in found.items() if item.stored.sealed is None}
    form = form_with(form_class, values)
    assert isinstance(form, SettingsForm)  # noqa: S101 - told to pyright
    return form


def found_secret(field: Field, found: Mapping[str, InForce]) -> str | None:
    item = found.get(field.name)
    return open_secret(item.stored) if item else None


def seal_secret(area_id: int, plugin: str, name: str, plain: str) -> bytes:
    return seal(plain.encode(), _place(area_id, plugin, name), _PURPOSE)


def open_secret(stored: Stored) -> str | None:
    """None where it was sealed with another key, for another place, or is no secret."""
    if stored.sealed is None:
        return None
    plain = unseal(stored.sealed, _place(stored.area_id, stored.plugin, stored.name), _PURPOSE)
    if plain is None:
        log.warning("The secret %s.%s of area %s cannot be opened", stored.plugin, stored.name, stored.area_id)
    return plain.decode() if plain is not None else None


def _place(area_id: int, plugin: str, name: str) -> UUID:
    """What a secret is bound to: copied to another area, plugin or setting, it opens for nobody."""
    return uuid5(_PLACES, f"{area_id}/{plugin}/{name}")


def in_words(area: AreaCode, plugin: str) -> dict[str, str]:
    """A plugin's settings as a letter may say them, without its secrets; nothing for one that has no settings."""
    manifest = platform().plugins.plugins.get(plugin)
    if manifest is None or manifest.settings is None:
        return {}
    form = filled(manifest.settings, in_force(area, plugin))
    return {field.name: readable(field) for field in form if not is_secret(field)}


# ---- kept for the transaction ----


class _Kept:
    """What was read in the running transaction."""

    def __init__(self) -> None:
        self.rows: dict[int, list[Stored]] = {}
        self.typed: dict[tuple[int, str], Settings] = {}


_KEPT = KeptForTransaction(_Kept)


def forget() -> None:
    """Read again: something was changed in this transaction."""
    _KEPT.forget()


def _require_scope(area: AreaCode) -> None:
    bounds = current_scope.get()
    if bounds is None or not (bounds[0] <= area.id and area.hi <= bounds[1]):
        raise OutsideScope(f"settings of {area} cannot be read in the scope {bounds}")
