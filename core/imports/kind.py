"""What there is to import: columns, and three functions that check, apply and undo. Core does everything else."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

from core.areas.current import CurrentArea
from core.cases.workflow import check_text
from core.texts import Text
from core.web.forms import ServiceForm

from .rows import FileRows, Findings
from .sheets import Layout

MOST_ROWS = 5_000


@dataclass(frozen=True)
class ImportColumn:
    """A column that a file may have.

    Attributes:
        key: what the code calls it.
        title: what people call it.
        aliases: what headers of files call it; capitals, blanks and punctuation do not matter. The first one is the
            header in the template.
        required: a file cannot do without it.
    """

    key: str
    title: Text
    aliases: tuple[str, ...] = ()
    required: bool = False

    @property
    def header(self) -> str:
        """In the template."""
        return self.aliases[0] if self.aliases else self.key


@dataclass(frozen=True)
class ImportTarget:
    """What a file is brought into, such as a distribution of aid; ``endpoint`` is its page, asked with ``id``."""

    id: UUID
    title: str
    endpoint: str


@dataclass(frozen=True)
class ImportRun:
    """One file at work, as the functions of its kind see it.

    Attributes:
        id: of the import, for the column ``import_id`` of what it makes. None in a dry run at the terminal.
        about: the row that it is brought into; None where the kind has no ``find_target``.
        answers: what the kind's ``form`` was filled with, as JSON keeps it.
        today: where the desk stands.
        applying: whether the rows are saved after this check: then hold what must not move meanwhile.
        by: who asked; None at the terminal.
    """

    area: CurrentArea
    id: UUID | None
    about: UUID | None
    answers: Mapping[str, Any]
    today: date
    applying: bool = False
    by: UUID | None = None


@dataclass(frozen=True)
class KeptRow:
    """A row that undoing leaves as it is. ``reason`` is a key of the kind's ``reasons``; ``endpoint`` is its page."""

    id: UUID | str
    name: str
    reason: str
    endpoint: str = ""


@dataclass(frozen=True)
class Undone:
    """How many rows were deleted and restored, and those that were kept because of what happened since."""

    deleted: int
    restored: int = 0
    kept: Sequence[KeptRow] = ()


@dataclass(frozen=True, eq=False)
class ImportKind:
    """A kind of file that can be brought in: upload, columns, dry run, findings, apply, undo and the list are core's.

    Attributes:
        name: "<plugin>.<what>"; it stands in the village's imports.
        title: what such a file is called.
        permission: needed for all of it.
        columns: what a file may say.
        check: called as ``check(run, rows, found)`` in the dry run and once more before saving. It changes nothing,
            tells ``found`` what is wrong with rows, and returns what is to be saved. Work on the list, not row by row.
        apply: called as ``apply(run, checked)`` with what the check returned, in the same transaction, which core
            commits.
        undo: called as ``undo(run)``; takes back what this import made, as far as nobody has used it since.
        home: the endpoint of the page to which the file's data belong.
        whole: a file with an error is not applied at all. Else the rows with errors are left out.
        figures: titles of what ``found.figures`` counts, in the order in which they are shown.
        reasons: why undoing keeps a row.
        notes: sentences about the file, beside the upload.
        form: what else is asked with the file; the answers are in ``run.answers``.
        find_target: called as ``find_target(area, text)`` with an id or, at the terminal, what people call the row;
            returns an :class:`ImportTarget`, or None.
        most_rows: a longer file is refused.
        sample: a filled file to download.
    """

    name: str
    title: Text
    permission: str
    columns: tuple[ImportColumn, ...]
    check: Callable[[ImportRun, FileRows, Findings], Any]
    apply: Callable[[ImportRun, Any], None]
    undo: Callable[[ImportRun], Undone]
    home: str
    whole: bool = False
    figures: Mapping[str, Text] = field(default_factory=dict)
    reasons: Mapping[str, Text] = field(default_factory=dict)
    notes: tuple[Text, ...] = ()
    form: type[ServiceForm] | None = None
    find_target: Callable[[CurrentArea, str], ImportTarget | None] | None = None
    most_rows: int = MOST_ROWS
    sample: Path | None = None

    def __post_init__(self) -> None:
        check_text(f"ImportKind {self.name!r}", "title", self.title)
        keys = [column.key for column in self.columns]
        if not keys or len(set(keys)) < len(keys):
            raise ValueError(f"ImportKind {self.name!r}: columns must be at least one, each with a key of its own")
        if not any(column.required for column in self.columns):
            raise ValueError(f"ImportKind {self.name!r}: without a required column any file would do")
        for name in ("check", "apply", "undo"):
            if not callable(getattr(self, name)):
                raise ValueError(f"ImportKind {self.name!r}: {name} must be a function")
        self.layout  # noqa: B018 - raises where two columns have an alias in common

    @property
    def plugin(self) -> str:
        """Whose it is; "people" for core's residents."""
        return self.name.partition(".")[0]

    @cached_property
    def layout(self) -> Layout:
        """Raises: ValueError: two columns have an alias in common."""
        aliases: dict[str, str] = {}
        for column in self.columns:
            for alias in column.aliases:
                if aliases.setdefault(alias, column.key) != column.key:
                    raise ValueError(f"ImportKind {self.name!r}: two columns are called {alias!r}")
        return Layout(tuple(column.key for column in self.columns), self.required, aliases)

    @property
    def required(self) -> tuple[str, ...]:
        """The keys of the columns that a file cannot do without."""
        return tuple(column.key for column in self.columns if column.required)

    def title_of(self, key: str) -> Text:
        """What people call a column; the key itself for one that the kind has not any more."""
        return next((column.title for column in self.columns if column.key == key), key)
