"""Pesan WhatsApp keeps to what every plugin must keep to."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from core.testing import PluginContract, days_ago

MADE = datetime.combine(days_ago(3), datetime.min.time(), UTC)

ROWS: Mapping[str, Mapping[str, Any]] = {
    "whatsapp_consents": {"how": "desk", "given_at": MADE, "stopped_at": None, "stopped_how": ""},
    "whatsapp_messages": {
        "kind": "case.opened",
        "template": "puskesos_case_opened",
        "language": "id",
        "state": "failed",
        "reason": "undeliverable",
        "error_code": 131026,
        "made_at": MADE,
        "send_at": MADE,
        "claimed_at": MADE,
        "failed_at": MADE,
        "sent_at": None,
        "delivered_at": None,
        "read_at": None,
        "handled_at": None,
    },
}


class TestContract(PluginContract):
    plugin = "whatsapp"

    def row_values(self, table: str) -> Mapping[str, Any]:
        return ROWS.get(table, {})

    def job_arguments(self, name: str) -> Mapping[str, Any]:
        return {"message_id": str(UUID(int=1))} if name == "whatsapp.send" else {}
