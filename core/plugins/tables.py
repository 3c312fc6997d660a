"""Whether a plugin's tables keep to the rules of the house, as the database's own catalogue tells."""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, Inspector, Table, inspect, text

from core.database.base import Base

# What a row of a plugin may belong to, besides the plugin's own.
REFERABLE = ("areas", "persons", "households", "cases", "imports", "meetings")

SECURED = text("SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = to_regclass(:table)")
POLICIES = text("SELECT polcmd::text FROM pg_policy WHERE polrelid = to_regclass(:table)")
# What a policy lets through, by command: told as PostgreSQL understood it, and so comparable.
RULES = text("SELECT cmd, qual, with_check FROM pg_policies WHERE schemaname = 'public' AND tablename = :table")
MODEL_OF_RULES = "households"
TRIGGERS = text("SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass(:table) AND NOT tgisinternal")


def models_of(package: str) -> list[Table]:
    """The tables that a package's models stand for."""
    return [
        mapper.local_table
        for mapper in Base.registry.mappers
        if isinstance(mapper.local_table, Table) and f"{mapper.class_.__module__}.".startswith(f"{package}.")
    ]


def table_faults(connection: Connection, plugin: str, package: str) -> list[str]:
    """What is wrong with a plugin's tables, one sentence each.

    Args:
        connection: to a database in which the plugin's migrations have run.
        package: the import name, in which its models are.
    """
    catalogue = inspect(connection)
    prefix = f"{plugin}_"
    present = {name for name in catalogue.get_table_names() if name.startswith(prefix)} - {f"{plugin}_version"}
    faults = list(_model_faults(catalogue, models_of(package), prefix))
    for table in sorted(present):
        found = (*_key_faults(catalogue, table, prefix), *_safety_faults(connection, table))
        faults += [f"{table}: {fault}" for fault in found]
    return faults


def _model_faults(catalogue: Inspector, models: Iterable[Table], prefix: str) -> Iterator[str]:
    """A model without its migration, or the other way round, fails only when a clerk opens the page."""
    for model in models:
        if not model.name.startswith(prefix):
            yield f"{model.name}: the name must start with {prefix}"
        elif not catalogue.has_table(model.name):
            yield f"{model.name}: no migration makes this table"
        else:
            wanted = {(column.name, bool(column.nullable)) for column in model.columns}
            there = {(column["name"], column["nullable"]) for column in catalogue.get_columns(model.name)}
            for name, _nullable in sorted(wanted ^ there):
                yield f"{model.name}.{name}: the model and the migrations differ"
            yield from _reference_faults(catalogue, model)


def _reference_faults(catalogue: Inspector, model: Table) -> Iterator[str]:
    """What becomes of a row whose resident or case goes is declared: the database does what the model says."""
    declared = {
        (",".join(sorted(key.column_keys)), key.referred_table.name, (key.ondelete or "NO ACTION").upper())
        for key in model.foreign_key_constraints
    }
    there = {
        (
            ",".join(sorted(key["constrained_columns"])),
            key["referred_table"],
            key.get("options", {}).get("ondelete", "NO ACTION").upper(),
        )
        for key in catalogue.get_foreign_keys(model.name)
    }
    for columns, target, on_delete in sorted(declared ^ there):
        where = "the model says" if (columns, target, on_delete) in declared else "the migrations say"
        yield f"{model.name}: only {where} {columns} → {target} ON DELETE {on_delete}"


def _key_faults(catalogue: Inspector, table: str, prefix: str) -> Iterator[str]:
    if catalogue.get_pk_constraint(table)["constrained_columns"] != ["village_id", "id"]:
        yield "the primary key must be (village_id, id)"
    unique = [found["column_names"] for found in catalogue.get_unique_constraints(table)]
    unique += [found["column_names"] for found in catalogue.get_indexes(table) if found["unique"]]
    for columns in unique:
        if "village_id" not in columns:
            yield f"what is unique must be so in a village: add village_id to {columns}"
    for key in catalogue.get_foreign_keys(table):
        target = key["referred_table"]
        if target not in REFERABLE and not target.startswith(prefix):
            yield f"may not refer to {target}"
        if "village_id" not in key["constrained_columns"]:
            yield f"the reference to {target} must carry village_id; use village_reference()"
        if key.get("options", {}).get("ondelete", "").upper().startswith("SET"):
            yield f"the reference to {target} may not be ON DELETE SET …: it would change village_id"


def _safety_faults(connection: Connection, table: str) -> Iterator[str]:
    if not connection.scalar(SECURED, {"table": table}):
        yield "row-level security is not on; the migration must run policies()"
    commands = list(connection.scalars(POLICIES, {"table": table}))
    if "r" not in commands or "*" in commands:
        yield "it needs one policy for each command; the migration must run policies()"
    usual = {rule.cmd: (rule.qual, rule.with_check) for rule in connection.execute(RULES, {"table": MODEL_OF_RULES})}
    for rule in connection.execute(RULES, {"table": table}):
        if rule.cmd in usual and (rule.qual, rule.with_check) != usual[rule.cmd]:
            yield f"its policy for {rule.cmd} lets through what the one rule does not; take it from policies()"
    for trigger in connection.scalars(TRIGGERS, {"table": table}):
        yield f"may have no trigger ({trigger})"
