"""What the external system reports of a referral: checked, taken as a step of core's, and answered the same each time.

A delivery id is taken once in a village. The row that says so is written by the transaction that takes the step, and
under the lock of the referral, so two reports at the same moment are one after the other.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core.api import (
    Area,
    AreaCode,
    NotAddressed,
    OpenedReferral,
    Organisation,
    Referral,
    ReferralAddress,
    ReferralError,
    ReferralReply,
    answer_referral,
    as_system,
    commit,
    db,
    open_referral,
    record,
    referral_steps,
)

from .models import SlrtCallback

STEPS: Mapping[str, str] = {
    "accepted": "accept",
    "processing": "process",
    "done": "finish",
    "refused": "refuse",
    "returned": "return",
}
"""What can be reported, and the receiver's step of core's by which it is taken."""

NO_VILLAGE = "village must be a village's code, such as 32.01.15.2008"
LONGEST_NUMBER, LONGEST_NOTE, LONGEST_REFERENCE, LONGEST_DELIVERY = 20, 2000, 120, 64


@dataclass(frozen=True)
class Report:
    """``delivery`` is the id that the system gave to this report: inside the body, so that it is signed too.

    ``village`` is None where the system did not say it; the number then has to be the only one of the district.
    """

    delivery: str
    number: str
    state: str
    note: str = ""
    reference: str = ""
    village: AreaCode | None = None


@dataclass(frozen=True)
class Answered:
    status: int
    content: dict[str, Any]


class Unreadable(ValueError):
    """A body that is no report; ``field`` says which part, if it is one."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def read_report(body: bytes) -> Report:
    """Raises: Unreadable."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable("the body is not JSON") from error
    if not isinstance(content, dict):
        raise Unreadable("the body is not a JSON object")
    delivery = _text(content, "delivery", LONGEST_DELIVERY)
    if not delivery:
        raise Unreadable("delivery is missing", "delivery")
    number = _text(content, "number", LONGEST_NUMBER)
    state = _text(content, "state", 20)
    if not number:
        raise Unreadable("number is missing", "number")
    if state not in STEPS:
        raise Unreadable(f"state must be one of {', '.join(STEPS)}", "state")
    village = _text(content, "village", 13)
    try:
        code = AreaCode.parse(village) if village else None
    except ValueError:
        raise Unreadable(NO_VILLAGE, "village") from None
    if code is not None and code.hi != code.id:
        raise Unreadable(NO_VILLAGE, "village")
    note, reference = _text(content, "note", LONGEST_NOTE), _text(content, "reference", LONGEST_REFERENCE)
    return Report(delivery, number.upper(), state, note, reference, code)


def _text(content: Mapping[str, Any], name: str, longest: int) -> str:
    value = content.get(name, "")
    if not isinstance(value, str) or len(value) > longest or "\0" in value:
        raise Unreadable(f"{name} must be a text of at most {longest} characters", name)
    try:
        value.encode()
    except UnicodeEncodeError as error:  # half a surrogate pair
        raise Unreadable(f"{name} is not a text", name) from error
    return value.strip()


def take(district: Area, office: Organisation | None, report: Report, body: bytes, name: str) -> Answered:
    """Take a report whose signature was good. Commits.

    Args:
        district: in whose scope the request works.
        name: what the histories call the system.
    """
    found = _find(district, office, report) if office else []
    if len(found) > 1:
        villages = [str(AreaCode.from_id(village_id)) for village_id, _id in found]
        return Answered(409, {"error": "ambiguous", "message": "say village", "villages": sorted(villages)})
    if not found or office is None:
        return _unknown()
    village_id, referral_id = found[0]
    address = ReferralAddress(district, frozenset({office.id}), AreaCode.from_id(village_id), referral_id)
    digest = sha256(body).hexdigest()
    try:
        with as_system(name), open_referral(address, for_update=True) as opened:
            before = _taken(village_id, report.delivery)
            if before is not None:
                return _again(before, digest)
            answered = _step(opened, report)
            referral = opened.referral
            kept = {"village_id": village_id, "referral_id": referral.id, "case_id": referral.case_id}
            told = {
                "delivery": report.delivery,
                "digest": digest,
                "status": answered.status,
                "answer": answered.content,
            }
            db.session.add(SlrtCallback(**kept, **told))
            record("slrt.reported", "referral", referral.id, state=report.state, number=report.number)
            commit()
            return answered
    except NotAddressed:
        return _unknown()


def _unknown() -> Answered:
    return Answered(404, {"error": "unknown", "message": "no referral of this number was sent to this organisation"})


def _find(district: Area, office: Organisation, report: Report) -> list[tuple[int, UUID]]:
    if report.village is not None and not district.interval.covers(report.village):
        return []
    within = report.village or district.interval
    query = select(Referral.village_id, Referral.id).where(
        Referral.village_id.between(within.id, within.hi),
        Referral.number == report.number,
        Referral.organisation_id == office.id,
        Referral.sent_at.is_not(None),
    )
    return [(village_id, referral_id) for village_id, referral_id in db.session.execute(query.limit(5))]


def _taken(village_id: int, delivery: str) -> SlrtCallback | None:
    return db.session.scalar(
        select(SlrtCallback).where(SlrtCallback.village_id == village_id, SlrtCallback.delivery == delivery)
    )


def _again(before: SlrtCallback, digest: str) -> Answered:
    if before.digest != digest:
        return Answered(409, {"error": "delivery_reused", "message": "this delivery id was used for another report"})
    return Answered(before.status, before.answer)


def _step(opened: OpenedReferral, report: Report) -> Answered:
    """What was in the way leaves the referral as it was: core checks all before it changes anything."""
    referral = opened.referral
    key = STEPS[report.state]
    possible = {step.key for step in referral_steps(referral.state, "receiver")}
    if key not in possible:
        names = [state for state, step in STEPS.items() if step in possible]
        told = {"number": report.number, "state": referral.state, "possible": names}
        return Answered(409, {"error": "impossible", "message": "not from this state", **told})
    try:
        answer_referral(opened, key, ReferralReply(note=report.note, reference=report.reference))
    except ReferralError as problem:
        return Answered(422, {"error": "incomplete", "message": str(problem), "field": problem.field or ""})
    return Answered(200, {"number": report.number, "state": referral.state, "due_on": referral.due_on.isoformat()})
