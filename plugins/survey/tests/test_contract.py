"""Survey keeps to what every plugin must keep to."""

from collections.abc import Mapping
from itertools import count
from typing import Any

from core.testing import PluginContract

ROWS: Mapping[str, Mapping[str, Any]] = {
    # Nobody's yet, so that whoever opens a page may fill it in.
    "survey_surveys": {"state": "open", "questionnaire": "2025-1", "surveyor_id": None},
    "survey_photos": {"shows": "front", "sha256": "0" * 64, "media_type": "image/png"},
}


class TestContract(PluginContract):
    plugin = "survey"

    numbers = count(1)

    def row_values(self, table: str) -> Mapping[str, Any]:
        """Each survey has its own number in its year."""
        numbered = {"number": next(self.numbers)} if table == "survey_surveys" else {}
        return {**ROWS.get(table, {}), **numbered}
