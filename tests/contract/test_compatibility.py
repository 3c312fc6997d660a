"""The contract grows without breaking plugins, and what is to go warns for two minor versions before it does."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from core import api, deprecation, hookspecs
from core.deprecation import DEPRECATIONS, ApiWarning, Deprecation, warning_about
from core.hookspecs import hookimpl, hookspec
from core.plugins.api_version import API_VERSION, OLDEST_API, read_version
from core.plugins.dispatch import VillageHooks
from core.plugins.health import PluginHealth
from core.plugins.prepared import PreparedHooks

TABLE = (
    Deprecation("locate_person", "1.3", "1.5", "find_person"),
    Deprecation("case_panels(who)", "1.3", "1.5", "case_panels(user)"),
    Deprecation("case_panels()", "1.3", "1.5", "person_panels()"),
)


@pytest.fixture
def deprecated(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table with a name, a hook and an argument of a hook in it."""
    monkeypatch.setattr(deprecation, "DEPRECATIONS", TABLE)


def plugin_with(case_panels: Callable[..., Any]) -> ModuleType:
    module = ModuleType("made_up")
    vars(module)["case_panels"] = hookimpl(case_panels)
    return module


def asked(plugin: ModuleType, **arguments: Any) -> list[tuple[str, Any]]:
    """What core gets that asks the plugin for its panels, by the hook's specification as it stands."""
    hooks = VillageHooks(PreparedHooks({"made_up": plugin}), frozenset({"made_up"}), PluginHealth())
    return hooks.collect("case_panels", **arguments)


# ---- what is added ----


def test_a_hook_gets_one_more_argument_and_older_plugins_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def case_panels(case: Any, user: Any) -> None:
        """As in some later version."""

    def of_today(case: Any) -> list[Any]:
        return [case]

    def of_later(case: Any, user: Any) -> list[Any]:
        return [case, user]

    assert asked(plugin_with(of_today), case=1) == [("made_up", [1])]
    monkeypatch.setattr(hookspecs, "case_panels", hookspec(case_panels))
    assert asked(plugin_with(of_today), case=1, user=2) == [("made_up", [1])]
    assert asked(plugin_with(of_later), case=1, user=2) == [("made_up", [1, 2])]


# ---- what is to go ----


def test_what_is_deprecated_has_not_outlived_its_time() -> None:
    late = [str(line) for line in DEPRECATIONS if read_version(line.goes) <= read_version(API_VERSION)]
    assert not late, "its time has come: take it out, and raise OLDEST_API"
    assert read_version(OLDEST_API) <= read_version(API_VERSION)


@pytest.mark.parametrize(
    ("goes", "enough"), [("1.3", False), ("1.4", False), ("1.5", True), ("1.9", True), ("2", True)]
)
def test_it_warns_for_two_minor_versions_at_least(goes: str, enough: bool) -> None:
    if enough:
        assert "goes with" in str(Deprecation("locate_person", "1.3", goes, "find_person"))
        return
    with pytest.raises(ValueError, match="2 minor versions at least"):
        Deprecation("locate_person", "1.3", goes, "find_person")


@pytest.mark.usefixtures("deprecated")
def test_a_name_that_got_another_is_found_with_a_warning_at_the_line_that_wants_it() -> None:
    with pytest.warns(ApiWarning, match=r"locate_person is deprecated .* 1\.3 .* 1\.5; use find_person") as caught:
        from core.api import locate_person  # pyright: ignore[reportAttributeAccessIssue]  # noqa: PLC0415
    assert locate_person is api.find_person
    assert caught[0].filename == __file__


@pytest.mark.usefixtures("deprecated")
def test_a_name_that_never_was_is_not_found() -> None:
    with pytest.raises(ImportError, match="locate_household"):
        from core.api import locate_household  # pyright: ignore[reportAttributeAccessIssue]  # noqa: F401, PLC0415


@pytest.mark.usefixtures("deprecated")
def test_an_argument_that_got_another_name_is_handed_over_still_with_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    def case_panels(case: Any, user: Any, who: Any) -> None:
        """Core hands over the old one and the new."""

    warned = hookspec(warn_on_impl_args={"who": warning_about("case_panels(who)")})
    monkeypatch.setattr(hookspecs, "case_panels", warned(case_panels))

    def of_before(case: Any, who: Any) -> list[Any]:
        return [who]

    def of_later(case: Any, user: Any) -> list[Any]:
        return [user]

    with pytest.warns(ApiWarning, match=r"case_panels\(who\) .* use case_panels\(user\)"):
        assert asked(plugin_with(of_before), case=1, user=2, who=2) == [("made_up", [2])]
    assert asked(plugin_with(of_later), case=1, user=2, who=2) == [("made_up", [2])]


@pytest.mark.usefixtures("deprecated")
def test_a_hook_that_is_to_go_is_asked_still_with_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    def case_panels(case: Any) -> None:
        """To go."""

    monkeypatch.setattr(hookspecs, "case_panels", hookspec(warn_on_impl=warning_about("case_panels()"))(case_panels))
    with pytest.warns(ApiWarning, match=r"case_panels\(\) .* use person_panels\(\)"):
        assert asked(plugin_with(lambda case: [case]), case=1) == [("made_up", [1])]


def test_only_what_the_table_holds_can_be_warned_about() -> None:
    with pytest.raises(LookupError):
        warning_about("case_panels(case)")
