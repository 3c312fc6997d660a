"""Doing what a plan says, in one transaction: never deleting an area, a person's account or a resident's data."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from psycopg import Connection
from sqlalchemy import delete, text, tuple_, update

from core.areas.code import AreaCode, Level
from core.areas.models import Area, ModuleSetting
from core.areas.modules import hold_settings, recompute, store_settings
from core.audit import record
from core.database.session import commit, db
from core.modules.agreement import ModulesDisagree
from core.users.accounts import create_user, find_user, grant

from .manifest import Manifest, StaffMember
from .plan import AreaRow, Plan, plan

SHOWN = 20


@dataclass(frozen=True)
class NewAccount:
    """To be told to the person once: the password is kept nowhere and must be changed at the first sign-in."""

    username: str
    name: str
    password: str


@dataclass(frozen=True)
class Applied:
    plan: Plan
    accounts: tuple[NewAccount, ...]


def provision(manifest: Manifest, *, prune: bool = False) -> Applied:
    """Plan and apply a district's file and commit. Two calls at once for one district wait for each other.

    Raises:
        ModulesDisagree: villages would be left with modules that do not agree.
    """
    wait_for_turn(manifest.district.code)
    hold_settings()
    todo = plan(manifest, prune=prune)
    accounts = apply(todo)
    commit()
    return Applied(todo, accounts)


def wait_for_turn(district: AreaCode) -> None:
    """Until the end of the transaction, nobody else provisions this district."""
    db.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": district.id})


def apply(todo: Plan) -> tuple[NewAccount, ...]:
    """Carry a plan out; answers with the accounts that were made. Where nothing differs, nothing is done.

    The caller commits.

    Raises:
        ModulesDisagree: villages would be left with modules that do not agree; nothing is done.
    """
    if todo.is_empty:
        return ()
    if todo.discords:
        raise ModulesDisagree(todo.discords)
    save_areas(todo)
    _save_settings(todo)
    recompute(todo.manifest.district.code)
    accounts = tuple(_create(member) for member in todo.accounts)
    for member in (*todo.staff.added, *todo.staff.changed):
        _appoint(member)
    _record(todo)
    return accounts


def _record(todo: Plan) -> None:
    if todo.manifest.source is None:
        villages = [str(row.code) for row in todo.areas.added if row.code.level == Level.VILLAGE]
        shown = ", ".join(villages[:SHOWN]) + (" …" if len(villages) > SHOWN else "")
        record("tenants.villages_added", "area", todo.manifest.district.code, villages=shown, count=len(villages))
        return
    record(
        "tenants.applied",
        "area",
        todo.manifest.district.code,
        file=todo.manifest.source.name,
        areas=_counts(todo.areas.added, todo.areas.changed),
        settings=_counts(todo.settings.added, todo.settings.changed, todo.settings.gone if todo.prune else ()),
        staff=_counts(todo.staff.added, todo.staff.changed),
    )


def _counts(added: tuple, changed: tuple, removed: tuple = ()) -> dict[str, int]:
    return {"added": len(added), "changed": len(changed), "removed": len(removed)}


def save_areas(todo: Plan) -> None:
    """The areas alone, without modules and staff."""
    if todo.areas.added:
        # Sorted by code, parents stand before what lies in them.
        _copy([_values(row) for row in sorted(todo.areas.added, key=lambda row: row.code)])
    if todo.areas.changed:
        db.session.execute(update(Area), [_values(row) for row in todo.areas.changed])


def _copy(rows: Sequence[dict[str, object]]) -> None:
    """COPY is several times as fast as INSERT for a whole district; areas lie under no row-level security."""
    connection = db.session.connection().connection.driver_connection
    assert isinstance(connection, Connection)  # noqa: S101 - the one driver that this platform has
    statement = f"COPY areas ({', '.join(rows[0])}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement.encode()) as stream:
        for row in rows:
            stream.write_row(tuple(row.values()))


def _values(row: AreaRow) -> dict[str, object]:
    code = row.code
    above = code.parent
    return {
        "id": code.id,
        "hi": code.hi,
        "level": int(code.level),
        "code": str(code),
        "parent_id": above.id if above and above.level else None,  # there is no row for the nation
        "name": row.name,
        "kind": row.kind,
        "timezone": row.timezone,
        "postal_code": row.postal_code,
        "ticket_prefix": row.ticket_prefix,
    }


def _save_settings(todo: Plan) -> None:
    store_settings([*todo.settings.added, *todo.settings.changed])
    if todo.prune and todo.settings.gone:
        gone = [(setting.area_id, setting.module) for setting in todo.settings.gone]
        db.session.execute(delete(ModuleSetting).where(tuple_(ModuleSetting.area_id, ModuleSetting.module).in_(gone)))
        record("modules.pruned", "area", todo.manifest.district.code, settings=[asdict(s) for s in todo.settings.gone])


def _create(member: StaffMember) -> NewAccount:
    user, password = create_user(member.username, member.name)
    record("users.created", "user", user.id, username=user.username)
    return NewAccount(user.username, user.name, password)


def _appoint(member: StaffMember) -> None:
    """Give the role; the name is the file's."""
    user = find_user(member.username)
    user.name = member.name
    if grant(user, member.area, member.role, member.until):
        until = member.until.isoformat() if member.until else None
        record("users.granted", "user", user.id, area=str(member.area), role=member.role, until=until)
