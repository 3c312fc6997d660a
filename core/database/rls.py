"""The one row-level-security rule: read inside the scope's interval, write only where the scope is one village.

One policy a command. A ``FOR ALL`` policy would be OR-ed into every read and lose the ordered index.
"""

from collections.abc import Mapping, Sequence

LO = "nullif(current_setting('puskesos.lo', true), '')::bigint"
HI = "nullif(current_setting('puskesos.hi', true), '')::bigint"


def policies(table: str, *, column: str = "village_id", commands: str = "select insert update delete") -> list[str]:
    """The statements that put ``table`` under the rule.

    A setting of a finished transaction reads as '' and not as NULL, hence ``nullif``: an unset scope sees nothing.

    Args:
        table: name of a table with the column ``column``.
        commands: those that the application role may use at all; a missing one is refused by the database.
    """
    reads = f"{column} BETWEEN {LO} AND {HI}"
    writes = f"{column} = {LO} AND {column} = {HI}"
    clauses = {
        "select": f"USING ({reads})",
        "insert": f"WITH CHECK ({writes})",
        "update": f"USING ({writes}) WITH CHECK ({writes})",
        "delete": f"USING ({writes})",
    }
    return _statements(table, {command: clauses[command] for command in commands.split()})


def inherited(table: str, *, read_above: bool, commands: str) -> list[str]:
    """The same for what areas of all levels have and may hold below: rows with ``area_id`` and ``area_hi``.

    Written only within the scope: a village writes its own rows, a district its own and those of what it contains.
    Read within the scope too, and, with ``read_above``, of the areas that contain the whole scope; so a village reads
    what its district set, and never what another village did.
    """
    inside = f"area_id >= {LO} AND area_hi <= {HI}"
    reads = f"({inside}) OR (area_id <= {LO} AND area_hi >= {HI})" if read_above else inside
    clauses = {
        "select": f"USING ({reads})",
        "insert": f"WITH CHECK ({inside})",
        "update": f"USING ({inside}) WITH CHECK ({inside})",
        "delete": f"USING ({inside})",
    }
    return _statements(table, {command: clauses[command] for command in commands.split()})


def as_owner(tables: Sequence[str], *statements: str) -> list[str]:
    """The statements of a migration that moves rows of ``tables``: their owner is in no village, and sees them so."""
    return [
        *(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY" for table in tables),
        *statements,
        *(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" for table in tables),
    ]


def _statements(table: str, clauses: Mapping[str, str]) -> list[str]:
    statements = [f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY", f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"]
    for command, clause in clauses.items():
        statements.append(f"CREATE POLICY {table}_{command} ON {table} FOR {command.upper()} {clause}")
    return statements
