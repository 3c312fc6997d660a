"""Pelatihan keeps to what every plugin must keep to."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from core.testing import PluginContract, days_ago

ROWS: Mapping[str, Mapping[str, Any]] = {
    "training_sessions": {"state": "held", "day": days_ago(30), "services": ["sktm.letter"]},
    "training_participants": {"answer": "coming", "result": "passed"},
    "training_qualifications": {"service": "sktm.letter"},
}


class TestContract(PluginContract):
    plugin = "training"

    def row_values(self, table: str) -> Mapping[str, Any]:
        # Of one person and service there is one qualification.
        own = {"user_id": uuid4()} if table in ("training_qualifications", "training_participants") else {}
        return {**ROWS.get(table, {}), **own}
