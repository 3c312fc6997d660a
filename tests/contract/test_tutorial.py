"""docs/plugins/tutorial.md, followed word for word by somebody who has nothing but the platform's wheel."""

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.error import URLError

import pytest

from core.config import ROOT
from tenants.demo_sign_ins import PASSWORD
from tests.plugins.browsing import Visitor
from tests.plugins.venv import Environment, make_environment

pytestmark = pytest.mark.story

TUTORIAL = ROOT / "docs" / "plugins" / "tutorial.md"
PATIENCE = 90  # seconds until a page that was to change has failed

FENCE = r"```\w+\n(?P<{}>.*?)```"
COMMANDS = FENCE.format("commands").replace(r"\w+", "sh")
EDIT = rf"In\s`(?P<file>[^`]+)`\sreplace\n\n{FENCE.format('old')}\n\nby\n\n{FENCE.format('new')}"
LOOK = (
    r"(?:As\s`(?P<user>\w+)`\s|(?P<english>In\sEnglish\s))?(?:O|o)pen\s(?P<resident>the\sfirst\sresident\sof\s)?`(?P<path>/[^`]+)`"
    r"(?:\sand\sask\sfor\s`(?P<service>[^`]+)`)?:\s“(?P<seen>[^”]+)”"
)
STOP = r"(?P<stop>Stop the site with Ctrl-C)"
STEP = re.compile("|".join((COMMANDS, EDIT, LOOK, STOP)), re.DOTALL)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return make_environment(tmp_path_factory.mktemp("tutorial"))


class Reader:
    """Does what the page says, in the order in which it says so."""

    def __init__(self, environment: Environment, stack: ExitStack) -> None:
        self.environment, self._stack = environment, stack
        self.site = ""
        self.did: list[str] = []

    def follow(self, step: re.Match[str]) -> None:
        if step["commands"]:
            for line in step["commands"].splitlines():
                self.type(line)
        elif step["file"]:
            self.edit(step["file"], step["old"], step["new"])
        elif step["path"]:
            self.look(step)
        else:
            self._stack.close()
            self.did.append("stop")

    def type(self, line: str) -> None:
        words = [bare.strip('"') for bare in re.findall(r'"[^"]*"|\S+', line)]
        if words[:3] == ["puskesos", "plugins", "dev"]:
            self.site = self._stack.enter_context(self.environment.serving(*words))
        else:
            said = self.environment.run(*words)
            assert words[0] != "pytest" or ("passed" in said and "skipped" not in said), said
        self.did.append(" ".join(words[:2]))

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.environment.home / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{file} does not have once:\n{old}"
        path.write_text(text.replace(old, new), encoding="utf-8")
        self.did.append("edit")

    def look(self, step: re.Match[str]) -> None:
        """The page says it soon: the site may be on its way to be loaded anew."""
        deadline = time.monotonic() + PATIENCE
        while step["seen"] not in (shown := self._page(step)):
            assert time.monotonic() < deadline, f"{step[0]}\n{shown}"
            time.sleep(0.5)
        self.did.append("look")

    def _page(self, step: re.Match[str]) -> str:
        visitor = Visitor(self.site)
        try:
            if step["user"]:
                visitor.sign_in(step["user"], PASSWORD)
            if step["english"]:
                visitor.get("/language/en")
            page = visitor.get(step["path"])
            if step["resident"]:
                person = re.search(r"/people/([0-9a-f-]{36})", page)
                assert person, page
                village = step["path"].removesuffix("/people")
                page = visitor.get(f"{village}/cases/new?person={person[1]}&service={step['service']}")
        except (URLError, ConnectionError) as error:
            return str(error)
        return page


def test_it_works_as_it_is_written(environment: Environment) -> None:
    with ExitStack() as stack:
        reader = Reader(environment, stack)
        for step in steps():
            reader.follow(step)
    assert reader.did == [
        *("puskesos plugins", "puskesos plugins", "look", "look", "look"),
        *("edit", "look", "edit", "look", "edit", "look", "edit", "edit", "look"),
        *("stop", "pip install", "pytest puskesos-kursi-roda", "pip wheel"),
    ]
    assert list((environment.home / "dist").iterdir()) == [
        environment.home / "dist" / "puskesos_kursi_roda-1.0.0-py3-none-any.whl"
    ]


def steps() -> Iterator[re.Match[str]]:
    return STEP.finditer(TUTORIAL.read_text(encoding="utf-8"))


def test_nothing_that_the_page_asks_for_is_passed_over() -> None:
    """Every fence and every “…” of the page is part of a step that is followed."""
    rest = STEP.sub("", TUTORIAL.read_text(encoding="utf-8"))
    assert "```" not in rest
    assert "“" not in rest
