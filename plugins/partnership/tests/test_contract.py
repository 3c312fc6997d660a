"""Kemitraan keeps to what every plugin must keep to."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from core.testing import PluginContract, days_ago

ROWS: Mapping[str, Mapping[str, Any]] = {
    "partnership_partners": {"kind": "community", "phone": "0812-0000-0001"},
    "partnership_agreements": {
        "state": "signed",
        "signed_on": days_ago(30),
        "valid_until": days_ago(-30),
        "sha256": "0" * 64,
        "media_type": "application/pdf",
    },
    "partnership_contributions": {"kind": "surveys", "amount": 3, "given_on": days_ago(3)},
    "partnership_barriers": {"kind": "papers", "source": "clerk", "opened_on": days_ago(20)},
    "partnership_proposals": {"made_on": days_ago(9)},
    "partnership_meetings": {"state": "planned", "held_on": days_ago(2), "starts_at": "09:00"},
    "partnership_invitations": {"answer": "yes"},
    "partnership_actions": {"due_on": days_ago(1)},
    "partnership_reviews": {"answers": {"relationship_roles": 4}, "side": "village"},
    "partnership_scorecards": {"figures": {"answered": [3, 5]}, "made_at": datetime(2026, 11, 10, tzinfo=UTC)},
}

MONTHS = count()


class TestContract(PluginContract):
    plugin = "partnership"

    def row_values(self, table: str) -> Mapping[str, Any]:
        """A month has one meeting."""
        values = ROWS.get(table, {})
        if table != "partnership_meetings":
            return values
        number = next(MONTHS)
        return {**values, "month": date(2001 + number // 12, number % 12 + 1, 1)}
