"""Cases that not everybody who sees cases may see: of children, of victims, of people with an illness.

A service says so (``Service.restricted_to``). Each of its cases then names its ``readers``, and the database shows it
to those who hold one of them as a key (``core.database.rls``): to everybody else there is no such case, whatever page
or statement asks. Keys are the permission that the service names, held through a role, and "user:<id>" of staff to whom
one case was opened.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_

from core.database.session import ALL_CASES, current_keys
from core.platform import platform

from .models import Case, Document, LetterRecord
from .service import Service


def keys_of(user_id: UUID, permissions: frozenset[str]) -> frozenset[str]:
    """What opens restricted cases to somebody who holds these permissions where they look."""
    return (permissions & platform().plugins.restricting) | {key_of(user_id)}


def key_of(user_id: UUID) -> str:
    return f"user:{user_id}"


def readers_of(service: Service) -> list[str] | None:
    """The keys to a new case of a service; None: everybody who sees cases may see it."""
    return [service.restricted_to] if service.restricted_to else None


def is_open_to_me(service: Service) -> bool:
    """Whether who asks may see all cases of a service, and so open one."""
    return service.restricted_to is None or bool(current_keys.get() & {service.restricted_to, *ALL_CASES})


def seen(row: type[LetterRecord] | type[Document]) -> ColumnElement[bool]:
    """That a row is of a case that may be seen, or of none at all."""
    return or_(row.case_id.is_(None), exists().where(Case.village_id == row.village_id, Case.id == row.case_id))
