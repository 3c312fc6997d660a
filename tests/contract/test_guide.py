"""The author's guide, docs/plugins.md, says what is so: its excerpts are in the files, its hooks and commands exist."""

import re
import shlex
from textwrap import dedent
from typing import NamedTuple

import click
import pytest

from core import api
from core.config import ROOT
from core.hookspecs import HOOKS
from core.plugins.api_version import API_VERSION
from core.plugins.health import FAILURE_WINDOW_SECONDS, MAX_FAILURES, SUSPENSION_SECONDS
from core.users.permissions import ROLES
from tenants.cli import main

from .test_api import signature_of

GUIDE = ROOT / "docs" / "plugins.md"
TEXT = GUIDE.read_text(encoding="utf-8")
FENCE = re.compile(r"(?:^`([^`\n]+)`\n\n)?^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LEFT_OUT = ("# …", "// …", "{# … #}")
USERS = (
    "plugins/sktm/__init__.py",
    "plugins/blt_desa/__init__.py",
    "tests/plugins/guests/puskesos-homevisit/puskesos_homevisit/__init__.py",
)


class Excerpt(NamedTuple):
    path: str
    language: str
    body: str


EXCERPTS = [Excerpt(*found) for found in FENCE.findall(TEXT)]
OF_FILES = [excerpt for excerpt in EXCERPTS if excerpt.language not in ("text", "sh")]
TREES = [excerpt for excerpt in EXCERPTS if excerpt.language == "text"]
COMMANDS = [line for excerpt in EXCERPTS if excerpt.language == "sh" for line in excerpt.body.splitlines()]


def test_the_guide_has_excerpts_of_every_kind() -> None:
    assert (len(OF_FILES) > 20, len(TREES), len(COMMANDS)) == (True, 2, 4)


@pytest.mark.parametrize("excerpt", OF_FILES, ids=lambda excerpt: f"{excerpt.path}: {excerpt.body[:30]!r}")
def test_an_excerpt_stands_in_the_file_that_it_names(excerpt: Excerpt) -> None:
    file = (ROOT / excerpt.path).read_text(encoding="utf-8").splitlines()
    place = 0
    for part in parts_of(excerpt.body):
        found = next((at for at in range(place, len(file)) if part == without_indent(file[at : at + len(part)])), None)
        assert found is not None, f"{excerpt.path} does not have, after line {place}:\n" + "\n".join(part)
        place = found + len(part)


def parts_of(body: str) -> list[list[str]]:
    """The pieces between the lines that say that something is left out."""
    parts: list[list[str]] = [[]]
    for line in body.splitlines():
        if line.strip() in LEFT_OUT:
            parts.append([])
        else:
            parts[-1].append(line)
    texts = ("\n".join(part).strip("\n") for part in parts)  # what is left out may stand apart
    return [without_indent(text.splitlines()) for text in texts if text]


def without_indent(lines: list[str]) -> list[str]:
    return dedent("\n".join(lines)).splitlines()


@pytest.mark.parametrize("tree", TREES, ids=lambda tree: tree.path)
def test_the_files_of_a_tree_are_there(tree: Excerpt) -> None:
    for line in tree.body.splitlines():
        path = ROOT / tree.path / line.split()[0]
        assert path.is_dir() if line.split()[0].endswith("/") else path.is_file(), line


def test_every_hook_stands_in_the_guide_with_its_exact_arguments_under_its_kind() -> None:
    kinds = re.split(r"^### (\w+)$", TEXT, flags=re.MULTILINE)
    found = {
        hook: kind.lower()
        for kind, section in zip(kinds[1::2], kinds[2::2], strict=True)
        for hook in re.findall(r"^#### `(.+)`$", section, flags=re.MULTILINE)
    }
    assert found == {signature_of(hook): kind.value for hook, kind in HOOKS.items()}


def test_every_hook_is_used_by_a_plugin() -> None:
    sources = "".join((ROOT / path).read_text(encoding="utf-8") for path in USERS)
    used = set(re.findall(r"^@hookimpl\ndef (\w+)\(", sources, flags=re.MULTILINE))
    assert used == set(HOOKS)


def test_the_table_of_names_is_that_of_core_api() -> None:
    table = TEXT.partition("## What core.api offers")[2].partition("\n## ")[0]
    assert sorted(re.findall(r"`(\w+)`", table)) == sorted(api.__all__)


def test_the_version_and_the_roles_are_those_of_the_code() -> None:
    assert f"`core.api` is at version {API_VERSION}." in TEXT
    section = TEXT.partition("#### `permissions()`")[2].partition("####")[0]
    assert set(ROLES) <= set(re.findall(r"`(\w+)`", section))


def test_a_plugin_that_fails_is_left_out_as_the_guide_says() -> None:
    assert (MAX_FAILURES, FAILURE_WINDOW_SECONDS, SUSPENSION_SECONDS) == (5, 600, 600)
    assert "After five failures within ten minutes you are left out for ten minutes" in " ".join(TEXT.split())


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_can_be_given_so(command: str) -> None:
    tool, *words = shlex.split(command)
    assert tool == "puskesos"
    found: click.Command | None = main
    context = click.Context(main)
    while isinstance(found, click.Group):
        name = words.pop(0)
        found = found.get_command(context, name)
        assert found is not None, f"there is no {name}"
        context = click.Context(found, parent=context, info_name=name)
    found.parse_args(context, words)  # type: ignore[union-attr]


def test_the_anchors_lead_somewhere() -> None:
    headings = re.findall(r"^#+ (.+)$", TEXT, flags=re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) <= anchors
