"""Installed plugins are found, and each kind of broken one is listed with its reason while the others run.

Every plugin here is what a wheel leaves behind: a module and its ``dist-info`` in a folder on the import path.
"""

import importlib.metadata
import inspect
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from core import hookspecs
from core.hookspecs import HOOKS
from core.plugins import loading
from core.plugins.api_version import API_VERSION
from core.plugins.manifest import InvalidManifest, Plugin, PluginLoadError
from core.plugins.prepared import HookManager
from core.plugins.registry import ENTRY_POINT_GROUP, PluginRegistry, load_plugins

HEAD = """
from core.cases.service import Service, ServiceStandard
from core.cases.workflow import village_decision
from core.hookspecs import hookimpl
from core.plugins.manifest import Plugin
from wtforms import Form

def service(name):
    return Service(name=name, title="Layanan", form=Form, workflow=village_decision(time_days=1, letter=None),
                   standard=ServiceStandard(time_days=1, product="Surat"))
"""


class Site:
    """A folder of installed distributions."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def install(
        self,
        name: str,
        body: str = "",
        /,
        *,
        module: str = "",
        distribution: str = "",
        package: bool = False,
        **manifest: str,
    ) -> None:
        """Write a plugin; ``body`` follows the manifest, whose arguments are given as source text."""
        arguments = {"name": repr(name), "title": "'Judul'", "summary": "'Ringkas'", "version": "'1'", "api": "'1'"}
        listed = ", ".join(f"{key}={value}" for key, value in (arguments | manifest).items())
        source = f"{HEAD}\nplugin = Plugin({listed})\n{dedent(body)}"
        self.install_raw(name, source, module, distribution, package=package)

    def install_raw(
        self, name: str, source: str, module: str = "", distribution: str = "", *, package: bool = False
    ) -> None:
        module, distribution = module or f"fake_{name}", distribution or f"puskesos-{name}"
        file = self.folder / module / "__init__.py" if package else self.folder / f"{module}.py"
        file.parent.mkdir(exist_ok=True)
        file.write_text(source)
        info = self.folder / f"{distribution.replace('-', '_')}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[{ENTRY_POINT_GROUP}]\n{name} = {module}\n")

    def load(self, *, strict: bool = False, disabled: frozenset[str] = frozenset()) -> PluginRegistry:
        found = [
            entry_point
            for distribution in importlib.metadata.distributions(path=[str(self.folder)])
            for entry_point in distribution.entry_points
        ]
        return load_plugins(strict=strict, disabled=disabled, entry_points=found)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    yield Site(tmp_path)
    for name in set(sys.modules) - before:
        if name.startswith("fake_"):
            del sys.modules[name]


def broken_with(registry: PluginRegistry, name: str) -> str:
    """The one reason why ``name`` is broken, with its detail."""
    [item] = [item for item in registry.broken if item.name == name]
    assert item.distribution.startswith("puskesos-")
    return str(item)


# ---- the contract ----


def test_every_hook_is_specified_documented_and_classified() -> None:
    manager = HookManager()
    assert {caller for caller in vars(manager.hook) if not caller.startswith("_")} == set(HOOKS)
    for name, kind in HOOKS.items():
        documentation = inspect.getdoc(getattr(hookspecs, name)) or ""
        assert documentation.lower().startswith(kind.value), name


def test_no_hook_is_historic() -> None:
    manager = HookManager()
    assert not any(getattr(manager.hook, name).is_historic() for name in HOOKS)


# ---- plugins that work ----


def test_a_plugin_is_found_by_its_entry_point(site: Site) -> None:
    site.install("pip", title="'Program Indonesia Pintar'")
    registry = site.load()
    assert list(registry.plugins) == ["pip"]
    assert registry.plugins["pip"].title == "Program Indonesia Pintar"
    assert registry.broken == ()


def test_the_installed_entry_points_are_read_when_none_are_given(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda *, group: asked.append(group) or [])
    assert load_plugins(strict=True, disabled=frozenset()).plugins == {}
    assert asked == ["puskesos.plugins"]


def test_plugins_come_in_the_order_of_their_names(site: Site) -> None:
    for name in ("sktm", "blt", "pip"):
        site.install(name)
    assert list(site.load().plugins) == ["blt", "pip", "sktm"]


def test_what_a_plugin_adds_to_the_application(site: Site) -> None:
    body = """
        import click
        from flask import Blueprint
        from core.users.permissions import Permission

        @hookimpl
        def blueprint(): return Blueprint("pip", __name__)

        @hookimpl
        def permissions(): return [Permission("pip.write", "Mengusulkan", ("village_staff",))]

        @hookimpl
        def commands(): yield click.Command("import")
    """
    site.install("pip", body)
    site.install("sktm")
    registry = site.load(strict=True)
    assert [(name, blueprint.name) for name, blueprint in registry.blueprints()] == [("pip", "pip")]
    assert [permission.name for permission in registry.permissions()] == ["pip.write"]
    assert [(name, command.name) for name, command in registry.commands()] == [("pip", "import")]


def test_the_files_of_a_plugin_are_found_in_its_package(site: Site) -> None:
    site.install("pip", package=True)
    site.install("sktm")
    templates = site.folder / "fake_pip" / "templates" / "pip"
    templates.mkdir(parents=True)
    (templates / "letter.typ").touch()
    (site.folder / "fake_pip" / "translations").mkdir()
    registry = site.load(strict=True)
    assert registry.template_file("pip/letter.typ") == templates / "letter.typ"
    assert registry.translation_directories() == [site.folder / "fake_pip" / "translations"]
    for absent in ("pip/other.typ", "sktm/letter.typ", "blt/letter.typ", "pip/../../../fake_sktm.py"):
        assert registry.template_file(absent) is None


def test_services_are_known_by_name(site: Site) -> None:
    site.install("pip", "@hookimpl\ndef services(): return [service('pip.school'), service('pip.college')]")
    registry = site.load()
    assert list(registry.all_services) == ["pip.school", "pip.college"]
    assert registry.all_services["pip.school"].plugin == "pip"


def test_a_hook_of_a_later_core_may_be_marked_optional(site: Site) -> None:
    site.install("pip", "@hookimpl(optionalhook=True)\ndef a_hook_to_come(): return 1")
    assert list(site.load(strict=True).plugins) == ["pip"]


# ---- plugins that are broken ----


@pytest.mark.parametrize(
    ("source", "detail"),
    [
        ("import a_module_that_nobody_has", "ModuleNotFoundError"),
        ("def broken(:", "SyntaxError"),
        ("x = 1\n1 / 0", "ZeroDivisionError: division by zero (fake_pip.py, line 2)"),
        ("import sys; sys.exit(3)", "SystemExit: 3"),
    ],
)
def test_a_plugin_that_cannot_be_imported_is_broken(site: Site, source: str, detail: str) -> None:
    site.install_raw("pip", source)
    site.install("sktm")
    registry = site.load()
    assert list(registry.plugins) == ["sktm"]
    assert "gagal dibuka" in broken_with(registry, "pip")
    assert detail in broken_with(registry, "pip")


def test_a_broken_import_leaves_its_traceback_in_the_log(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    site.install_raw("pip", "1 / 0")
    site.load()
    [record] = caplog.records
    assert (record.name, record.levelno) == ("puskesos.plugins", logging.ERROR)
    assert record.exc_info is not None
    assert record.exc_info[0] is ZeroDivisionError


@pytest.mark.parametrize("source", ["", "plugin = 'pip'"])
def test_a_module_without_a_manifest_is_broken(site: Site, source: str) -> None:
    site.install_raw("pip", source)
    assert "tidak memperkenalkan diri" in broken_with(site.load(), "pip")


@pytest.mark.parametrize(
    ("manifest", "detail"),
    [
        ({"name": "'Pip'"}, "'Pip'"),
        ({"name": "'cases'"}, "'cases' is core's own"),
        ({"title": "''"}, "title"),
        ({"summary": "None"}, "summary"),
        ({"version": "1"}, "version"),
        ({"requires": "'pantry'"}, "requires"),
        ({"personal_data": "['children']"}, "personal_data"),
        ({"deeds": "{'pantry.called': 'memanggil'}"}, "deeds"),
        ({"api": "'1.x'"}, "api"),
        ({"api": "'1.02'"}, "api"),
    ],
)
def test_an_invalid_manifest_is_broken(site: Site, manifest: Any, detail: str) -> None:
    site.install("pip", **manifest)
    reason = broken_with(site.load(), "pip")
    assert "tidak sah" in reason
    assert detail in reason


@pytest.mark.parametrize("api", ["2", "2.0", "1.999"])
def test_a_plugin_that_needs_a_newer_api_is_broken(site: Site, api: str) -> None:
    site.install("pip", api=repr(api))
    reason = broken_with(site.load(), "pip")
    assert f"memerlukan antarmuka versi {api}" in reason
    assert f"baru memakai versi {API_VERSION}" in reason


@pytest.mark.parametrize(
    ("api", "runs"), [("1", False), ("1.2", False), ("1.3", True), ("1.4", True), ("1.5", True), ("1.6", False)]
)
def test_what_was_written_since_the_last_removal_runs(
    site: Site, monkeypatch: pytest.MonkeyPatch, api: str, runs: bool
) -> None:
    """Of a core at 1.5, which dropped what 1.3 had deprecated."""
    monkeypatch.setattr(loading, "API_VERSION", "1.5")
    monkeypatch.setattr(loading, "OLDEST_API", "1.3")
    site.install("pip", api=repr(api))
    assert ("pip" in site.load().plugins) is runs


def test_a_plugin_for_what_is_gone_is_told_which_versions_there_are(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "API_VERSION", "1.5")
    monkeypatch.setattr(loading, "OLDEST_API", "1.3")
    site.install("pip", api="'1'")
    assert "versi 1, sedangkan Puskesos ini melayani versi 1.3 sampai 1.5" in broken_with(site.load(), "pip")


def test_a_plugin_must_bear_the_name_of_its_entry_point(site: Site) -> None:
    site.install("pip", name="'kip'")
    reason = broken_with(site.load(), "pip")
    assert "“kip”" in reason
    assert "“pip”" in reason


def test_an_unknown_hook_is_broken(site: Site) -> None:
    site.install("pip", "@hookimpl\ndef menu_itemz(area): return []")
    assert "menu_itemz" in broken_with(site.load(), "pip")


def test_an_argument_that_the_hook_does_not_have_is_broken(site: Site) -> None:
    site.install("pip", "@hookimpl\ndef menu_items(area, request): return []")
    reason = broken_with(site.load(), "pip")
    assert "data yang tidak disediakan" in reason
    assert "request" in reason


@pytest.mark.parametrize("wrapper", ["wrapper", "hookwrapper"])
def test_a_hook_wrapper_is_broken(site: Site, wrapper: str) -> None:
    site.install("pip", f"@hookimpl({wrapper}=True)\ndef menu_items(area): yield")
    assert "membungkus" in broken_with(site.load(), "pip")


@pytest.mark.parametrize("hook", ["blueprint", "permissions", "commands", "services"])
def test_a_plugin_that_fails_to_answer_at_start_is_broken(site: Site, hook: str) -> None:
    site.install("pip", f"@hookimpl\ndef {hook}(): raise RuntimeError('no table')")
    reason = broken_with(site.load(), "pip")
    assert f"“{hook}”" in reason
    assert "RuntimeError: no table (fake_pip.py" in reason


@pytest.mark.parametrize(
    ("hook", "answer", "detail"),
    [
        ("services", "[service('sktm.letter')]", 'must start with "pip."'),
        ("services", "[service('pip.school'), service('pip.school')]", "two services are called 'pip.school'"),
        ("services", "['pip.school']", "must return Service objects"),
        ("services", "False", "must return Service objects"),
        ("permissions", "[Permission('cases.decide', 'Menetapkan', ('auditor',))]", 'must start with "pip."'),
        ("permissions", "['pip.write']", "must return Permission objects"),
        ("blueprint", "Blueprint('cases', __name__)", "must be 'pip'"),
        ("blueprint", "'pip'", "must return Blueprint objects"),
        ("blueprint", "[Blueprint('pip', __name__), Blueprint('pip', __name__)]", "two blueprint"),
        ("commands", "[print]", "must return Command objects"),
    ],
)
def test_what_a_plugin_adds_must_be_its_own_and_of_the_right_kind(
    site: Site, hook: str, answer: str, detail: str
) -> None:
    imports = "from flask import Blueprint\nfrom core.users.permissions import Permission\n"
    site.install("pip", f"{imports}@hookimpl\ndef {hook}(): return {answer}")
    registry = site.load()
    assert detail in broken_with(registry, "pip")
    assert registry.all_services == {}
    assert registry.permissions() == []


def test_of_two_plugins_with_one_name_the_later_is_refused_and_both_are_named(site: Site) -> None:
    site.install("pip", module="fake_first", distribution="puskesos-a", title="'Pertama'")
    site.install("pip", module="fake_second", distribution="puskesos-b", title="'Kedua'")
    registry = site.load()
    assert registry.plugins["pip"].title == "Pertama"
    reason = broken_with(registry, "pip")
    assert "puskesos-a 1.0" in reason
    assert "puskesos-b 1.0" in reason
    assert "fake_second" not in sys.modules


def test_an_outside_wheel_cannot_take_the_place_of_an_in_tree_plugin(site: Site) -> None:
    site.install("sktm", distribution="0-comes-first-by-name")
    outside = [e for d in importlib.metadata.distributions(path=[str(site.folder)]) for e in d.entry_points]
    in_tree = importlib.metadata.EntryPoint("sktm", "plugins.not_there_yet", ENTRY_POINT_GROUP)
    registry = load_plugins(strict=False, disabled=frozenset(), entry_points=[*outside, in_tree])
    assert registry.plugins == {}
    assert "fake_sktm" not in sys.modules


def test_a_plugin_whose_requirement_is_absent_is_broken(site: Site) -> None:
    site.install("display", requires="('pantry',)")
    assert "modul pantry" in broken_with(site.load(), "display")


def test_a_plugin_whose_requirement_is_broken_is_broken_and_so_on(site: Site) -> None:
    site.install_raw("pantry", "1 / 0")
    site.install("display", requires="('pantry',)")
    site.install("speaker", requires="('display',)")
    site.install("sktm")
    registry = site.load()
    assert list(registry.plugins) == ["sktm"]
    assert "modul pantry" in broken_with(registry, "display")
    assert "modul display" in broken_with(registry, "speaker")


# ---- PLUGINS_STRICT and PLUGINS_DISABLED ----


def test_strict_makes_broken_plugins_fatal_and_lists_them_all(site: Site) -> None:
    site.install_raw("pip", "1 / 0")
    site.install("display", requires="('pantry',)")
    with pytest.raises(PluginLoadError) as caught:
        site.load(strict=True)
    assert [item.name for item in caught.value.broken] == ["pip", "display"]
    assert "ZeroDivisionError" in str(caught.value)
    assert "display (puskesos-display 1.0)" in str(caught.value)


def test_a_disabled_plugin_is_not_even_imported(site: Site) -> None:
    site.install_raw("pip", "1 / 0")
    site.install("sktm")
    registry = site.load(strict=True, disabled=frozenset({"pip"}))
    assert list(registry.plugins) == ["sktm"]
    assert registry.disabled == {"pip"}
    assert "fake_pip" not in sys.modules


def test_what_requires_a_disabled_plugin_is_broken(site: Site) -> None:
    site.install("pantry")
    site.install("display", requires="('pantry',)")
    registry = site.load(disabled=frozenset({"pantry"}))
    assert registry.plugins == {}
    assert "dimatikan" in broken_with(registry, "display")


def test_a_disabled_name_that_is_not_installed_is_a_warning(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    assert site.load(disabled=frozenset({"pipp"})).disabled == frozenset()
    assert "pipp" in caplog.text


# ---- the manifest by itself ----


@pytest.mark.parametrize("name", ["p", "1pip", "pip-kip", "PIP", "p" * 32, "", "pip\n"])
def test_a_name_that_could_not_be_part_of_an_address_is_refused(name: str) -> None:
    with pytest.raises(InvalidManifest):
        Plugin(name=name, title="Judul", summary="Ringkas", version="1", api="1")


def test_a_name_may_have_31_characters() -> None:
    assert Plugin(name="p" * 31, title="Judul", summary="Ringkas", version="1", api="1").requires == ()
