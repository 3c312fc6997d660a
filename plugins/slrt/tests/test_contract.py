"""SLRT keeps to what every plugin must keep to."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from core.testing import PluginContract

ROWS: Mapping[str, Mapping[str, Any]] = {
    "slrt_routes": {"level": "dinsos", "days": 5, "valid_from": date(2026, 1, 1)},
    "slrt_follow_ups": {"level": "province", "escalated_on": date(2026, 11, 1)},
    "slrt_deliveries": {
        "event": "sent",
        "state": "failed",
        "problem": "timeout",
        "at": datetime(2026, 11, 1, tzinfo=UTC),
    },
    "slrt_callbacks": {"status": 200},
}

ABOUT_REFERRALS = {f"slrt_{name}" for name in ("follow_ups", "notes", "forwards", "deliveries", "callbacks")}
_years = count(1)


class TestContract(PluginContract):
    plugin = "slrt"

    def row_values(self, table: str) -> Mapping[str, Any]:
        if table == "slrt_months":  # of a village, month and sector there is one
            return {"sector": "health", "month": date(2000 + next(_years), 1, 1)}
        values = dict(ROWS.get(table, {}))
        if table in ABOUT_REFERRALS:  # of a referral there is one
            values["referral_id"] = uuid4()
        return values | ({"onward_id": uuid4()} if table == "slrt_forwards" else {})

    def job_arguments(self, name: str) -> Mapping[str, Any]:
        return {"delivery_id": str(UUID(int=1))} if name == "slrt.deliver" else {}
