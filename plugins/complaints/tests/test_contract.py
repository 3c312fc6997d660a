"""Complaints keep to what every plugin must keep to."""

from collections.abc import Mapping
from typing import Any

from core.testing import PluginContract, days_ago

# Codes and days that the made-up could not know; one that is closed stands in no resident's way out of the records.
ROWS: Mapping[str, Mapping[str, Any]] = {
    "complaints_complaints": {
        "sector": "health",
        "kind": "inspection",
        "channel": "desk",
        "about": "service",
        "state": "closed",
        "received_on": days_ago(9),
        "answer_by": days_ago(6),
        "due_on": days_ago(1),
    },
    "complaints_photos": {"sha256": "ab" * 32, "media_type": "image/png"},
}


class TestContract(PluginContract):
    plugin = "complaints"

    def row_values(self, table: str) -> Mapping[str, Any]:
        return ROWS.get(table, {})
