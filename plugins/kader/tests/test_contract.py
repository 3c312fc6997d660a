"""Kader keeps to what every plugin must keep to."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from core.testing import PluginContract, days_ago

# Codes that the made-up could not know; a finding that is answered stands in no resident's way out of the records.
ROWS: Mapping[str, Mapping[str, Any]] = {
    "kader_assignments": {"kind": "posyandu", "rw": "005", "rt": "002", "starts_on": days_ago(30), "ends_on": None},
    "kader_visits": {"state": "done", "purpose": "routine", "planned_on": days_ago(3), "done_on": days_ago(2)},
    "kader_findings": {
        "kind": "elderly",
        "sha256": "0" * 64,
        "state": "answered",
        "answer_by": days_ago(1),
        "answered_at": datetime.combine(days_ago(2), datetime.min.time(), UTC),
    },
    "kader_prechecks": {"done_on": days_ago(2), "undone_at": None, "seen": [], "missing": []},
}


class TestContract(PluginContract):
    plugin = "kader"

    def row_values(self, table: str) -> Mapping[str, Any]:
        return ROWS.get(table, {})
