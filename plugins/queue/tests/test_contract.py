"""The queue keeps to what every plugin must keep to."""

from collections.abc import Mapping
from itertools import count
from typing import Any

from core.testing import PluginContract, days_ago

# Codes, days and counts that the made-up could not know; what has ended stands in no resident's way out of the records.
ROWS: Mapping[str, Mapping[str, Any]] = {
    "queue_services": {"minutes": 10, "day_limit": None},
    "queue_bookings": {"state": "cancelled", "channel": "desk", "day": days_ago(3)},
    "queue_tickets": {"state": "done", "origin": "walk_in", "day": days_ago(3), "number": 1},
    "queue_requests": {"state": "closed", "channel": "desk"},
    "queue_turned_away": {"reason": "full", "people": 1},
    "queue_steps": {"kind": "finished"},
    "queue_slots": {"capacity": 4, "taken": 1},
}
PREFIXES = (f"{number:02X}" for number in count(16))


class TestContract(PluginContract):
    plugin = "queue"

    def row_values(self, table: str) -> Mapping[str, Any]:
        letters = {"prefix": next(PREFIXES)} if table == "queue_services" else {}
        return {**ROWS.get(table, {}), **letters}
