"""Balita keeps to what every plugin must keep to."""

from collections.abc import Mapping
from typing import Any

from core.testing import PluginContract

# Codes and figures that mean something: what the made-up could not know.
ROWS: Mapping[str, Mapping[str, Any]] = {
    "balita_measurements": {"weight_g": 8200, "height_mm": 740, "position": "lying"},
    "balita_rations": {"portions": 14},
}


class TestContract(PluginContract):
    plugin = "balita"

    def row_values(self, table: str) -> Mapping[str, Any]:
        return ROWS.get(table, {})
