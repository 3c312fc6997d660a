"""Where Meta tells: the district's one address, proven by a signature over the raw body."""

import hmac
import json

from flask import Response, abort, request
from flask.typing import ResponseReturnValue

from core.api import district_only, here, limiter, machine, settings_of

from .. import hook
from ..settings import WhatsAppSettings
from . import wide

LONGEST_BODY = 3 * 1024 * 1024
"""Meta's own limit of a payload."""
LONGEST_CHALLENGE = 200


@wide.get("/webhook")
@limiter.limit("30 per minute")
@machine
@district_only
def verify() -> ResponseReturnValue:
    """Meta asks once, when the address is registered, and wants its challenge back."""
    area = here()
    token = settings_of(area, WhatsAppSettings).verify_token
    given = request.args.get("hub.verify_token", "")
    known = bool(token) and hmac.compare_digest(given.encode(), (token or "").encode())
    if not known or request.args.get("hub.mode") != "subscribe":
        abort(403)
    return Response(request.args.get("hub.challenge", "")[:LONGEST_CHALLENGE], mimetype="text/plain")


def _refused(answer: Response) -> bool:
    return answer.status_code == 403


@wide.post("/webhook")
@limiter.limit("60 per minute", deduct_when=_refused)
@machine
@district_only
def take() -> ResponseReturnValue:
    """200 for all that is signed, also what nobody here knows: else Meta sends it again for days."""
    area = here()
    if (request.content_length or 0) > LONGEST_BODY:
        abort(413)
    body = request.get_data(cache=False)
    secret = settings_of(area, WhatsAppSettings).app_secret
    if not hook.is_signed(secret, body, request.headers.get("X-Hub-Signature-256")):
        hook.count(area.id, area.timezone, "refused")
        return "", 403
    try:
        payload = json.loads(body)
    except ValueError:
        return "", 400
    unknown = hook.take(area, payload)
    hook.count(area.id, area.timezone, "accepted")
    if unknown:
        hook.count(area.id, area.timezone, "unknown", unknown)
    return "", 200
