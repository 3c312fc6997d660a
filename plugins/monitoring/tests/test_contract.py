"""Pemantauan keeps to what every plugin must keep to."""

from collections.abc import Mapping
from datetime import date
from itertools import count
from typing import Any

from core.testing import PluginContract
from plugins.monitoring.months import months_before

CONTENT = {"sections": [], "median": None, "groups": []}
DETAIL = {"groups": {}, "classes": [0] * 7, "median": None, "most": 0, "aid": {}}

ROWS: Mapping[str, Mapping[str, Any]] = {
    "monitoring_months": {"figures": {}, "sections": [], "detail": DETAIL},
    "monitoring_reports": {"state": "sent", "content": CONTENT},
}
_ago = count(3)


class TestContract(PluginContract):
    plugin = "monitoring"

    def row_values(self, table: str) -> Mapping[str, Any]:
        """Each row is of a month of its own: a village has one row a month."""
        return {"month": months_before(date(2026, 10, 1), next(_ago)), **ROWS[table]} if table in ROWS else {}
