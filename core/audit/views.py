"""The page of the audit, its file, and the check of its chains."""

import tempfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import IO
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.areas.code import AreaCode
from core.database.session import commit
from core.job_overview import is_waiting, worker_state
from core.users.permissions import requires
from core.web.formats import area_today

from .checking import CHECK, ask_for_check, last_check
from .export import write_entries
from .reading import AuditFilter, entries_page
from .recording import record
from .verification import heads
from .wording import GROUPS, object_titles

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

IN_MEMORY = 2 * 1024 * 1024
"""Bytes of a sheet until it goes to the disk."""
CHUNK = 64 * 1024
ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}

LONGEST = 120
FILTERS = ("group", "by", "object", "since", "until")

bp = Blueprint("audit", __name__)


@bp.get("/<area:area>/audit")
@requires("audit.read")
def index(area: AreaCode) -> ResponseReturnValue:
    wanted = _wanted()
    return render_template(
        "audit/index.html",
        page=entries_page(g.area, wanted, request.args.get("after")),
        wanted=wanted,
        query=_query(),
        groups=GROUPS,
        objects=object_titles(),
        zone=ZONES.get(g.area.timezone, g.area.timezone),
        **_chain(),
    )


def _wanted() -> AuditFilter:
    query = _query()
    kind, _colon, object_id = query.get("object", "").partition(":")
    since, until = _day(query.get("since", "")), _day(query.get("until", ""))
    return AuditFilter(
        group=query.get("group", ""),
        by=query.get("by", ""),
        object_type=kind if object_id else "",
        object_id=object_id,
        since=_midnight(since) if since else None,
        before=_midnight(until + timedelta(days=1)) if until and until < date.max else None,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    """Where the area lies."""
    return datetime.combine(day, time.min, ZoneInfo(g.area.timezone))


def _query() -> dict[str, str]:
    """The filter as it stands in the address, for the links that keep it."""
    # The database knows no NUL.
    given = ((name, request.args.get(name, "").replace("\0", "").strip()[:LONGEST]) for name in FILTERS)
    return {name: value for name, value in given if value}


def _chain() -> dict[str, object]:
    checking = is_waiting(CHECK, g.area.id)
    return {
        "check": last_check(g.area),
        "checking": checking,
        "worker": worker_state() if checking else None,
        "heads": heads(g.area) if g.area.is_village else [],
    }


@bp.post("/<area:area>/audit/check")
@requires("audit.read")
def check(area: AreaCode) -> ResponseReturnValue:
    if ask_for_check(g.area):
        commit()
    return redirect(url_for("audit.index", _anchor="chain"))


@bp.get("/<area:area>/audit/chain")
@requires("audit.read")
def chain(area: AreaCode) -> ResponseReturnValue:
    """The part of the page that asks again while a check runs."""
    return render_template("audit/chain.html", **_chain())


@bp.get("/<area:area>/audit.xlsx")
@requires("audit.read")
def export(area: AreaCode) -> ResponseReturnValue:
    """What the filter finds as a sheet. Whoever takes it along is recorded."""
    wanted = _wanted()
    file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed when it has been sent
    rows = write_entries(file, g.area, wanted)
    record("audit.exported", "area", g.area.code, rows=rows, filter=_query())
    commit()
    answer = Response(_sent(file), mimetype=SHEET)
    answer.call_on_close(file.close)  # also where nothing is sent, as to HEAD
    name = f"jejak-audit-{g.area.code}-{area_today().isoformat()}.xlsx"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _sent(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk
