"""The one row-level-security rule: read inside the scope's interval, write only where the scope is one village.

One policy a command. A ``FOR ALL`` policy would be OR-ed into every read and lose the ordered index.
"""

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
    statements = [f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY", f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"]
    for command in commands.split():
        statements.append(f"CREATE POLICY {table}_{command} ON {table} FOR {command.upper()} {clauses[command]}")
    return statements
