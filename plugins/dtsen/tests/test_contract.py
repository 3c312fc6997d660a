"""DTSEN keeps to what every plugin must keep to."""

from collections.abc import Mapping
from itertools import count
from typing import Any

from core.testing import PluginContract, days_ago

# Codes, and figures that mean something: what the made-up could not know.
ROWS: Mapping[str, Mapping[str, Any]] = {
    "dtsen_moves": {"old_decile": 3, "new_decile": 5, "moved": True, "new_on": days_ago(3), "old_on": days_ago(90)},
    "dtsen_entries": {"what": "members", "keyed_on": days_ago(2), "status_on": days_ago(1)},
    "dtsen_checks": {"result": "unmatched", "checked_on": days_ago(4), "recheck_on": days_ago(1)},
}


class TestContract(PluginContract):
    plugin = "dtsen"
    numbers = count(1)

    def row_values(self, table: str) -> Mapping[str, Any]:
        """Each month is another one."""
        number = next(self.numbers)
        month = {"year": 2000 + number % 90, "month": number % 12 + 1} if table == "dtsen_months" else {}
        return {**ROWS.get(table, {}), **month}
