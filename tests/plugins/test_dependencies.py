"""Plugins that need each other and plugins that do not agree: read, checked at load, followed in a village."""

import importlib.metadata
import random
import sys
from collections.abc import Iterable
from types import ModuleType
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.plugins.dependencies import (
    Dependency,
    clashes,
    cycles,
    dependents_of,
    disagree,
    missing_of,
    required_by,
    running,
)
from core.plugins.manifest import InvalidManifest, Plugin
from core.plugins.registry import ENTRY_POINT_GROUP, PluginRegistry, load_plugins

Declared = dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]]
"""Name → version, requires, conflicts."""


def manifest(name: str, version: str = "1", requires: Iterable[str] = (), conflicts: Iterable[str] = ()) -> Plugin:
    return Plugin(
        name=name,
        title=name.title(),
        summary="-",
        version=version,
        api="1",
        requires=tuple(requires),
        conflicts=tuple(conflicts),
    )


def manifests(**declared: tuple[str, tuple[str, ...], tuple[str, ...]]) -> dict[str, Plugin]:
    return {name: manifest(name, *rest) for name, rest in declared.items()}


def load(*plugins: Plugin, seed: int = 0) -> PluginRegistry:
    """Load them in an order that the seed decides, as installing them one after the other would."""
    entry_points = []
    for plugin in plugins:
        module = ModuleType(f"depending_{plugin.name}")
        vars(module)["plugin"] = plugin
        sys.modules[module.__name__] = module
        entry_points.append(importlib.metadata.EntryPoint(plugin.name, module.__name__, ENTRY_POINT_GROUP))
    random.Random(seed).shuffle(entry_points)  # noqa: S311 - not for a secret
    return load_plugins(strict=False, disabled=frozenset(), entry_points=entry_points)


def reasons(registry: PluginRegistry) -> dict[str, str]:
    return {item.name: str(item.reason) for item in registry.broken}


def declaring(name: str, key: Literal["requires", "conflicts"], other: str) -> Plugin:
    return manifest(name, requires=(other,)) if key == "requires" else manifest(name, conflicts=(other,))


# ---- reading ----


@pytest.mark.parametrize(
    ("text", "version", "met"),
    [
        ("pantry", "0.1", True),
        ("pantry >=1.2,<2", "1.2", True),
        ("pantry >=1.2,<2", "1.10", True),
        ("pantry >=1.2,<2", "2.0", False),
        ("pantry>=1.2", "1.1.9", False),
        ("pantry ~=1.4", "1.9", True),
        ("pantry !=1.5", "1.5", False),
        ("pantry >=1.2", "1.3.dev1", True),
    ],
)
def test_a_range_says_which_versions_will_do(text: str, version: str, met: bool) -> None:
    assert Dependency.parse(text).name == "pantry"
    assert Dependency.parse(text).met_by(version) is met


@pytest.mark.parametrize("key", ["requires", "conflicts"])
@pytest.mark.parametrize(
    "text", ["", "pantry >=", "pantry 1.2", "pantry[x]", "pantry; os_name == 'nt'", "q @ http://x"]
)
def test_what_is_no_range_is_refused_in_the_manifest(key: Literal["requires", "conflicts"], text: str) -> None:
    with pytest.raises(InvalidManifest, match="alms"):
        declaring("alms", key, text)


@pytest.mark.parametrize("key", ["requires", "conflicts"])
def test_a_plugin_neither_requires_nor_refuses_itself(key: Literal["requires", "conflicts"]) -> None:
    with pytest.raises(InvalidManifest, match="other plugins"):
        declaring("alms", key, "alms")


def test_a_version_that_no_range_can_be_asked_about_is_refused() -> None:
    with pytest.raises(InvalidManifest, match="PEP 440"):
        manifest("alms", "newest")


# ---- at load ----


def test_a_requirement_in_another_version_is_named_with_what_is_there() -> None:
    registry = load(manifest("alms", requires=("pantry >=2",)), manifest("pantry", "1.4"))
    assert list(registry.plugins) == ["pantry"]
    assert "membutuhkan modul pantry >=2" in reasons(registry)["alms"]
    assert "pantry 1.4" in reasons(registry)["alms"]


def test_a_circle_is_refused_with_all_who_are_in_it_and_named() -> None:
    registry = load(
        manifest("alms", requires=("pantry",)),
        manifest("pantry", requires=("school",)),
        manifest("school", requires=("alms",)),
        manifest("visits", requires=("school",)),
        manifest("zakat"),
    )
    assert list(registry.plugins) == ["zakat"]
    found = reasons(registry)
    for name in ("alms", "pantry", "school"):
        assert "alms → pantry → school → alms" in found[name]
    assert "membutuhkan modul school" in found["visits"]


def test_two_circles_are_both_named() -> None:
    plugins = manifests(
        aa=("1", ("bb",), ()),
        bb=("1", ("aa",), ()),
        cc=("1", ("dd",), ()),
        dd=("1", ("cc",), ()),
        ee=("1", ("aa", "cc"), ()),
    )
    assert cycles(plugins) == [("aa", "bb", "aa"), ("cc", "dd", "cc")]


def test_a_plugin_that_requires_what_does_not_agree_can_run_nowhere_and_is_refused() -> None:
    registry = load(
        manifest("alms", requires=("pantry", "school")), manifest("pantry", conflicts=("school",)), manifest("school")
    )
    assert list(registry.plugins) == ["pantry", "school"]
    assert "pantry" in reasons(registry)["alms"]
    assert "school" in reasons(registry)["alms"]


def test_plugins_that_do_not_agree_may_both_be_installed() -> None:
    registry = load(manifest("alms", conflicts=("pantry",)), manifest("pantry"))
    assert list(registry.plugins) == ["alms", "pantry"]
    assert registry.broken == ()


@pytest.mark.parametrize("seed", range(8))
def test_the_order_of_installation_decides_nothing(seed: int) -> None:
    plugins = (
        manifest("alms", requires=("pantry",), conflicts=("school",)),
        manifest("pantry"),
        manifest("school"),
        manifest("visits", requires=("school",)),
        manifest("ring_a", requires=("ring_b",)),
        manifest("ring_b", requires=("ring_a",)),
        manifest("lost", requires=("nowhere",)),
    )
    registry, first = load(*plugins, seed=seed), load(*sorted(plugins, key=lambda plugin: plugin.name))
    assert list(registry.plugins) == list(first.plugins) == ["alms", "pantry", "school", "visits"]
    assert [str(item) for item in registry.broken] == [str(item) for item in first.broken]
    assert registry.effective(first.plugins) == first.effective(first.plugins)
    assert registry.blueprints() == first.blueprints()


# ---- in a village ----


@pytest.mark.parametrize("declaring", ["alms", "pantry"])
def test_of_two_that_do_not_agree_the_later_by_name_is_left_out(declaring: str) -> None:
    plugins = manifests(alms=("1", (), ()), pantry=("1", (), ()))
    plugins[declaring] = manifest(declaring, conflicts={"alms", "pantry"} - {declaring})
    assert running(["pantry", "alms"], plugins) == {"alms"}
    assert running(["pantry"], plugins) == {"pantry"}


def test_a_conflict_is_about_certain_versions_only() -> None:
    plugins = manifests(alms=("1", (), ("pantry <2",)), pantry=("2.1", (), ()))
    assert running(plugins, plugins) == {"alms", "pantry"}
    assert running(plugins, plugins | manifests(pantry=("1.9", (), ()))) == {"alms"}


def test_what_requires_one_that_is_left_out_goes_with_it() -> None:
    plugins = manifests(alms=("1", (), ("pantry",)), pantry=("1", (), ()), visits=("1", ("pantry",), ()))
    assert running(plugins, plugins) == {"alms"}


def test_a_plugin_is_taken_together_with_what_it_requires() -> None:
    """ "alms" comes before "book" by name, and so does "zone", which it cannot run without."""
    plugins = manifests(alms=("1", ("zone",), ()), book=("1", (), ("zone",)), zone=("1", (), ()))
    assert running(plugins, plugins) == {"alms", "zone"}
    assert running(["book", "zone"], plugins) == {"book"}


def test_who_does_not_run_itself_keeps_nobody_out() -> None:
    plugins = manifests(alms=("1", ("absent",), ("book",)), book=("1", (), ()), absent=("1", (), ()))
    assert running(["alms", "book"], plugins) == {"book"}


def test_required_by_and_dependents_go_all_the_way() -> None:
    plugins = manifests(alms=("1", ("pantry",), ()), pantry=("1", ("zone",), ()), zone=("1", (), ()))
    assert required_by("alms", plugins) == {"pantry", "zone"}
    assert dependents_of("zone", plugins) == {"alms", "pantry"}


NAMES = ("aa", "bb", "cc", "dd", "ee", "ff")
declared = st.fixed_dictionaries(
    {
        name: st.tuples(
            st.just("1"),
            # Of later names only, so that there are no circles: those do not get past the loading.
            st.lists(st.sampled_from(NAMES[NAMES.index(name) + 1 :] or ("ff",)), max_size=2).map(tuple),
            st.lists(st.sampled_from(NAMES), max_size=2).map(tuple),
        )
        for name in NAMES
    }
)


@given(declared, st.sets(st.sampled_from(NAMES)), st.randoms(use_true_random=False))
def test_whatever_is_declared_what_runs_agrees_is_complete_and_depends_on_no_order(
    declared: Declared, enabled: set[str], order: random.Random
) -> None:
    clean = {
        name: (version, tuple(n for n in requires if n != name), tuple(n for n in conflicts if n != name))
        for name, (version, requires, conflicts) in declared.items()
    }
    plugins = manifests(**clean)
    runs = running(enabled, plugins)
    assert runs <= enabled
    assert clashes(runs, plugins) == []
    assert all(not missing_of(name, runs, plugins) for name in runs)
    shuffled = order.sample(sorted(plugins), len(plugins))
    assert running(order.sample(sorted(enabled), len(enabled)), {name: plugins[name] for name in shuffled}) == runs
    for name in enabled - runs:  # whoever is left out lacks something, or has somebody against it
        together = {name, *required_by(name, plugins)}
        against = [(one, other) for one in together for other in runs | together if one != other]
        assert not together <= enabled or any(disagree(*pair, plugins) for pair in against)
