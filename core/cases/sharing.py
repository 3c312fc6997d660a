"""One restricted case is opened to a colleague by name, and closed again."""

from uuid import UUID

from flask_babel import gettext as _

from core.database.session import ALL_CASES, current_keys
from core.platform import platform
from core.users.permissions import ROLES

from .errors import CaseError
from .locking import hold
from .models import Case
from .restricted import key_of
from .timeline import note_event

BY_NAME = "user:"


def roles_of(case: Case) -> list[str]:
    """Who may see the case by their role, in words."""
    table, permissions = platform().permissions, _permissions(case)
    return [str(role.title) for key, role in ROLES.items() if permissions & table.of_role(key)]


def named_in(case: Case) -> list[UUID]:
    """To whom the case was opened by name."""
    return [UUID(reader.removeprefix(BY_NAME)) for reader in case.readers or () if reader.startswith(BY_NAME)]


def may_share(case: Case) -> bool:
    """Whether who asks may see the case by their role: who was let in by name lets nobody else in."""
    return bool(current_keys.get() & {*_permissions(case), *ALL_CASES})


def _permissions(case: Case) -> frozenset[str]:
    return frozenset(reader for reader in case.readers or () if not reader.startswith(BY_NAME))


def open_to(case: Case, user_id: UUID, name: str) -> bool:
    """Let a colleague see this one restricted case; False when they may already. The caller commits.

    Raises:
        CaseError: the case is closed, or who asks was let in by name too.
    """
    hold(case)
    _check(case)
    if case.readers is None or key_of(user_id) in case.readers:
        return False
    case.readers = [*case.readers, key_of(user_id)]
    note_event(case, "shown_to", note=name)
    return True


def close_to(case: Case, user_id: UUID, name: str) -> bool:
    """Take that back; False when there is nothing to take back. The caller commits.

    Raises:
        CaseError: as :func:`open_to`; or the colleague holds the case.
    """
    hold(case)
    _check(case)
    if key_of(user_id) not in (case.readers or ()):
        return False
    if case.assigned_to == user_id:
        raise CaseError(_("%(name)s masih memegang kasus ini. Serahkan dulu kepada rekan lain.", name=name))
    case.readers = [reader for reader in case.readers or () if reader != key_of(user_id)]
    note_event(case, "hidden_from", note=name)
    return True


def _check(case: Case) -> None:
    if case.readers is not None and not may_share(case):
        raise CaseError(_("Hanya yang berwenang atas layanan ini yang membuka kasusnya untuk rekan."))
