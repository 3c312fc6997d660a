"""The monthly meeting of partners: invited, its agenda filled by the modules, recorded, closed.

It decides on no family; ``core/meetings`` is for that. Closed minutes are locked until they are reopened with a reason.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, tuple_
from sqlalchemy.orm.attributes import flag_modified

from core.api import PAGE_SIZE, Area, CaseError, Page, db, gettext, now, paged, read_keys, record, report_of

from . import saving
from .models import LINE, WORDS, PartnerAction, PartnerInvitation, PartnerMeeting, PartnerMeetingPoint

THING = "partnership_meeting"
MOST_POINTS = 60


def plan(area: Area, values: Mapping[str, Any], invited: Collection[UUID]) -> PartnerMeeting:
    """One a month, with its invitations and its agenda as the modules have it today. The caller commits.

    Raises: CaseError: the month has its meeting.
    """
    meeting = PartnerMeeting(village_id=area.id, **values)
    saving.add(meeting, "partnership.meeting_planned", THING, _taken())
    _invite(meeting, invited)
    fill_agenda(area, meeting)
    return meeting


def change(meeting: PartnerMeeting, values: Mapping[str, Any], invited: Collection[UUID]) -> None:
    """Raises: CaseError: closed, or another meeting has the month."""
    check_open(meeting)
    saving.change(meeting, values, "partnership.meeting_changed", THING, _taken())
    _invite(meeting, invited)
    flag_modified(meeting, "state")


def _taken() -> str:
    return gettext("Bulan itu sudah punya pertemuan. Buka yang sudah ada.")


def check_open(meeting: PartnerMeeting) -> None:
    """Raises: CaseError: the minutes are closed."""
    if meeting.closed:
        raise CaseError(gettext("Notulen sudah ditutup. Kepala desa dapat membukanya lagi dengan alasan."))


def _invite(meeting: PartnerMeeting, invited: Collection[UUID]) -> None:
    """Who is not invited any more goes, with an answer that was given."""
    held = {row.partner_id: row for row in invitations_of(meeting)}
    for partner_id in sorted(set(invited) - set(held)):
        db.session.add(PartnerInvitation(village_id=meeting.village_id, meeting_id=meeting.id, partner_id=partner_id))
    for partner_id in set(held) - set(invited):
        db.session.delete(held[partner_id])
    db.session.flush()


def fill_agenda(area: Area, meeting: PartnerMeeting) -> int:
    """Take over what all modules want talked about in the meeting's month; how many points are new.

    A point of a module that no longer stands, and about which nothing was written, goes. Own points stay.

    Raises: CaseError: closed.
    """
    check_open(meeting)
    wanted: dict[tuple[str, str], str] = {}
    for section in report_of(area, meeting.month):
        for point in section.points:
            wanted.setdefault((str(point.title)[:LINE], str(point.text)[:WORDS]), section.name[:40])
    held = {(point.title, point.text): point for point in points_of(meeting) if point.section}
    gone = [point.id for key, point in held.items() if key not in wanted and not point.outcome]
    if gone:
        db.session.execute(
            delete(PartnerMeetingPoint).where(
                PartnerMeetingPoint.village_id == meeting.village_id, PartnerMeetingPoint.id.in_(gone)
            )
        )
    new = [key for key in wanted if key not in held][: max(0, MOST_POINTS - len(held) + len(gone))]
    for title, text in new:
        _add_point(meeting, title, text, wanted[title, text])
    flag_modified(meeting, "state")
    db.session.flush()
    return len(new)


def add_point(meeting: PartnerMeeting, title: str, text: str) -> None:
    """A point of the village's own.

    Raises: CaseError: closed.
    """
    check_open(meeting)
    _add_point(meeting, title, text, "")
    flag_modified(meeting, "state")


def _add_point(meeting: PartnerMeeting, title: str, text: str, section: str) -> None:
    db.session.add(
        PartnerMeetingPoint(
            village_id=meeting.village_id, meeting_id=meeting.id, section=section, title=title, text=text
        )
    )


def write_minutes(
    meeting: PartnerMeeting, outcomes: Mapping[UUID, str], attendance: Mapping[UUID, tuple[bool | None, str]]
) -> None:
    """What was said on each point, and of each invitation whether somebody came, and who.

    Raises: CaseError: closed.
    """
    check_open(meeting)
    for point in points_of(meeting):
        if point.id in outcomes:
            point.outcome = outcomes[point.id]
    for invitation in invitations_of(meeting):
        if invitation.id in attendance:
            invitation.present, invitation.who = attendance[invitation.id]
    flag_modified(meeting, "state")
    record("partnership.minutes_written", THING, meeting.id)


def close(meeting: PartnerMeeting, today: date, *, by: UUID | None) -> None:
    """Raises: CaseError: closed already, not held yet, or nobody was counted."""
    check_open(meeting)
    if meeting.held_on > today:
        raise CaseError(gettext("Pertemuan ini belum berlangsung."))
    if not any(row.present for row in invitations_of(meeting)):
        raise CaseError(gettext("Catat dulu siapa yang hadir."))
    for row in invitations_of(meeting):
        row.present = bool(row.present)  # who was not seen was not there
    meeting.state, meeting.closed_at, meeting.closed_by = "closed", now(), by
    record("partnership.meeting_closed", THING, meeting.id, month=meeting.month.isoformat())


def reopen(meeting: PartnerMeeting, reason: str) -> None:
    """Raises: CaseError: it is not closed."""
    if not meeting.closed:
        raise CaseError(gettext("Notulen ini belum ditutup."))
    meeting.state, meeting.closed_at, meeting.closed_by = "planned", None, None
    record("partnership.meeting_reopened", THING, meeting.id, reason=reason)


def answer(invitation: PartnerInvitation, said: str) -> None:
    """Of the partner, or told to the desk. ``said``: yes or no. Whether it is still to come, the caller knows."""
    if invitation.answer == said:
        return
    invitation.answer, invitation.answered_at = said, now()
    record("partnership.invitation_answered", "partnership_invitation", invitation.id, answer=said)


# ---- actions ----


def add_action(meeting: PartnerMeeting, values: Mapping[str, Any]) -> PartnerAction:
    """Raises: CaseError: closed."""
    check_open(meeting)
    action = PartnerAction(village_id=meeting.village_id, meeting_id=meeting.id, **values)
    saving.add(action, "partnership.action_added", "partnership_action")
    flag_modified(meeting, "state")
    return action


def finish_action(action: PartnerAction, on: date | None) -> None:
    """Done on a day, also after the minutes were closed; with None it is open again."""
    deed = "partnership.action_done" if on else "partnership.action_undone"
    saving.change(action, {"done_on": on}, deed, "partnership_action")


# ---- reading ----


def find(village_id: int, meeting_id: UUID) -> PartnerMeeting | None:
    return db.session.get(PartnerMeeting, (village_id, meeting_id))


def page_of(village_id: int, cursor: str | None) -> Page[PartnerMeeting]:
    """The latest first."""
    key = (PartnerMeeting.held_on, PartnerMeeting.id)
    query = select(PartnerMeeting).where(PartnerMeeting.village_id == village_id)
    if after := read_keys(cursor, date.fromisoformat, UUID):
        query = query.where(tuple_(*key) < after)
    rows = db.session.scalars(query.order_by(*(column.desc() for column in key)).limit(PAGE_SIZE + 1)).all()
    return paged(rows, lambda row: (row.held_on, row.id), cursor)


def counted(village_id: int, meeting_ids: Collection[UUID]) -> dict[UUID, tuple[int, int]]:
    """Of each meeting, who was present and who invited."""
    rows = db.session.execute(
        select(PartnerInvitation.meeting_id, func.count().filter(PartnerInvitation.present.is_(True)), func.count())
        .where(PartnerInvitation.village_id == village_id, PartnerInvitation.meeting_id.in_(meeting_ids))
        .group_by(PartnerInvitation.meeting_id)
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def points_of(meeting: PartnerMeeting) -> Sequence[PartnerMeetingPoint]:
    """In the order in which they came."""
    return db.session.scalars(
        select(PartnerMeetingPoint)
        .where(PartnerMeetingPoint.village_id == meeting.village_id, PartnerMeetingPoint.meeting_id == meeting.id)
        .order_by(PartnerMeetingPoint.id)
    ).all()


def invitations_of(meeting: PartnerMeeting) -> Sequence[PartnerInvitation]:
    return db.session.scalars(
        select(PartnerInvitation)
        .where(PartnerInvitation.village_id == meeting.village_id, PartnerInvitation.meeting_id == meeting.id)
        .order_by(PartnerInvitation.id)
    ).all()


def actions_of(meeting: PartnerMeeting) -> Sequence[PartnerAction]:
    return db.session.scalars(
        select(PartnerAction)
        .where(PartnerAction.village_id == meeting.village_id, PartnerAction.meeting_id == meeting.id)
        .order_by(PartnerAction.due_on, PartnerAction.id)
    ).all()


def earlier_actions(meeting: PartnerMeeting) -> Sequence[PartnerAction]:
    """Of the meeting before it all, and of those before what is still to be done."""
    before = (
        select(PartnerMeeting.id)
        .where(PartnerMeeting.village_id == meeting.village_id, PartnerMeeting.month < meeting.month)
        .order_by(PartnerMeeting.month.desc())
    )
    ids = db.session.scalars(before.limit(12)).all()
    return db.session.scalars(
        select(PartnerAction)
        .where(
            PartnerAction.village_id == meeting.village_id,
            PartnerAction.meeting_id.in_(ids),
            (PartnerAction.meeting_id == (ids[0] if ids else None)) | PartnerAction.done_on.is_(None),
        )
        .order_by(PartnerAction.due_on, PartnerAction.id)
        .limit(50)
    ).all()


def open_actions(village_id: int, partner_id: UUID | None = None, limit: int = 20) -> Sequence[PartnerAction]:
    """To be done, the most overdue first; of one partner, or of all."""
    query = select(PartnerAction).where(PartnerAction.village_id == village_id, PartnerAction.done_on.is_(None))
    if partner_id is not None:
        query = query.where(PartnerAction.partner_id == partner_id)
    return db.session.scalars(query.order_by(PartnerAction.due_on, PartnerAction.id).limit(limit)).all()
