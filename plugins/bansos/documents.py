"""What stands on papers: receipts and lists, plain texts, Indonesian, and never a NIK in full."""

from collections.abc import Sequence
from typing import Any

from core.api import Area, Household, Person, gettext, long_date, mask_nik

from .distributions import SOURCES
from .goods import in_words
from .handovers import RELATIONS, receipt_number
from .models import AidDistribution, AidHandover
from .recipients import Row


def place_of(household: Household | None) -> str:
    """RT and RW, by which a list is walked."""
    return f"RT {household.rt or '–'}/RW {household.rw or '–'}" if household and (household.rt or household.rw) else "–"


def address_of(person: Person) -> str:
    household = person.household
    parts = (household.address, household.hamlet, place_of(household)) if household else ()
    return ", ".join(part for part in parts if part and part != "–") or "–"


def masked_nik(person: Person) -> str:
    return mask_nik(person.nik) if person.nik else "belum ada"


def _aid(distribution: AidDistribution) -> dict[str, str]:
    return {
        "title": distribution.title,
        "reference": distribution.reference,
        "source": str(SOURCES.get(distribution.source, distribution.source)),
        "period": distribution.period,
        "goods": in_words(distribution.goods, distribution.amount),
        "place": distribution.place,
        "first_day": long_date(distribution.first_day),
        "last_day": long_date(distribution.last_day),
        "answers_for": distribution.answers_for,
    }


def receipt_values(area: Area, handover: AidHandover) -> dict[str, Any]:
    """For the receipt; made inside ``in_indonesian()``."""
    recipient = handover.recipient
    undone = gettext("DIBATALKAN: %(reason)s", reason=handover.undone_reason) if not handover.holds else ""
    return {
        **_aid(recipient.distribution),
        "village": area.title,
        "number": receipt_number(handover),
        "name": recipient.person.name,
        "nik": masked_nik(recipient.person),
        "address": address_of(recipient.person),
        "handed_on": long_date(handover.handed_on),
        "handed_by": handover.handed_by,
        "received_by": handover.received_by,
        "relation": str(RELATIONS.get(handover.relation, handover.relation)),
        "reason": handover.reason,
        "undone": undone,
    }


def list_values(distribution: AidDistribution, rows: Sequence[Row], show: str) -> dict[str, Any]:
    """To walk from RT to RT with, or to be signed at the table; made inside ``in_indonesian()``."""
    return {
        **_aid(distribution),
        "kind": show,
        "lines": [
            [
                str(row.recipient.number),
                row.person.name,
                masked_nik(row.person),
                place_of(row.person.household),
                row.person.household.address if row.person.household else "",
            ]
            for row in rows
        ],
    }
