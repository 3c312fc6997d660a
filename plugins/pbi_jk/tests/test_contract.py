"""PBI-JK keeps to what every plugin must keep to."""

from collections.abc import Mapping
from typing import Any

from core.testing import PluginContract

# Codes that the made-up could not know.
ROWS: Mapping[str, Mapping[str, Any]] = {
    "pbi_jk_lines": {"result": "wants"},
    "pbi_jk_calls": {"result": "wants"},
}


class TestContract(PluginContract):
    plugin = "pbi_jk"

    def row_values(self, table: str) -> Mapping[str, Any]:
        return ROWS.get(table, {})
