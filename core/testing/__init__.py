"""For tests, ours and plugin authors': a real database, two districts with villages, sign-ins, synthetic residents.

It is a pytest plugin (see ``fixtures.py``). Where Puskesos is installed pytest finds it by itself; who runs from a
checkout that is not installed says ``addopts = "-p core.testing"``. Both together are one plugin, since the entry point
has this module's name.

What else it offers is imported when it is asked for: pytest loads this module in every project of the environment.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from core.testing.fixtures import (
    ClientAs,
    SignInAs,
    app,
    areas,
    case,
    client_as,
    clock,
    database_urls,
    limited,
    more_blueprints,
    other_village,
    owner_engine,
    sign_in,
    staff,
    test_plugins,
    village,
)

if TYPE_CHECKING:
    from core.jobs import run_waiting
    from core.personal_data.copying import personal_data
    from core.personal_data.erasing import erase
    from core.testing.contract import PluginContract
    from core.testing.moved_clock import Clock
    from core.testing.residents import days_ago, make_case, make_person, make_user, settle_papers
    from core.testing.villages import (
        AREAS,
        DISTRICT,
        FOREIGN,
        SIBLING,
        VILLAGE,
        at,
        clear,
        provision,
        switch,
        switch_off,
        test_config,
        with_plugin_tables,
    )

__all__ = [
    "AREAS",
    "DISTRICT",
    "FOREIGN",
    "SIBLING",
    "VILLAGE",
    "ClientAs",
    "Clock",
    "PluginContract",
    "SignInAs",
    "app",
    "areas",
    "at",
    "case",
    "clear",
    "client_as",
    "clock",
    "database_urls",
    "days_ago",
    "erase",
    "limited",
    "make_case",
    "make_person",
    "make_user",
    "more_blueprints",
    "other_village",
    "owner_engine",
    "personal_data",
    "provision",
    "run_waiting",
    "settle_papers",
    "sign_in",
    "staff",
    "switch",
    "switch_off",
    "test_config",
    "test_plugins",
    "village",
    "with_plugin_tables",
]

_LATER = {
    "core.jobs": ("run_waiting",),
    "core.personal_data.copying": ("personal_data",),
    "core.personal_data.erasing": ("erase",),
    "core.testing.contract": ("PluginContract",),
    "core.testing.moved_clock": ("Clock",),
    "core.testing.residents": ("days_ago", "make_case", "make_person", "make_user", "settle_papers"),
    "core.testing.villages": (
        *("AREAS", "DISTRICT", "FOREIGN", "SIBLING", "VILLAGE", "at", "clear", "provision"),
        *("switch", "switch_off", "test_config", "with_plugin_tables"),
    ),
}
_HOME = {name: module for module, names in _LATER.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def pytest_configure(config: pytest.Config) -> None:
    """Of the contract's longest tests, in whatever project they run."""
    config.addinivalue_line("markers", "story: takes long: a fresh environment, or a whole table of faults")
