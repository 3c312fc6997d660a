"""Darurat keeps to what every plugin must keep to."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from core.testing import PluginContract, days_ago

CALLED = datetime.combine(days_ago(3), datetime.min.time(), UTC)

# Codes and times that the made-up could not know; one that is settled stands in no resident's way out of the records.
ROWS: Mapping[str, Mapping[str, Any]] = {
    "emergency_escorts": {
        "state": "ended",
        "follow_up": "none",
        "follow_up_why": "other_payer",
        "jkn": "none",
        "transport": "ambulance",
        "called_at": CALLED,
        "departed_at": CALLED + timedelta(minutes=9),
        "arrived_at": CALLED + timedelta(minutes=40),
        "handed_over_at": CALLED + timedelta(minutes=60),
        "follow_up_by": days_ago(2),
    },
    "emergency_entries": {"kind": "edited"},
    "emergency_shifts": {"phone": "0812-0000-0001"},
}


class TestContract(PluginContract):
    plugin = "emergency"

    def row_values(self, table: str) -> Mapping[str, Any]:
        return ROWS.get(table, {})
