"""Which plugins need each other and which do not agree: read from the manifests, checked at load, followed per village.

Everything here goes by name: in whatever order plugins were installed, the answer is the same.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from typing import Protocol

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version


@dataclass(frozen=True)
class Dependency:
    """Another plugin, in certain versions: "queue >=1.2,<2"."""

    name: str
    versions: SpecifierSet

    @classmethod
    def parse(cls, text: str) -> "Dependency":
        """Raises: ValueError: not a plugin's name with a version range (PEP 440)."""
        try:
            found = Requirement(text)
        except InvalidRequirement as error:
            raise ValueError(f'{text!r} is not a plugin with a version range, such as "queue >=1.2,<2"') from error
        if found.extras or found.marker or found.url:
            raise ValueError(f"{text!r}: only a plugin's name and a version range may be given")
        return cls(found.name, found.specifier)

    def met_by(self, version: str) -> bool:
        """A pre-release of a version in the range counts: who installs one means it."""
        return self.versions.contains(version, prereleases=True)

    def __str__(self) -> str:
        return f"{self.name} {self.versions}".strip()


@cache
def read_dependencies(texts: tuple[str, ...]) -> tuple[Dependency, ...]:
    """Raises: ValueError: as :meth:`Dependency.parse`."""
    return tuple(Dependency.parse(text) for text in texts)


def check_version(version: str) -> None:
    """Raises: ValueError: no version by PEP 440, so that no range could be asked about it."""
    try:
        Version(version)
    except InvalidVersion as error:
        raise ValueError(f'version {version!r} is not one like "1.2.0" (PEP 440)') from error


class Manifest(Protocol):
    """What of a manifest counts here."""

    @property
    def version(self) -> str: ...
    @property
    def needs(self) -> tuple[Dependency, ...]: ...
    @property
    def refuses(self) -> tuple[Dependency, ...]: ...


Manifests = Mapping[str, Manifest]


def missing_of(name: str, present: Collection[str], plugins: Manifests) -> list[Dependency]:
    """What a plugin requires and does not find among ``present`` in a version that it can use."""
    return [
        need for need in plugins[name].needs if need.name not in present or not need.met_by(plugins[need.name].version)
    ]


def without_unmet(names: Iterable[str], plugins: Manifests) -> frozenset[str]:
    """The largest part of ``names`` in which every plugin finds what it requires."""
    rest = frozenset(names)
    while True:
        kept = frozenset(name for name in rest if not missing_of(name, rest, plugins))
        if kept == rest:
            return kept
        rest = kept


def required_by(name: str, plugins: Manifests) -> frozenset[str]:
    """All that a plugin requires, and what that requires in turn, as far as it is installed; without itself."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for need in plugins[waiting.pop()].needs:
            if need.name in plugins and need.name not in found and need.name != name:
                found.add(need.name)
                waiting.append(need.name)
    return frozenset(found)


def dependents_of(name: str, plugins: Manifests) -> frozenset[str]:
    """All plugins that cannot run without this one."""
    return frozenset(other for other in plugins if other != name and name in required_by(other, plugins))


def disagree(one: str, other: str, plugins: Manifests) -> bool:
    """Whether two plugins must not run together; it is enough that one of them says so."""
    return _refuses(one, other, plugins) or _refuses(other, one, plugins)


def _refuses(name: str, other: str, plugins: Manifests) -> bool:
    return any(it.name == other and it.met_by(plugins[other].version) for it in plugins[name].refuses)


def disagreeing(name: str, others: Iterable[str], plugins: Manifests) -> frozenset[str]:
    """Those of ``others`` that must not run beside a plugin and all that it requires."""
    together = {name, *required_by(name, plugins)}
    return frozenset(it for it in others if any(disagree(one, it, plugins) for one in together if one != it))


def clashes(names: Iterable[str], plugins: Manifests) -> list[tuple[str, str]]:
    """The pairs among ``names`` that must not run together, by name."""
    present = sorted(name for name in names if name in plugins)
    declaring = [name for name in present if plugins[name].refuses]
    pairs = {tuple(sorted((name, it.name))) for name in declaring for it in plugins[name].refuses if it.name in present}
    return sorted((one, other) for one, other in pairs if disagree(one, other, plugins))


def running(enabled: Iterable[str], plugins: Manifests) -> frozenset[str]:
    """Those of the switched-on plugins that run in a village.

    Each is loaded and finds, switched on, all that it requires. No two run that refuse each other: plugins are taken in
    the order of their names, each with all that it requires, and one that does not agree with those taken before is
    left out.
    """
    met = without_unmet(plugins.keys() & frozenset(enabled), plugins)
    if not any(plugins[name].refuses for name in met):
        return met
    taken: set[str] = set()
    for name in sorted(met):
        together = {name, *required_by(name, plugins)}
        if not disagreeing(name, {*taken, *together}, plugins):
            taken |= together
    return frozenset(taken)


def cycles(plugins: Manifests) -> list[tuple[str, ...]]:
    """Circles of requirements, each named from its first name back to it: ("aid", "queue", "aid")."""
    found: list[tuple[str, ...]] = []
    graph = {name: {need.name for need in plugins[name].needs if need.name in plugins} for name in sorted(plugins)}
    while True:
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            circle = _from_the_first(error.args[1])
            found.append(circle)
            graph = {name: needs - set(circle) for name, needs in graph.items() if name not in circle}
        else:
            return sorted(found)


def _from_the_first(circle: Sequence[str]) -> tuple[str, ...]:
    """The order in which each requires the next; graphlib tells it the other way round, from anywhere."""
    names = list(reversed(circle))[:-1]
    first = names.index(min(names))
    return (*names[first:], *names[:first], names[first])
