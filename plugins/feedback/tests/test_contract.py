"""The survey keeps to what every plugin must keep to."""

from collections.abc import Mapping
from typing import Any

from core.testing import PluginContract, days_ago

# Codes, marks and days that the made-up could not know.
ROWS: Mapping[str, Mapping[str, Any]] = {
    "feedback_invitations": {"expires_on": days_ago(1)},
    "feedback_answers": {
        "month": days_ago(0).replace(day=1),
        "service": "sktm.letter",
        "channel": "qr",
        **{f"u{number}": 3 for number in range(1, 10)},
    },
    "feedback_comments": {"month": days_ago(0).replace(day=1), "state": "waiting"},
    "feedback_actions": {"period": "2026-Q3", "element": 3, "state": "planned"},
    "feedback_action_entries": {"state": "planned"},
}


class TestContract(PluginContract):
    plugin = "feedback"

    def row_values(self, table: str) -> Mapping[str, Any]:
        return ROWS.get(table, {})
