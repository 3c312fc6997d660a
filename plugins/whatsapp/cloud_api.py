"""Meta's WhatsApp Cloud API: one POST, and what its answer means for the message.

``POST {base}/{version}/{phone_number_id}/messages`` with a bearer token. An answer of 200 has ``messages[0].id`` (the
wamid); any other has ``error`` with ``code``, ``error_subcode``, ``fbtrace_id`` and ``error_data.details``. Meta asks
to go by the codes and not by titles or HTTP statuses:
https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
"""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import httpx

from core.api import Settings

GRAPH = "https://graph.facebook.com"
OVERRIDE = "WHATSAPP_GRAPH_URL"
"""The installation's environment may name another address, such as a test's or a relay's; no page can."""

TIMEOUT = httpx.Timeout(10, connect=5)
LONGEST_VALUE = 1024

# Meta's codes by what they mean for the sender (see ``words.REASONS``).
RETRYABLE = {
    2: "busy",
    131016: "busy",
    131057: "busy",
    133004: "busy",
    131000: "busy",
    4: "rate",
    80007: "rate",
    130429: "rate",
    131056: "rate",
    131048: "spam",
}
FINAL = {
    **dict.fromkeys((0, 3, 10, 190, 131005), "token"),
    **dict.fromkeys((131026, 131021, 131030), "undeliverable"),
    131047: "window",
    **dict.fromkeys((132000, 132001, 132005, 132007, 132012, 132018), "template"),
    **dict.fromkeys((132015, 132016), "paused"),
    **dict.fromkeys((130472, 131049), "refused"),
    131050: "stopped",
    **dict.fromkeys((368, 131031, 131042, 131045, 133010), "account"),
}


@dataclass(frozen=True)
class Template:
    """A message as it goes out: nothing else of a resident leaves the house. ``tag`` comes back with each status."""

    to: str
    name: str
    language: str
    parameters: Sequence[str]
    tag: str

    @property
    def body(self) -> dict[str, Any]:
        template: dict[str, Any] = {"name": self.name, "language": {"code": self.language}}
        if self.parameters:
            values = [{"type": "text", "text": plain(value)} for value in self.parameters]
            template["components"] = [{"type": "body", "parameters": values}]
        return {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": self.to,
            "type": "template",
            "template": template,
            "biz_opaque_callback_data": self.tag,
        }


@dataclass(frozen=True)
class Outcome:
    """``accepted`` with the ``wamid``; ``retry`` and ``final`` with the reason; ``unclear``: it may have been taken.

    ``wait`` is Meta's own ``Retry-After`` in seconds, None where it names none.
    """

    kind: Literal["accepted", "retry", "final", "unclear"]
    wamid: str = ""
    reason: str = ""
    code: int | None = None
    trace: str = ""
    wait: int | None = None


def plain(value: str) -> str:
    """A value of a template may hold no line break, tab or run of blanks, and may not be empty (code 132018)."""
    return " ".join(value.split())[:LONGEST_VALUE] or "–"


def reason_of(code: int) -> str:
    """What a code means, whether it comes with the answer or by the webhook."""
    if 200 <= code <= 299:
        return "token"
    return RETRYABLE.get(code) or FINAL.get(code) or "broken"


def send(settings: Settings, message: Template) -> Outcome:
    """Post once. Never raises for what the other side or the line does."""
    base = os.environ.get(OVERRIDE, GRAPH).rstrip("/")
    address = f"{base}/{settings.api_version}/{settings.phone_number_id}/messages"
    headers = {"Authorization": f"Bearer {settings.token}"}
    try:
        answer = httpx.post(address, json=message.body, headers=headers, timeout=TIMEOUT, follow_redirects=False)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
        return Outcome("retry", reason="unreachable")  # nothing has left the house
    except httpx.HTTPError:
        return Outcome("unclear", reason="no_answer")
    return judge(answer)


def judge(answer: httpx.Response) -> Outcome:
    body = _object(answer)
    if answer.is_success:
        wamid = _wamid(body)
        return Outcome("accepted", wamid=wamid) if wamid else Outcome("unclear", reason="no_answer")
    error = body.get("error")
    error = error if isinstance(error, dict) else {}
    code = error.get("code") if isinstance(error.get("code"), int) else None
    trace = str(error.get("fbtrace_id", ""))[:80]
    if code is not None and (code in FINAL or 200 <= code <= 299):
        return Outcome("final", reason=reason_of(code), code=code, trace=trace)
    if code in RETRYABLE or answer.status_code == httpx.codes.TOO_MANY_REQUESTS or answer.is_server_error:
        default = "rate" if answer.status_code == httpx.codes.TOO_MANY_REQUESTS else "busy"
        reason = RETRYABLE.get(code, default) if code is not None else default
        return Outcome("retry", reason=reason, code=code, trace=trace, wait=_wait(answer))
    if code is None and answer.status_code == httpx.codes.UNAUTHORIZED:
        return Outcome("final", reason="token")
    return Outcome("final", reason="broken", code=code, trace=trace)


def _object(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _wamid(body: dict[str, Any]) -> str:
    try:
        found = body["messages"][0]["id"]
    except (KeyError, IndexError, TypeError):
        return ""
    return found if isinstance(found, str) and len(found) <= 160 else ""


def _wait(answer: httpx.Response) -> int | None:
    text = answer.headers.get("retry-after", "")
    return int(text) if re.fullmatch(r"\d{1,5}", text) else None
