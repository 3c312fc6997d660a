"""Entries about what does not show to whoever reads the audit: a case of a restricted service, and what hangs on it.

That something was done, by whom and when, stays to be read; which case, which resident and what, does not.
"""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Uuid, case, cast, exists, false, select

from core.cases.models import Case, Document, LetterRecord
from core.referrals.models import Referral

from .models import AuditEntry

OF_CASE: Mapping[str, type[Document | LetterRecord | Referral]] = {
    "document": Document,
    "letter": LetterRecord,
    "referral": Referral,
}
"""Kinds of objects that belong to a case."""

UUID_TEXT = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


def is_hidden() -> ColumnElement[bool]:
    """A column for a statement about entries. Only what looks like the id of a row is read as one."""
    object_id = cast(AuditEntry.object_id, Uuid)
    shows = exists().where(Case.village_id == AuditEntry.area_id, Case.id == object_id)
    branches = [(~AuditEntry.object_id.regexp_match(UUID_TEXT), false()), (AuditEntry.object_type == "case", ~shows)]
    for kind, row in OF_CASE.items():
        its_case = select(Case.id).where(Case.village_id == row.village_id, Case.id == row.case_id).exists()
        lost = exists().where(
            row.village_id == AuditEntry.area_id, row.id == object_id, row.case_id.is_not(None), ~its_case
        )
        branches.append((AuditEntry.object_type == kind, lost))
    return case(*branches, else_=false()).label("hidden")
