"""What of a row is erased: every text and every JSON, unless its column says that it stays.

That way round, so that a forgotten mark costs a code in an old list and not a resident's secret.
"""

from typing import Any

from sqlalchemy import ARRAY, JSON, Enum, LargeBinary, String, Table, text
from sqlalchemy.sql.schema import Column

NOTHING = "–"
"""Stands where a text must be and none is left."""


class NotErasable(Exception):
    """A column that is to be erased, can hold no nothing, and has no default."""


def is_personal(column: Column) -> bool:
    """Whether the column goes with a resident's data."""
    marked = column.info.get("personal")
    if marked is not None:
        return marked
    if column.primary_key or column.foreign_keys or isinstance(column.type, Enum):
        return False
    return isinstance(column.type, String | JSON | LargeBinary | ARRAY)


def blank(column: Column) -> Any:
    """What stands in its place: NULL where it may, else the column's own default, else an empty value of its kind.

    Raises:
        NotErasable: a number or a date that must be there.
    """
    if column.nullable:
        return None
    if column.server_default is not None:
        return text("DEFAULT")
    empty = ((ARRAY, []), (JSON, {}), (LargeBinary, b""), (String, NOTHING))
    for kind, value in empty:
        if isinstance(column.type, kind):
            return value
    raise NotErasable(f"{column}: marked personal, so let it be NULL or give it a server default")


def blanks(table: Table) -> dict[str, Any]:
    """The values that erase a row of a table, by column."""
    return {column.name: blank(column) for column in table.columns if is_personal(column)}
