"""What the external system sends: one report of one referral, proven by its signature before anything is looked at."""

from flask import Response, jsonify, request

from core.api import district_of, here, limiter, machine, now, settings_of

from ..inbox import office_of
from ..reporting_back import Answered, Unreadable, read_report, take
from ..settings import SlrtSettings
from ..signing import SIGNATURE, TIMESTAMP, BadSignature, check
from . import wide

MOST_BYTES = 20_000


@wide.post("/callback")
@machine
@limiter.limit("300 per minute")
def callback() -> Response:
    """400 unreadable, 401 not signed by them, 404 no such referral, 409 not possible now, 422 something is missing."""
    answered = _answer()
    response = jsonify(answered.content)
    response.status_code = answered.status
    return response


def _answer() -> Answered:
    area = here()
    if area.id != district_of(area).id:
        return Answered(404, {"error": "unknown", "message": "reports are sent to the kabupaten's address"})
    if (request.content_length or 0) > MOST_BYTES:
        return Answered(413, {"error": "too_large", "message": f"at most {MOST_BYTES} bytes"})
    body = request.get_data()
    settings = settings_of(area, SlrtSettings)
    said = {name: request.headers.get(name, "") for name in (TIMESTAMP, SIGNATURE)}
    try:
        check(settings.key, said[TIMESTAMP], said[SIGNATURE], body, now=now(), tolerance=settings.tolerance)
    except BadSignature:
        return Answered(401, {"error": "signature", "message": "the signature is missing, wrong or too old"})
    try:
        report = read_report(body)
    except Unreadable as error:
        return Answered(400, {"error": "unreadable", "message": str(error), "field": error.field})
    return take(area, office_of(area), report, body, settings.system_name)
