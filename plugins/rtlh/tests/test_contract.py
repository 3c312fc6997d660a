"""RTLH keeps to what every plugin must keep to."""

from collections.abc import Mapping
from typing import Any

from core.testing import PluginContract, days_ago

# Codes, and what others count: what the made-up could not know.
ROWS: Mapping[str, Mapping[str, Any]] = {
    "rtlh_works": {"progress": 30, "handed_on": None, "begun_on": days_ago(20)},
    "rtlh_stages": {"percent": 30, "seen_on": days_ago(2), "sha256": "a" * 64, "media_type": "image/png"},
    "rtlh_expenses": {
        "kind": "wages",
        "spent_on": days_ago(1),
        "amount": 500_000,
        "sha256": "b" * 64,
        "media_type": "image/png",
    },
}


class TestContract(PluginContract):
    plugin = "rtlh"
    serial = 0

    def row_values(self, table: str) -> Mapping[str, Any]:
        """Each receipt of a house has its own number, each stage another percent."""
        type(self).serial += 1
        own = {
            "rtlh_expenses": {"serial": self.serial},
            "rtlh_stages": {"percent": self.serial % 100},
        }
        return {**ROWS.get(table, {}), **own.get(table, {})}
