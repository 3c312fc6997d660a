"""The matrix areas × modules as a page shows it: each field with its value, where it comes from, and who locked it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, ColumnElement, Select, any_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from core.areas.code import AreaCode, Level
from core.areas.models import Area, ModuleSetting
from core.areas.modules import ModuleUse, ancestors, in_or_above, settings_where
from core.cases.lists import escape_like
from core.database.session import db
from core.enablement import Origin, Setting, effective
from core.platform import platform
from core.plugins.dependencies import disagreeing, required_by
from core.plugins.manifest import Plugin
from core.web.paging import paged, read_cursor

from .wishes import Key

PAGE = 50
"""Villages on a page of what was looked for; a group that is opened shows all of its own."""


@dataclass(frozen=True)
class Looking:
    """What the page is to show: all groups and one of them opened, or what is looked for.

    Attributes:
        module: the only column; None for all.
        search: part of a name, or a code.
        deviating: only areas with settings of their own.
        opened: the group whose areas are shown too.
    """

    module: str | None = None
    search: str = ""
    deviating: bool = False
    opened: AreaCode | None = None
    cursor: str | None = None

    @property
    def filters(self) -> bool:
        return bool(self.search or self.deviating)


@dataclass(frozen=True)
class Box:
    """One field.

    Attributes:
        own: the area's own setting, which a lock above may keep from counting.
        stopped: somebody suspended the module here.
        missing, against: why it does not run although it is on: what it requires and is off, and what runs here and
            does not agree with it.
    """

    area_id: int
    module: str
    enabled: bool
    runs: bool
    origin: int | None
    locked_by: int | None
    own: Setting | None
    missing: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    stopped: bool = False

    @property
    def set_here(self) -> bool:
        return self.origin == self.area_id

    @property
    def locked_above(self) -> bool:
        return self.locked_by is not None and self.locked_by != self.area_id

    @property
    def key(self) -> str:
        return f"{self.area_id}:{self.module}"


@dataclass(frozen=True)
class Row:
    """An area and its fields; of one that holds others also how many villages and deviations lie below."""

    area: Area
    boxes: Sequence[Box]
    villages: int = 0
    deviations: int = 0


@dataclass(frozen=True)
class Group:
    """A child of the page's area and what is shown of it; no ``head`` where villages lie in the area directly."""

    head: Row | None
    rows: Sequence[Row]
    opened: bool


@dataclass(frozen=True)
class Matrix:
    modules: Sequence[Plugin]
    own: Row
    groups: Sequence[Group]
    next: str | None
    usage: Mapping[str, ModuleUse]
    deviations: Mapping[str, int]
    """Of each module, how many settings stand below the area."""
    titles: Mapping[int, str]


def read_matrix(area: AreaCode, looking: Looking) -> Matrix:
    """Four queries, whatever is shown and however many villages there are."""
    installed = platform().plugins.plugins
    rows = db.session.scalars(
        select(Area).where(in_or_above(Area.id, area), (Area.level < Level.VILLAGE) | (Area.id == area.id))
    )
    wide = {row.id: row for row in rows}
    settings = [s for s in settings_where(in_or_above(ModuleSetting.area_id, area)) if s.module in installed]
    shown = [plugin for name, plugin in installed.items() if looking.module in (None, name)]
    reader = _Reader(area, looking, wide, settings, _counts(area))
    villages, further = reader.villages()
    return Matrix(
        modules=shown,
        own=reader.row(wide[area.id]),
        groups=reader.groups(villages),
        next=further,
        usage=reader.usage(installed),
        deviations=Counter(s.module for s in settings if area.id < s.area_id <= area.hi),
        titles={row.id: row.title for row in [*wide.values(), *villages]},
    )


_Counts = Sequence[tuple[int, frozenset[str], int]]
"""A parent, a set of modules, and how many of its villages have exactly this set."""


def _counts(area: AreaCode) -> _Counts:
    rows = db.session.execute(
        select(Area.parent_id, Area.enabled, func.count())
        .where(Area.id.between(area.id, area.hi), Area.level == Level.VILLAGE)
        .group_by(Area.parent_id, Area.enabled)
    )
    return [(parent or 0, frozenset(enabled), count) for parent, enabled, count in rows]


class _Reader:
    """What has been read once, asked for each row."""

    def __init__(
        self, area: AreaCode, looking: Looking, wide: Mapping[int, Area], settings: Sequence[Setting], counts: _Counts
    ) -> None:
        self._area, self._looking, self._wide, self._counts = area, looking, wide, counts
        self._modules = [name for name in platform().plugins.plugins if looking.module in (None, name)]
        self._settings = settings
        self._own: dict[Key, Setting] = {(s.area_id, s.module): s for s in settings}
        self._at: dict[int, list[Setting]] = {}
        for setting in settings:
            self._at.setdefault(setting.area_id, []).append(setting)

    # ---- rows ----

    def row(self, area: Area) -> Row:
        code = area.interval
        chain = [*reversed(ancestors(code)), area.id]
        origins = effective(chain, [setting for above in chain for setting in self._at.get(above, ())])
        running = platform().hooks_for(frozenset(area.enabled)).plugins
        boxes = [self._box(area, name, origins.get(name), running) for name in self._modules]
        if area.is_village:
            return Row(area, boxes)
        below = [s for s in self._settings if code.id < s.area_id <= code.hi and s.module in self._modules]
        return Row(area, boxes, self._villages_in(code), len(below))

    def _box(self, area: Area, module: str, origin: Origin | None, running: frozenset[str]) -> Box:
        enabled, plugins = origin is not None and origin.enabled, platform().plugins.plugins
        stopped = enabled and module not in area.enabled
        idle = enabled and not stopped and module not in running
        return Box(
            area_id=area.id,
            module=module,
            enabled=enabled,
            runs=module in running,
            origin=origin.area_id if origin else None,
            locked_by=origin.locked_by if origin else None,
            own=self._own.get((area.id, module)),
            missing=tuple(sorted(required_by(module, plugins) - frozenset(area.enabled))) if idle else (),
            against=tuple(sorted(disagreeing(module, running, plugins))) if idle else (),
            stopped=stopped,
        )

    def _villages_in(self, code: AreaCode) -> int:
        return sum(count for parent, _enabled, count in self._counts if code.id <= parent <= code.hi)

    def usage(self, installed: Iterable[str]) -> dict[str, ModuleUse]:
        on: Counter[str] = Counter()
        for _parent, enabled, count in self._counts:
            on.update(dict.fromkeys(enabled, count))
        total = sum(count for _parent, _enabled, count in self._counts)
        return {name: ModuleUse(on[name], total) for name in installed}

    # ---- which villages, and in which groups ----

    def villages(self) -> tuple[Sequence[Area], str | None]:
        """Those to show, by code, and where the next page begins."""
        if self._area.level == Level.VILLAGE:
            return [], None
        query = select(Area).where(Area.level == Level.VILLAGE).order_by(Area.id)
        if not self._looking.filters:
            inside = self._opened()
            found = query.where(Area.id.between(inside.id, inside.hi)) if inside else query.where(literal(False))
            return db.session.scalars(found).all(), None
        page = paged(db.session.scalars(self._looked_for(query)).all(), lambda row: (row.id,), None, PAGE)
        return page.rows, page.next

    def _opened(self) -> AreaCode | None:
        """The area that directly holds the villages to show: this one, or the opened kecamatan."""
        if self._area.level == Level.KECAMATAN:
            return self._area
        opened = self._looking.opened
        return opened if opened and opened.level == Level.KECAMATAN else None

    def _looked_for(self, query: Select[Area]) -> Select[Area]:
        query = query.where(Area.id.between(self._area.id, self._area.hi), *self._conditions())
        if after := read_cursor(self._looking.cursor, 1):
            query = query.where(Area.id > after[0]) if isinstance(after[0], int) else query
        return query.limit(PAGE + 1)

    def _conditions(self) -> Iterable[ColumnElement[bool]]:
        search = self._looking.search
        if search:
            yield func.lower(Area.name).like(f"%{escape_like(search.lower())}%") | (Area.code == search)
        if self._looking.deviating:
            deviating = sorted(area_id for area_id in self._at if self._deviates(area_id))
            yield Area.id == any_(literal(deviating, ARRAY(BigInteger)))

    def _deviates(self, area_id: int) -> bool:
        return any(setting.module in self._modules for setting in self._at.get(area_id, ()))

    def groups(self, villages: Sequence[Area]) -> list[Group]:
        if self._area.level == Level.VILLAGE:
            return []
        if self._area.level == Level.KECAMATAN:
            return [Group(None, [self.row(village) for village in villages], opened=True)]
        inner: dict[int, list[Area]] = {}
        for area in [*self._further_down(), *villages]:
            inner.setdefault(self._head_of(area.interval).id, []).append(area)
        heads = [area for area in self._wide.values() if area.level == self._area.level + 1]
        return [
            Group(self.row(head), [self.row(area) for area in inner.get(head.id, ())], opened=head.id in inner)
            for head in sorted(heads, key=lambda head: head.id)
            if head.id in inner or self._shows(head)
        ]

    def _further_down(self) -> list[Area]:
        """Of an opened district, seen from its province: the kecamatan."""
        opened = self._looking.opened
        if self._looking.filters or opened is None or opened.level != Level.DISTRICT:
            return []
        inside = (area for area in self._wide.values() if opened.id < area.id <= opened.hi)
        return sorted(inside, key=lambda area: area.id)

    def _head_of(self, code: AreaCode) -> AreaCode:
        while code.level > self._area.level + 1 and code.parent is not None:
            code = code.parent
        return code

    def _shows(self, head: Area) -> bool:
        """Whether a group without any area to show has to be there itself."""
        looking = self._looking
        if not looking.filters:
            return True
        if looking.cursor:
            return False  # it stood on the first page
        named = not looking.search or looking.search.lower() in head.name.lower() or looking.search == head.code
        return named and (not looking.deviating or self._deviates(head.id))
