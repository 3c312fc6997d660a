"""Pemantauan keeps to what every plugin must keep to."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from core.testing import PluginContract

CONTENT = {"sections": [], "median": None, "groups": []}
DETAIL = {"groups": {}, "classes": [0] * 7, "median": None, "most": 0, "aid": {}}

ROWS: Mapping[str, Mapping[str, Any]] = {
    "monitoring_months": {"month": date(2026, 10, 1), "figures": {}, "sections": [], "detail": DETAIL},
    "monitoring_reports": {"month": date(2026, 9, 1), "state": "sent", "content": CONTENT},
}


class TestContract(PluginContract):
    plugin = "monitoring"

    def row_values(self, table: str) -> Mapping[str, Any]:
        return ROWS.get(table, {})
