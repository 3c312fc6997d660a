"""ATENSI keeps to what every plugin must keep to."""

from collections.abc import Mapping
from typing import Any

from core.testing import PluginContract


class TestContract(PluginContract):
    plugin = "atensi"

    def row_values(self, table: str) -> Mapping[str, Any]:
        return {"kind": "living", "state": "planned"} if table == "atensi_supports" else {}
