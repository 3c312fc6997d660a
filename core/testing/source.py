"""What stands in a plugin's source: what it imports of ours, and which of its texts have no English."""

import ast
from collections.abc import Iterator
from importlib.util import resolve_name
from pathlib import Path

from babel.messages.catalog import Catalog, TranslationError
from babel.messages.checkers import python_format
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

OURS = ("core", "plugins", "tenants")
TEXT_FUNCTIONS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "lazy_ngettext": (1, 2)}

MessageId = str | tuple[str, ...]


def foreign_imports(package: str, folder: Path) -> list[str]:
    """Imports of ours other than ``core.api``, each as "views.py:3 core.cases.models". Tests may use ``core.testing``.

    Args:
        package: the plugin's own, such as "puskesos_homevisit".
        folder: where it lies.
    """
    found: list[str] = []
    for path in sorted(folder.rglob("*.py")):
        place = path.relative_to(folder)
        allowed = ("core.api", "core.testing", package) if place.parts[0] == "tests" else ("core.api", package)
        inside = ".".join([package, *place.parts[:-1]])
        for line, name in _imported(ast.parse(path.read_bytes(), str(path)), inside):
            ours = name.partition(".")[0] in OURS
            if ours and not any(name == known or name.startswith(f"{known}.") for known in allowed):
                found.append(f"{place}:{line} {name}")
    return found


def _imported(tree: ast.AST, package: str) -> Iterator[tuple[int, str]]:
    """Line and full name of everything that is imported, wherever it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = resolve_name("." * node.level + (node.module or ""), package) if node.level else node.module or ""
            # "from core import cases" names a module as well, "from core.api import Plugin" does not.
            yield from ((node.lineno, f"{origin}.{alias.name}") for alias in node.names)


def texts_of(folder: Path) -> dict[MessageId, str]:
    """The texts that a package gives to gettext, each with the place where it stands first: "views.py:12"."""
    found: dict[MessageId, str] = {}
    methods = {".py": "python", ".html": babel_extract}
    for path in sorted(path for path in folder.rglob("*") if path.suffix in methods):
        place = path.relative_to(folder)
        if place.parts[0] == "tests":
            continue
        with path.open("rb") as source:
            for line, text, *_rest in extract(methods[path.suffix], source, TEXT_FUNCTIONS):
                found.setdefault(text, f"{place}:{line}")
    return found


def untranslated(folder: Path) -> list[str]:
    """Texts of a package without a usable English in its ``translations/en.po``, each with its place and what is wrong.

    Raises:
        FileNotFoundError: there is no such file: the plugin speaks Indonesian only.
    """
    with (folder / "translations" / "en.po").open("rb") as file:
        english = read_po(file, locale="en")
    faults = ((place, text, _fault(english, text)) for text, place in texts_of(folder).items())
    return [f"{place} {text!r}: {fault}" for place, text, fault in faults if fault]


def _fault(english: Catalog, text: MessageId) -> str | None:
    message = english.get(text[0] if isinstance(text, tuple) else text)
    strings = () if message is None else message.string if isinstance(message.string, tuple) else (message.string,)
    if message is None or not strings or not all(strings):
        return "not translated"
    if message.fuzzy:
        return "marked as uncertain (fuzzy)"
    try:
        python_format(english, message)
    except TranslationError as error:
        return str(error)
    return None
