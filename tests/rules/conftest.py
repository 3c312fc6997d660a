"""Values of SKTM's rules set at an area, as its page or the tool would."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask

from core.actor import Actor, acting
from core.areas.code import AreaCode
from core.database.session import commit, scope
from core.rules.changing import NewOverride, hold_overrides, set_override
from core.rules.rulebook import Rules, books_of

DISTRICT, KECAMATAN = "32.01", "32.01.15"
FIRST = date(2026, 1, 1)

SetValue = Callable[..., None]


def rules_of(plugin: str, part: str = "rule") -> Rules:
    return next(rules for rules in books_of(plugin) if rules.part == part)


@pytest.fixture
def set_value(app: Flask, areas: None) -> SetValue:
    """``set_value("32.01", decile_max=7)``: from the first of January 2026 on, by Perbup 12/2026."""

    def set_value(
        code: str,
        plugin: str = "sktm",
        since: date = FIRST,
        until: date | None = None,
        source: str = "Perbup 12/2026",
        **values: Any,
    ) -> None:
        area = AreaCode.parse(code)
        with app.app_context(), scope(area), acting(Actor(None, "Rina")):
            hold_overrides()
            for key, value in values.items():
                wanted = NewOverride(value, since, until, source, "plausible")
                set_override(area, rules_of(plugin), key.replace("__", "."), wanted)
            commit()

    return set_value
