"""What stands on the sheet by which a complaint is passed on: plain texts, Indonesian."""

from typing import Any

from core.api import long_date

from .models import Complaint, Entry
from .words import KINDS, sector_title

NOBODY = "Pelapor meminta identitasnya dirahasiakan (SP4N-LAPOR!), jadi tidak disertakan."
ANONYMOUS = "Pelapor tidak menyebutkan nama."


def paper_values(complaint: Complaint, entry: Entry) -> dict[str, Any]:
    """Made inside ``in_indonesian()``. Of the reporter a name goes along, unless it is to be kept in confidence."""
    return {
        "whom": entry.whom,
        "ask": entry.text or "–",
        "until": long_date(entry.answer_by) if entry.answer_by else "",
        "ticket": complaint.ticket,
        "received": long_date(complaint.received_on),
        "sector": str(sector_title(complaint.sector)),
        "kind": str(KINDS.get(complaint.kind, complaint.kind)),
        "place": complaint.place or "–",
        "description": complaint.description,
        "reporter": _reporter(complaint),
        "about-head": "yes" if complaint.about == "head" else "",
    }


def _reporter(complaint: Complaint) -> str:
    if complaint.reporter is None:
        return ANONYMOUS
    return NOBODY if complaint.confidential else complaint.reporter.name or "–"
