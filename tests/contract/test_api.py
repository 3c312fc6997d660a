"""What plugins build on does not change unnoticed: ``api.txt`` is what they see, and a difference is a decision.

After such a decision (see "What may change" in docs/plugins/README.md) write it anew with

    make reference
"""

import dataclasses
import inspect
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy

from core import api, hookspecs
from core.database.base import Base
from core.hookspecs import HOOKS

SNAPSHOT = Path(__file__).with_name("api.txt")


def snapshot() -> str:
    """Names, arguments and fields with their types, one a line."""
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
        yield name + (_call(found) if inspect.isroutine(found) or isinstance(found, type) else "")
        for member in sorted(_members(found)):
            yield f"    {member}"


def _call(found: Any) -> str:
    """The arguments by name; ``=`` marks those that may be left out. What a class makes of its base's is not ours."""
    if isinstance(found, type) and not dataclasses.is_dataclass(found):
        return ""
    if not getattr(found, "__module__", "").startswith("core."):
        return "(…)"
    return _signature(found, typed=not isinstance(found, type))  # the types of a dataclass stand at its fields


def _signature(function: Any, *, typed: bool = True) -> str:
    signature = inspect.signature(function)
    arguments = ", ".join(_argument(item, typed=typed) for item in signature.parameters.values())
    answer = "" if not typed or signature.return_annotation is signature.empty else signature.return_annotation
    return f"({arguments})" + (f" -> {plain(answer)}" if answer != "" else "")


def _argument(item: inspect.Parameter, *, typed: bool) -> str:
    prefix = {item.VAR_POSITIONAL: "*", item.VAR_KEYWORD: "**"}.get(item.kind, "")
    star = "kw " if item.kind is item.KEYWORD_ONLY else ""
    kind = f": {plain(item.annotation)}" if typed and item.annotation is not item.empty else ""
    return f"{star}{prefix}{item.name}{kind}{'' if item.default is item.empty else '='}"


def _members(found: Any) -> set[str]:
    """What a class of ours has of its own: fields or columns with their types, properties, methods and constants."""
    if not isinstance(found, type) or not found.__module__.startswith("core."):
        return set()
    if issubclass(found, Base) and found is not Base:
        typed = dict(mapped(found))
    else:
        typed = {name: plain(kind) for name, kind in inspect.get_annotations(found).items() if name[0] != "_"}
    own = {name for name in vars(found) if not name.startswith("_")} - typed.keys() - {"metadata", "registry"}
    return {f"{name}: {kind}" for name, kind in typed.items()} | {_own(found, name) for name in own}


def mapped(model: type[Base]) -> Iterator[tuple[str, str]]:
    """The columns of a model, and the other models that it leads to."""
    mapper = sqlalchemy.inspect(model)
    for column in mapper.columns:
        yield column.name, plain(column.type.python_type) + (" | None" if column.nullable else "")
    for relationship in mapper.relationships:
        many = "[]" if relationship.uselist else ""
        yield relationship.key, relationship.mapper.class_.__name__ + many


def _own(found: type, name: str) -> str:
    """A method with its arguments, but for the first of a method that is called on an object."""
    member = inspect.getattr_static(found, name)
    if isinstance(member, staticmethod | classmethod):
        return name + _signature(getattr(found, name))
    if inspect.isfunction(member):
        return name + _signature(partial(member, None))
    if isinstance(member, property) and member.fget:
        return name + _signature(partial(member.fget, None)).removeprefix("()").replace(" -> ", ": ")
    return name


def plain(annotation: Any) -> str:
    """``core.cases.workflow.State`` is State; and a type reads the same in every version of Python."""
    text = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    bare = re.sub(r"\b(?:[a-z_]\w*\.)+(?=\w)", "", text).replace("'", "")
    return re.sub(r"^Optional\[(.*)\]$", r"\1 | None", bare)


def test_what_plugins_see_is_what_was_decided() -> None:
    assert snapshot() == SNAPSHOT.read_text(encoding="utf-8"), __doc__


def test_every_name_is_there_once_and_in_order() -> None:
    assert len(set(api.__all__)) == len(api.__all__)
    assert all(hasattr(api, name) for name in api.__all__)


def test_every_name_says_what_it_is() -> None:
    """A class of ours its own methods and properties too; what libraries bring is documented by them."""
    silent = [
        name
        for name in api.__all__
        if callable(found := getattr(api, name))
        and found.__module__.startswith("core.")
        and not (vars(found).get("__doc__") if isinstance(found, type) else found.__doc__)
    ]
    for name in api.__all__:
        found = getattr(api, name)
        if isinstance(found, type) and found.__module__.startswith("core."):
            silent += [f"{name}.{member}" for member, function in _own_functions(found) if not function.__doc__]
    assert silent == []


def _own_functions(found: type) -> Iterator[tuple[str, Any]]:
    for name, member in vars(found).items():
        function = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
        if not name.startswith("_") and inspect.isfunction(function):
            yield name, function


if __name__ == "__main__":
    SNAPSHOT.write_text(snapshot(), encoding="utf-8")
