"""The author's guides in docs/plugins say what is so: their excerpts are in the files, their hooks and commands exist.

The tutorial is followed by ``test_tutorial.py``; the reference is made by ``reference.py``.
"""

import re
import shlex
from textwrap import dedent
from typing import NamedTuple

import click
import pytest

from core import api
from core.config import ROOT
from core.hookspecs import HOOKS
from core.plugins.health import FAILURE_WINDOW_SECONDS, MAX_FAILURES, SUSPENSION_SECONDS
from core.users.permissions import ROLES
from tenants.cli import main

from .reference import GROUPS, reference, users_of
from .test_api import signature_of

FOLDER = ROOT / "docs" / "plugins"
PAGES = {path.name: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.md"))}
GUIDES = {name: text for name, text in PAGES.items() if name not in ("tutorial.md", "reference.md")}
TEXT = "\n".join(GUIDES.values())
HOOKS_PAGE = PAGES["hooks.md"]
FENCE = re.compile(r"(?:^`([^`\n]+)`\n\n)?^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LEFT_OUT = ("# …", "// …", "{# … #}")


class Excerpt(NamedTuple):
    path: str
    language: str
    body: str


EXCERPTS = [Excerpt(*found) for found in FENCE.findall(TEXT)]
OF_FILES = [excerpt for excerpt in EXCERPTS if excerpt.language not in ("text", "sh")]
TREES = [excerpt for excerpt in EXCERPTS if excerpt.language == "text"]
COMMANDS = [line for excerpt in EXCERPTS if excerpt.language == "sh" for line in excerpt.body.splitlines()]


def test_the_guide_has_excerpts_of_every_kind() -> None:
    assert (len(OF_FILES) > 20, len(TREES), len(COMMANDS) >= 5) == (True, 2, True)


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


@pytest.mark.parametrize("page", ["hooks.md", "reference.md"])
def test_every_hook_is_documented_with_its_exact_arguments_under_its_kind(page: str) -> None:
    kinds = re.split(r"^##+ (\w+)$", PAGES[page], flags=re.MULTILINE)
    found = {
        hook: kind.lower()
        for kind, section in zip(kinds[1::2], kinds[2::2], strict=True)
        for hook in re.findall(r"^##+ `(\w+\(.*\))`$", section, flags=re.MULTILINE)
    }
    assert found == {signature_of(hook): kind.value for hook, kind in HOOKS.items()}


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_is_used_by_a_shipped_plugin_and_tested(hook: str) -> None:
    """By one in plugins/, but for one that only the tests' guest needs; and asked for, or told, by name in a test."""
    assert users_of(hook) or hook == "case_closed", "give a shipped plugin a use of it"
    folders = (ROOT / "tests" / name for name in ("plugins", "personal_data"))
    tests = "".join(path.read_text(encoding="utf-8") for folder in folders for path in folder.rglob("*.py"))
    assert re.search(rf"\b{hook}\b", tests)


def test_the_reference_is_that_of_the_code() -> None:
    assert PAGES["reference.md"] == reference(), "make reference"


def test_the_reference_holds_every_name_once() -> None:
    assert sorted(" ".join(GROUPS.values()).split()) == sorted(api.__all__)


def test_the_roles_are_those_of_the_code() -> None:
    section = HOOKS_PAGE.partition("`permissions()`")[2].partition("\n###")[0]
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


@pytest.mark.parametrize("page", PAGES)
def test_links_between_the_pages_lead_somewhere(page: str) -> None:
    for target, anchor in re.findall(r"\]\(([\w.-]*\.md)?(?:#([^)]+))?\)", PAGES[page]):
        text = PAGES[target or page]
        headings = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
        anchors = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
        assert not anchor or anchor in anchors, f"{target}#{anchor}"


def test_every_page_is_on_the_first_one() -> None:
    linked = set(re.findall(r"\]\(([\w.-]+\.md)\)", PAGES["README.md"]))
    assert linked == PAGES.keys() - {"README.md"}
