"""What the partner reads, and how it gets there. No name and no NIK: the ticket is enough to ask the village."""

import json
from http.client import HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from core.api import AreaCode

from .models import Message

PATIENCE = 10  # seconds


def body(message: Message) -> dict[str, str]:
    return {
        "id": str(message.id),
        "village": str(AreaCode.from_id(message.village_id)),
        "ticket": message.ticket,
        "service": message.service,
        "event": message.event,
        "at": message.queued_at.isoformat(),
    }


def post(url: str, content: dict[str, str]) -> None:
    """Hand one message over, by HTTPS only.

    Raises:
        OSError: nobody answers, or the answer is no success.
    """
    parts = urlsplit(url)
    connection = HTTPSConnection(parts.netloc, timeout=PATIENCE)
    try:
        connection.request("POST", parts.path or "/", json.dumps(content), {"Content-Type": "application/json"})
        status = connection.getresponse().status
    except HTTPException as error:
        raise OSError(f"no usable answer: {error!r}") from error
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise OSError(f"the answer is {status}")
