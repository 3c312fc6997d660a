"""What an address asks for."""

from datetime import date

from flask import abort, request

from core.api import area_today

from ..months import first_of, months_before, read_month

OLDEST = 60  # months back that can be asked for


def asked_month(default: date | None = None) -> date:
    """``?month=2026-10``; this month unless told otherwise. 404 for one that lies ahead or very far back."""
    this = first_of(area_today())
    text = request.args.get("month")
    month = read_month(text) if text else (default or this)
    if month is None or not months_before(this, OLDEST) <= month <= this:
        abort(404)
    return month


def last_month() -> date:
    return months_before(first_of(area_today()), 1)
