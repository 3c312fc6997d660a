"""Broken plugins in a running installation: each is listed with its reason, and everything else works."""

import html
import importlib.metadata
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from core.plugins.manifest import PluginLoadError
from core.plugins.registry import ENTRY_POINT_GROUP
from core.testing import VILLAGE, SignInAs

from .conftest import Start, same_person

HEAD = """
from flask import Blueprint
from wtforms import Form
from core.api import *
plugin = Plugin(name="{name}", title="Judul", summary="Ringkas", version="1", api="1")
"""

SERVICE = """
@hookimpl
def services():
    return [Service(name="{name}.letter", title="Surat", form=Form, workflow=%s, letters=%s,
                    standard=ServiceStandard(time_days=1, product="Surat"))]
"""

PAGES = """
bp = Blueprint("{name}", __name__)
%s

@hookimpl
def blueprint(): return bp
"""

OTHER_PERMISSION = """Workflow("own", (State("a", "A"), State("b", "B", kind="closed")),
    (Transition("go", "Jalan", ("a",), "b", "no.such"),), start="a")"""

# name, source, and a part of what the district's page says
KINDS = (
    ("imports_nothing", "import a_module_that_nobody_has", "ModuleNotFoundError"),
    ("is_no_python", "def broken(:", "SyntaxError"),
    ("leaves", "import sys; sys.exit(3)", "SystemExit"),
    ("says_nothing", "plugin = None", "tidak memperkenalkan diri"),
    ("has_no_title", HEAD.replace('"Judul"', '""'), "Data diri modul ini"),
    ("is_from_tomorrow", HEAD.replace('api="1"', 'api="2"'), "antarmuka versi 2"),
    ("is_called_otherwise", HEAD.replace("{name}", "another"), "menyebut dirinya “another”"),
    ("has_a_hook_of_its_own", HEAD + "@hookimpl\ndef menu_itemz(): pass", "menu_itemz"),
    ("wants_too_much", HEAD + "@hookimpl\ndef menu_items(request): pass", "data yang tidak disediakan"),
    ("wraps_others", HEAD + "@hookimpl(wrapper=True)\ndef menu_items(): yield", "membungkus hook"),
    ("needs_another", HEAD.replace(")\n", ', requires=("pantry",))\n'), "membutuhkan modul pantry"),
    (
        "takes_a_name",
        HEAD + (SERVICE % ("village_decision(time_days=1, letter=None)", "[]")).replace("{name}.", "sktm."),
        "must start with",
    ),
    ("fails_at_start", HEAD + "@hookimpl\ndef services(): raise RuntimeError('no table')", "no table"),
    (
        "has_an_unknown_role",
        HEAD + '@hookimpl\ndef permissions(): return [Permission("{name}.x", "X", ("king",))]',
        "king",
    ),
    ("has_an_unknown_step", HEAD + SERVICE % (OTHER_PERMISSION, "[]"), "no.such"),
    (
        "lost_its_letter",
        HEAD + SERVICE % ("village_decision(time_days=1)", '[Letter("a", "Surat", "{name}/letter.typ")]'),
        "there is no templates/lost_its_letter/letter.typ",
    ),
    ("has_an_open_door", HEAD + PAGES % "bp.add_url_rule('/', 'door', lambda: 'x')", "nothing declared"),
    (
        "has_an_unknown_key",
        HEAD + PAGES % "bp.add_url_rule('/', 'door', requires('no.such')(lambda: 'x'))",
        "has_an_unknown_key.door (no.such)",
    ),
    ("is_everywhere", HEAD + PAGES % "bp.before_app_request(lambda: 'x')", "beyond its own pages"),
    ("filters_everything", HEAD + PAGES % "bp.app_template_filter('mask_nik')(str)", "beyond its own pages"),
    (
        "is_elsewhere",
        HEAD + PAGES % "bp.record(lambda s: s.app.add_url_rule('/x', 'x', public(lambda: 'x')))",
        "beyond its own pages",
    ),
)
NAMES = [name for name, *_rest in KINDS]


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, importlib.metadata.EntryPoint]]:
    """One installed plugin of each broken kind, by name."""
    folder = tmp_path_factory.mktemp("broken")
    sys.path.insert(0, str(folder))
    found = {}
    for name, source, _reason in KINDS:
        Path(folder, f"fake_{name}.py").write_text(dedent(source).replace("{name}", name))
        found[name] = importlib.metadata.EntryPoint(name, f"fake_{name}", ENTRY_POINT_GROUP)
    yield found
    sys.path.remove(str(folder))
    for name in NAMES:
        sys.modules.pop(f"fake_{name}", None)


def test_each_is_listed_with_its_reason_and_the_others_work(
    start: Start, broken: dict[str, importlib.metadata.EntryPoint], sign_in: SignInAs
) -> None:
    process = start(others=list(broken.values()))
    page = same_person(sign_in("district_admin", "32.01"), process).get("/32.01/modules/installed")
    assert page.status_code == 200
    for name, _source, reason in KINDS:
        assert f"<b>{name}</b>" in page.text
        assert reason in html.unescape(page.text), name
    staff = same_person(sign_in("village_staff"), process)
    for path in ("", "cases", "sktm/", "homevisit/"):
        assert staff.get(f"/{VILLAGE}/{path}").status_code == 200
    for name in NAMES:
        assert staff.get(f"/{VILLAGE}/{name}/").status_code == 404
    assert not process.extensions["puskesos"].plugins.plugins.keys() & set(NAMES)


def test_of_two_with_one_name_the_second_is_listed_and_the_first_works(
    start: Start, sign_in: SignInAs, tmp_path: Path
) -> None:
    info = tmp_path / "puskesos_twin-3.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: puskesos-twin\nVersion: 3.0\n")
    (info / "entry_points.txt").write_text(f"[{ENTRY_POINT_GROUP}]\nhomevisit = puskesos_twin\n")
    [twin] = importlib.metadata.distributions(path=[str(tmp_path)])
    process = start(others=list(twin.entry_points))
    page = same_person(sign_in("district_admin", "32.01"), process).get("/32.01/modules/installed").text
    assert "sudah dipakai oleh paket puskesos-homevisit 1.0.0, maka paket puskesos-twin 3.0 ditolak" in page
    assert same_person(sign_in("village_staff"), process).get(f"/{VILLAGE}/homevisit/").status_code == 200


@pytest.mark.parametrize("name", NAMES)
def test_strict_makes_each_fatal(start: Start, broken: dict[str, importlib.metadata.EntryPoint], name: str) -> None:
    with pytest.raises(PluginLoadError, match=name):
        start(others=[broken[name]], plugins_strict=True)


def test_disabled_by_name_none_of_them_does_any_harm(
    start: Start, broken: dict[str, importlib.metadata.EntryPoint], sign_in: SignInAs
) -> None:
    process = start(others=list(broken.values()), plugins_strict=True, plugins_disabled=frozenset(NAMES))
    assert same_person(sign_in("village_staff"), process).get(f"/{VILLAGE}/").status_code == 200


def test_a_working_plugin_can_be_disabled_as_well(start: Start, sign_in: SignInAs) -> None:
    """The rescue when a plugin breaks the installation in a way that nobody foresaw."""
    process = start(plugins_disabled=frozenset({"homevisit"}))
    staff = same_person(sign_in("village_staff"), process)
    assert staff.get(f"/{VILLAGE}/homevisit/").status_code == 404
    assert staff.get(f"/{VILLAGE}/sktm/").status_code == 200
