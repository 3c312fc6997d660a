"""What plugins should stop using, all of it in one table, and the warning that they get until it goes.

Deprecated things work on and warn for at least two minor versions of ``core.api``: what 1.3 deprecates goes with 1.5 at
the earliest. When it goes, its line here goes as well, and ``OLDEST_API`` becomes the version that deprecated it: a
plugin written for an earlier one is then listed as broken, with that reason, instead of failing somewhere.

- A name of ``core.api`` that got another: a line here is enough, and the old name is found.
- A hook that got another name, or goes: ``@hookspec(warn_on_impl=warning_about("case_moved()"))``.
- An argument of a hook: ``@hookspec(warn_on_impl_args={"who": warning_about("case_moved(who)")})``. Core hands over
  both until the old one goes.

A new hook, a new argument of a hook and a new name need nothing of this: plugins that do not know them go on as before.
"""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass

from core.plugins.api_version import read_version

MINOR_VERSIONS = 2


class ApiWarning(FutureWarning):
    """A plugin uses what will go. A ``FutureWarning``, for who installs the plugin is to hear of it too."""


@dataclass(frozen=True)
class Deprecation:
    """One line of the table.

    Attributes:
        what: a name of ``core.api``; a hook with brackets, "case_moved()"; or an argument of one, "case_moved(who)".
        since: the version of ``core.api`` that warned first.
        goes: the version in which it is gone, at the earliest.
        instead: the name in ``core.api`` that it has now; for hooks what to write instead.
    """

    what: str
    since: str
    goes: str
    instead: str

    def __post_init__(self) -> None:
        (major, minor), goes = read_version(self.since), read_version(self.goes)
        if goes[0] == major and goes < (major, minor + MINOR_VERSIONS):
            raise ValueError(f"{self.what}: it warns for {MINOR_VERSIONS} minor versions at least before it goes")

    def __str__(self) -> str:
        return f"{self.what} is deprecated since core.api {self.since} and goes with {self.goes}; use {self.instead}"


DEPRECATIONS: tuple[Deprecation, ...] = ()


def warning_about(what: str) -> ApiWarning:
    """Raises: LookupError: the table has no such line."""
    return ApiWarning(str(_line_of(what)))


def renamed(name: str, namespace: Mapping[str, object]) -> object:
    """What ``name`` is called by now, out of ``core.api``'s own names; whoever asked for it is warned.

    Raises:
        AttributeError: it never was a name of ``core.api``, or is gone.
    """
    try:
        line = _line_of(name)
    except LookupError:
        raise AttributeError(f"module 'core.api' has no attribute {name!r}") from None
    warnings.warn(str(line), ApiWarning, stacklevel=3)  # at the line that asks ``core.api`` for it
    return namespace[line.instead]


def _line_of(what: str) -> Deprecation:
    found = next((line for line in DEPRECATIONS if line.what == what), None)
    if found is None:
        raise LookupError(f"{what} is not deprecated")
    return found
