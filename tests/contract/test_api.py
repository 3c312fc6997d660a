"""What plugins build on does not change unnoticed: ``api.txt`` is what they see, and a difference is a decision.

After such a decision (see "What may change" in docs/plugins.md) write it anew with

    .venv/bin/python tests/contract/test_api.py
"""

import dataclasses
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core import api, hookspecs
from core.database.base import Base
from core.hookspecs import HOOKS

SNAPSHOT = Path(__file__).with_name("api.txt")


def snapshot() -> str:
    """Names, arguments and fields, one a line."""
    lines = [f"core.api {api.API_VERSION}", "", *_names(), "", "hooks", ""]
    for name, kind in HOOKS.items():
        lines.append(f"{kind.value} {signature_of(name)}")
    return "\n".join(lines) + "\n"


def signature_of(hook: str) -> str:
    """As it stands in the guide: "menu_items(area)"."""
    return f"{hook}({', '.join(inspect.signature(getattr(hookspecs, hook)).parameters)})"


def _names() -> Iterator[str]:
    for name in api.__all__:
        found = getattr(api, name)
        yield name + (_call(found) if callable(found) else "")
        for member in sorted(_members(found)):
            yield f"    {member}"


def _call(found: Any) -> str:
    """The arguments by name; ``=`` marks those that may be left out. What a class makes of its base's is not ours."""
    if isinstance(found, type) and not dataclasses.is_dataclass(found):
        return ""
    if not getattr(found, "__module__", "").startswith("core."):
        return "(…)"
    return f"({', '.join(_argument(item) for item in inspect.signature(found).parameters.values())})"


def _argument(item: inspect.Parameter) -> str:
    prefix = {item.VAR_POSITIONAL: "*", item.VAR_KEYWORD: "**"}.get(item.kind, "")
    star = "kw " if item.kind is item.KEYWORD_ONLY else ""
    return f"{star}{prefix}{item.name}{'' if item.default is item.empty else '='}"


def _members(found: Any) -> set[str]:
    """A model's columns with their types, a class's own public properties, methods and constants."""
    if not isinstance(found, type) or not found.__module__.startswith("core."):
        return set()
    if issubclass(found, Base) and found is not Base:
        columns = found.__table__.columns
        return {f"{c.name}: {_plain(c.type.python_type)}{'' if not c.nullable else ' | None'}" for c in columns}
    fields = {item.name: _plain(item.type) for item in getattr(found, "__dataclass_fields__", {}).values()}
    own = {name for name in vars(found) if not name.startswith("_")} - fields.keys() - {"metadata", "registry"}
    return {f"{name}: {kind}" for name, kind in fields.items()} | own


def _plain(annotation: Any) -> str:
    """``core.cases.workflow.State`` is State; and a type reads the same in every version of Python."""
    text = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    bare = re.sub(r"\b(?:[a-z_]\w*\.)+(?=\w)", "", text).replace("'", "")
    return re.sub(r"^Optional\[(.*)\]$", r"\1 | None", bare)


def test_what_plugins_see_is_what_was_decided() -> None:
    assert snapshot() == SNAPSHOT.read_text(encoding="utf-8"), __doc__


def test_every_name_is_there_once_and_in_order() -> None:
    assert len(set(api.__all__)) == len(api.__all__)
    assert all(hasattr(api, name) for name in api.__all__)


if __name__ == "__main__":
    SNAPSHOT.write_text(snapshot(), encoding="utf-8")
