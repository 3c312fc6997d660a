"""Bansos keeps to what every plugin must keep to."""

from collections.abc import Mapping
from itertools import count
from typing import Any

from core.testing import PluginContract, days_ago

# Codes, and what others count: what the made-up could not know.
ROWS: Mapping[str, Mapping[str, Any]] = {
    "bansos_distributions": {
        "source": "baznas",
        "items": [["10", "kg", "beras"]],
        "year": 2026,
        "first_day": days_ago(2),
        "last_day": days_ago(0),
    },
    "bansos_handovers": {"relation": "self", "handed_on": days_ago(1), "sha256": "a" * 64, "media_type": "image/png"},
}


class TestContract(PluginContract):
    plugin = "bansos"
    numbers = count(1)

    def row_values(self, table: str) -> Mapping[str, Any]:
        """Each distribution has its own number in its year, each recipient on a list."""
        numbered = table in ("bansos_distributions", "bansos_recipients")
        return {**ROWS.get(table, {}), **({"number": next(self.numbers)} if numbered else {})}
