"""What stands on the papers of a meeting: plain texts, Indonesian; made inside ``in_indonesian()``."""

from collections.abc import Mapping
from typing import Any

from core.api import Area, day_and_date, gettext, long_date, month_name

from . import meetings, partners
from .models import PartnerMeeting, PartnerMeetingPoint

STANDING = "–"


def _head(meeting: PartnerMeeting) -> dict[str, Any]:
    return {
        "month": f"{month_name(meeting.month.month)} {meeting.month.year}",
        "day": day_and_date(meeting.held_on),
        "time": meeting.starts_at.replace(":", "."),
        "place": meeting.place,
        "leader": meeting.leader or STANDING,
        "secretary": meeting.secretary or STANDING,
        "points": [
            {"title": point.title, "text": point.text, "outcome": point.outcome}
            for point in meetings.points_of(meeting)
        ],
    }


def invitation_values(area: Area, meeting: PartnerMeeting) -> Mapping[str, Any]:
    """``guests``: a letter for each. Its agenda names subjects alone: who is silent is nobody else's to read."""
    known = partners.all_of(area.id)
    guests = [known[row.partner_id].title for row in meetings.invitations_of(meeting) if row.partner_id in known]
    head = _head(meeting)
    subjects = list(dict.fromkeys(_subject(point) for point in meetings.points_of(meeting)))
    del head["points"]
    return {**head, "subjects": subjects, "guests": guests}


def _subject(point: PartnerMeetingPoint) -> str:
    """Of "Rujukan belum dijawab: RSUD" what stands before the colon; the village's own points as they are."""
    return point.title.partition(": ")[0] if point.section else point.title


def minutes_values(area: Area, meeting: PartnerMeeting) -> Mapping[str, Any]:
    known = partners.all_of(area.id)

    def name(partner_id: Any) -> str:
        return known[partner_id].title if partner_id in known else STANDING

    invited = meetings.invitations_of(meeting)
    return {
        **_head(meeting),
        "attendance": [[name(row.partner_id), _presence(row.present), row.who or STANDING] for row in invited],
        "present": str(sum(bool(row.present) for row in invited)),
        "invited": str(len(invited)),
        "actions": [
            [
                row.text,
                row.owner + (f" ({name(row.partner_id)})" if row.partner_id else ""),
                long_date(row.due_on),
                long_date(row.done_on) if row.done_on else STANDING,
            ]
            for row in meetings.actions_of(meeting)
        ],
        "closed": meeting.closed,
    }


def _presence(present: bool | None) -> str:
    if present is None:
        return gettext("belum dicatat")
    return gettext("hadir") if present else gettext("tidak hadir")
