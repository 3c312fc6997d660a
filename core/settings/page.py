"""A plugin's settings at one area as its page shows them: each value, where it comes from, and what may be done."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from wtforms import Field

from core.areas.code import AreaCode, chain_of
from core.areas.models import Area
from core.cases.answers import answers_of, readable
from core.database.session import db

from .changing import SettingsWish, deviations, locked_above
from .form import SettingsForm, is_secret, take_as_given
from .reading import InForce, Stored, filled, found_secret, open_secret, resolve, rows_of


@dataclass(frozen=True)
class SettingState:
    """One setting in an area.

    Attributes:
        name, label: of the form's field.
        text: the value that counts, in words; of a secret always "".
        source: the setting that counts; None where it is the plugin's own default.
        own: what is set at the area itself, which a lock above may keep from counting.
        locked_by: the area above that keeps it from being set here.
        inherited: what would count without an own setting, in words.
        inherited_from: the area where that is set; None for the plugin's default.
        below: how many areas below set it themselves.
        unreadable: a secret that was sealed with another key; it must be entered anew.
    """

    name: str
    label: str
    secret: bool
    text: str
    source: Stored | None
    own: Stored | None
    locked_by: int | None
    inherited: str
    inherited_from: int | None
    below: int
    unreadable: bool

    @property
    def is_set(self) -> bool:
        return self.source is not None


@dataclass(frozen=True)
class SettingsPage:
    """``fingerprint`` differs when anything that the page showed differs."""

    area: AreaCode
    plugin: str
    form_class: type[SettingsForm]
    counts: Mapping[str, InForce]
    above: Mapping[str, InForce]
    states: Mapping[str, SettingState]
    titles: Mapping[int, str]
    fingerprint: str

    def current(self) -> SettingsForm:
        """The form with what counts today."""
        return filled(self.form_class, self.counts)


def read_page(area: AreaCode, plugin: str, form_class: type[SettingsForm]) -> SettingsPage:
    """Three queries, whatever the form has."""
    rows, chain = rows_of(area, plugin), chain_of(area)
    counts, above = resolve(chain, rows), resolve(chain[:-1], rows)
    own = {row.name: row for row in rows if row.area_id == area.id}
    below = deviations(area, plugin)
    inherited = filled(form_class, above)
    states: dict[str, SettingState] = {}
    for field in filled(form_class, counts):
        name, secret = field.name, is_secret(field)
        found, from_above = counts.get(name), above.get(name)
        states[name] = SettingState(
            name=name,
            label=str(field.label.text),
            secret=secret,
            text="" if secret else readable(field),
            source=found.stored if found else None,
            own=own.get(name),
            locked_by=locked_above(area, found),
            inherited="" if secret else readable(inherited[name]),
            inherited_from=from_above.stored.area_id if from_above else None,
            below=below.get(name, 0),
            unreadable=bool(secret and found and open_secret(found.stored) is None),
        )
    return SettingsPage(area, plugin, form_class, counts, above, states, _titles(chain), _fingerprint(rows))


def _titles(chain: Sequence[int]) -> dict[int, str]:
    return {area.id: area.title for area in db.session.scalars(select(Area).where(Area.id.in_(chain)))}


def _fingerprint(rows: Sequence[Stored]) -> str:
    told = sorted([row.area_id, row.name, row.set_at.isoformat(), row.locked] for row in rows)
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]


# ---- what was sent, as a wish ----


@dataclass(frozen=True)
class Sent:
    """What a person filled in: the form, which settings are to be inherited again, which are to be locked."""

    form: SettingsForm
    reset: frozenset[str]
    locked: frozenset[str]


def complete(page: SettingsPage, sent: Sent, asked: frozenset[str] | None = None) -> bool:
    """Give the fields that were not filled in what they will have, so that the form validates the whole; does it.

    Args:
        asked: the fields that were filled in; None for all that the page offers.
    """
    for field in sent.form:
        state = page.states[field.name]
        if field.name in sent.reset:
            _give(field, page.form_class, page.above)
        elif state.locked_by is not None or (asked is not None and field.name not in asked) or _blank_secret(field):
            _give(field, page.form_class, page.counts)
    return sent.form.validate()


def _blank_secret(field: Field) -> bool:
    return is_secret(field) and not field.data


def _give(field: Field, form_class: type[SettingsForm], found: Mapping[str, InForce]) -> None:
    value = found_secret(field, found) if is_secret(field) else filled(form_class, found)[field.name].data
    field.process(None, value)
    take_as_given([field])


def wish_of(page: SettingsPage, sent: Sent, asked: frozenset[str] | None = None) -> SettingsWish:
    """What has to be set, reset and locked. A value that was left as it counts today stays inherited."""
    values: dict[str, Any] = {}
    secrets: dict[str, str] = {}
    locks: dict[str, bool] = {}
    given, today = answers_of(sent.form), answers_of(page.current())
    for name, state in page.states.items():
        if state.locked_by is not None or name in sent.reset:
            continue
        filled_in = asked is None or name in asked
        if state.secret:
            plain = sent.form[name].data
            if filled_in and plain and plain != found_secret(sent.form[name], page.counts):
                secrets[name] = plain
        elif filled_in and (asked is not None or not _same(given[name], today[name])):
            values[name] = given[name]
        elif name in sent.locked and state.own is None:
            values[name] = today[name]
        locks[name] = name in sent.locked
    return SettingsWish(values, secrets, sent.reset & page.states.keys(), locks)


def _same(one: Any, other: Any) -> bool:
    """An empty text is what a field without a value sends."""
    return (None if one == "" else one) == (None if other == "" else other)
