"""Balita keeps to what every plugin must keep to."""

from collections.abc import Mapping
from typing import Any

from core.testing import PluginContract

FIGURES = {"weight_g": 8200, "height_mm": 740, "position": "lying", "measured_by": "Kader"}
FINDING = {"is_error": True, "column": "NIK", "value": "", "message": "Tidak ada", "fix": "Perbaiki"}

# Codes and figures that mean something: what the made-up could not know.
ROWS: Mapping[str, Mapping[str, Any]] = {
    "balita_measurements": {"weight_g": 8200, "height_mm": 740, "position": "lying"},
    "balita_rations": {"portions": 14},
    "balita_imports": {"state": "checked", "total": 1, "usable": 1, "errors": 1},
    "balita_import_rows": {"kind": "error", "figures": FIGURES, "findings": [FINDING]},
}


class TestContract(PluginContract):
    plugin = "balita"

    def row_values(self, table: str) -> Mapping[str, Any]:
        return ROWS.get(table, {})
