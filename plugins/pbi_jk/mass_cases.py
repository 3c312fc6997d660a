"""A reactivation case from a line of the call list, with what the list and the call have told already."""

from collections.abc import Mapping
from typing import Any

from core.api import Area, Case, CaseError, Intake, cases_of_person, db, gettext, open_case, record

from .models import Line
from .services import reactivation


def known_answers(line: Line) -> dict[str, Any]:
    """What need not be typed again; whoever is in care now is, as far as the call tells, an inpatient."""
    answers: dict[str, Any] = {"card_number": line.card_number, "inactive_since": line.inactive_since}
    return {**answers, "care": "inpatient"} if line.result == "in_care" else answers


def open_from(area: Area, line: Line, answers: Mapping[str, Any], phone: str, *, notice: bool) -> Case:
    """Open the case, or take the one that the resident has going. The caller commits.

    Raises:
        CaseError: it is there already, or nobody knows yet who the resident is.
    """
    if line.case_id is not None:
        raise CaseError(gettext("Orang ini sudah punya kasus."))
    if line.person is None or line.doubtful:
        raise CaseError(gettext("Pastikan dulu siapa warganya: NIK atau namanya belum cocok dengan data desa."))
    going = next((row for row in cases_of_person(line.person, [reactivation.name]) if row.closed_at is None), None)
    if going is not None:
        case = db.session.get_one(Case, (area.id, going.id))
    else:
        note = gettext("Dari daftar nonaktif PBI-JK.")
        intake = Intake("phone", answers, reporter_phone=phone, note=note, privacy_notice_given=notice)
        case = open_case(area, reactivation, line.person, intake)
    line.case_id = case.id
    record("pbi_jk.case_from_list", "pbi_jk_line", line.id, ticket=case.ticket)
    return case
