"""BLT Dana Desa keeps to what every plugin must keep to."""

from collections.abc import Mapping
from typing import Any

from core.testing import PluginContract

# Codes, and months of one year: what the made-up could not know.
ROWS: Mapping[str, Mapping[str, Any]] = {
    "blt_desa_decrees": {"year": 2026, "first_month": 1, "last_month": 12},
    "blt_desa_recipients": {"first_month": 1, "last_month": 12},
    "blt_desa_payments": {"received_as": "family"},
    "blt_desa_paid_months": {"month": 1},
}


class TestContract(PluginContract):
    plugin = "blt_desa"

    def row_values(self, table: str) -> Mapping[str, Any]:
        return ROWS.get(table, {})
