"""Who may read and handle which complaint, and who may see the reporter.

Nobody handles a complaint about themselves. One about the centre or its people is the kepala desa's: the staff neither
see nor answer it. One about the kepala desa is the staff's, who pass it on to who stands above the village. Those who
oversee from outside the village see both, and change nothing.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement

from .models import Complaint

READ, WRITE = "complaints.read", "complaints.write"
DECIDE, IDENTITY = "complaints.decide", "complaints.identity"


def hidden_from(permissions: Collection[str]) -> tuple[str, ...]:
    """What complaints are about that such a person must not see."""
    if DECIDE in permissions:
        return ("head",)
    return ("centre",) if WRITE in permissions else ()


def visible_to(permissions: Collection[str]) -> ColumnElement[bool]:
    """As a condition for queries."""
    return Complaint.about.not_in(hidden_from(permissions))


def may_read(complaint: Complaint, permissions: Collection[str]) -> bool:
    return complaint.about not in hidden_from(permissions)


def may_handle(complaint: Complaint, permissions: Collection[str]) -> bool:
    return WRITE in permissions and may_read(complaint, permissions)


def sees_reporter(complaint: Complaint, permissions: Collection[str]) -> bool:
    """Beside the complaint; who complains in confidence is shown on a page of its own, and that is recorded."""
    return complaint.reporter_id is not None and not complaint.confidential and may_handle(complaint, permissions)


def may_open_identity(complaint: Complaint, permissions: Collection[str]) -> bool:
    confidential = complaint.reporter_id is not None and complaint.confidential
    return confidential and IDENTITY in permissions and may_read(complaint, permissions)
