"""What the contract's tests look for in a plugin's source is found when it is there."""

from pathlib import Path
from textwrap import dedent

import pytest

from core.testing.source import foreign_imports, texts_of, untranslated


def write(folder: Path, path: str, source: str) -> None:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(dedent(source))


# ---- imports ----


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("import core", "core"),
        ("import core.cases.models", "core.cases.models"),
        ("from core import cases", "core.cases"),
        ("from core import *", "core.*"),
        ("from core.database.session import db", "core.database.session.db"),
        ("from core.apis import Plugin", "core.apis.Plugin"),
        ("from core.testing import VILLAGE", "core.testing.VILLAGE"),
        ("from plugins.sktm import services", "plugins.sktm.services"),
        ("def late():\n    import tenants.demo", "tenants.demo"),
    ],
)
def test_an_import_of_ours_is_found(tmp_path: Path, line: str, name: str) -> None:
    write(tmp_path, "deep/views.py", line)
    [found] = foreign_imports("puskesos_pip", tmp_path)
    assert found.startswith("deep/views.py:")
    assert found.endswith(f" {name}")


@pytest.mark.parametrize(
    "line",
    [
        "import core.api",
        "from core.api import Plugin, hookimpl",
        "from core import api",
        "from . import forms",
        "from .. import rules",
        "from puskesos_pip.forms import SchoolAidForm",
        "import flask, sqlalchemy",
        "import corelib",
    ],
)
def test_what_a_plugin_may_import_is_not(tmp_path: Path, line: str) -> None:
    write(tmp_path, "deep/views.py", line)
    assert foreign_imports("puskesos_pip", tmp_path) == []


def test_a_relative_import_out_of_an_in_tree_plugin_is_found(tmp_path: Path) -> None:
    write(tmp_path, "views.py", "from ..blt import rules")
    assert foreign_imports("plugins.pip", tmp_path) == ["views.py:1 plugins.blt.rules"]


def test_only_tests_may_use_what_is_for_tests(tmp_path: Path) -> None:
    write(tmp_path, "tests/test_contract.py", "from core.testing import PluginContract")
    assert foreign_imports("puskesos_pip", tmp_path) == []


# ---- translations ----

PYTHON = """
    from core.api import lazy_gettext as _, ngettext
    title = _("Usulan PIP")
    text = _("Umur %(lo)s sampai %(hi)s", lo=6, hi=21)
    count = ngettext("%(num)s anak", "%(num)s anak", 2)
"""
PAGE = '{{ _("Belum ada usulan") }}'
ENGLISH = r"""
    msgid ""
    msgstr "Content-Type: text/plain; charset=utf-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"

    msgid "Usulan PIP"
    msgstr "Applications for PIP"

    #, python-format
    msgid "Umur %(lo)s sampai %(hi)s"
    msgstr "Age %(lo)s to %(hi)s"

    msgid "%(num)s anak"
    msgid_plural "%(num)s anak"
    msgstr[0] "%(num)s child"
    msgstr[1] "%(num)s children"

    msgid "Belum ada usulan"
    msgstr "No applications yet"
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    write(tmp_path, "services.py", PYTHON)
    write(tmp_path, "templates/pip/list.html", PAGE)
    write(tmp_path, "tests/test_it.py", "_('Bukan untuk dibaca orang')")
    write(tmp_path, "translations/en.po", ENGLISH)
    return tmp_path


def test_the_texts_of_python_and_of_pages_are_found(package: Path) -> None:
    assert texts_of(package) == {
        "Usulan PIP": "services.py:3",
        "Umur %(lo)s sampai %(hi)s": "services.py:4",
        ("%(num)s anak", "%(num)s anak"): "services.py:5",
        "Belum ada usulan": "templates/pip/list.html:1",
    }


def test_a_complete_translation_has_nothing_missing(package: Path) -> None:
    assert untranslated(package) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('msgstr "Applications for PIP"', 'msgstr ""', "'Usulan PIP': not translated"),
        ('msgid "Usulan PIP"', 'msgid "Usulan KIP"', "'Usulan PIP': not translated"),
        ('msgid "Usulan PIP"', '#, fuzzy\n    msgid "Usulan PIP"', "'Usulan PIP': marked as uncertain"),
        ('msgstr "Age %(lo)s to %(hi)s"', 'msgstr "Age %(lo)s to %(high)s"', "unknown named placeholder"),
        ('msgstr[1] "%(num)s children"', 'msgstr[1] ""', "not translated"),
        ('msgstr "No applications yet"', 'msgstr ""', "templates/pip/list.html:1"),
    ],
)
def test_what_is_missing_or_wrong_is_found(package: Path, old: str, new: str, fault: str) -> None:
    assert old in ENGLISH
    write(package, "translations/en.po", ENGLISH.replace(old, new))
    [found] = untranslated(package)
    assert fault in found


def test_a_plugin_without_any_english_says_so(package: Path) -> None:
    (package / "translations" / "en.po").unlink()
    with pytest.raises(FileNotFoundError):
        untranslated(package)
