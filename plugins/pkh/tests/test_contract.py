"""PKH keeps to what every plugin must keep to."""

from collections.abc import Mapping
from typing import Any

from core.testing import PluginContract, days_ago

# Codes, and a month in which the member has the component: what the made-up could not know.
ROWS: Mapping[str, Mapping[str, Any]] = {
    "pkh_members": {"component": "sd", "since": days_ago(400)},
    "pkh_checks": {"year": days_ago(0).year, "month": 1, "value": 90},
}


class TestContract(PluginContract):
    plugin = "pkh"
    state = "active"

    def row_values(self, table: str) -> Mapping[str, Any]:
        if table == "pkh_families":
            left_on = days_ago(1) if self.state == "left" else None
            return {"since": days_ago(400), "state": self.state, "left_on": left_on}
        return ROWS.get(table, {})

    def test_its_parts_of_pages_cost_the_same_with_many_rows(self, subject: Any) -> None:
        """A household is on the list once, and may have left it as often as it likes."""
        self.state = "left"
        super().test_its_parts_of_pages_cost_the_same_with_many_rows(subject)
