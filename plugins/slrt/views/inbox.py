"""The district's list of referrals, narrowed as one likes, and the same as a sheet."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import render_template, request, send_file
from flask.typing import ResponseReturnValue

from core.api import (
    REFERRAL_KINDS,
    REFERRAL_STATES,
    AreaCode,
    Organisation,
    area_today,
    commit,
    district_of,
    here,
    holders_of,
    may,
    names_of,
    record,
    requires,
)

from .. import inbox as domain
from ..inbox import Wanted
from ..sheet import inbox_sheet
from ..words import LEVELS, SECTORS
from . import wide

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@wide.get("/")
@requires("slrt.inbox")
def index() -> ResponseReturnValue:
    """A fixed number of queries, however many villages and referrals there are."""
    wanted, day = wanted_of(request.args), area_today()
    office = domain.office_of(here())
    page = domain.page_of(here(), office, wanted, day, request.args.get("after"))
    officers = holders_of(district_of(here()), "district_officer")
    return render_template(
        "slrt/inbox.html",
        page=page,
        counts=domain.counts(here(), office, day),
        wanted=wanted,
        narrowed=as_query(wanted),
        officers=officers,
        names=names_of({row.assigned_to for row in page.rows if row.assigned_to}),
        with_names=may_see_names(),
        office=office,
        states=REFERRAL_STATES,
        kinds=REFERRAL_KINDS,
        sectors=SECTORS,
        levels=LEVELS,
        today=day,
    )


@wide.get("/inbox.xlsx")
@requires("slrt.inbox")
def download() -> ResponseReturnValue:
    """What the filter shows, for a system that takes files; that it left the house is recorded."""
    area, wanted = here(), wanted_of(request.args)
    rows = domain.all_of(area, domain.office_of(area), wanted, area_today())
    if not may_see_names():
        rows = [domain.without_name(row) for row in rows]
    names = names_of({row.assigned_to for row in rows if row.assigned_to})
    file = inbox_sheet(rows, names, area.timezone)
    for_whom = {"referrals": len(rows), "filter": as_query(wanted), "names": may_see_names()}
    record("slrt.inbox_downloaded", "slrt_inbox", str(area), **for_whom)
    commit()
    return send_file(file, mimetype=XLSX, as_attachment=True, download_name=f"rujukan-{area.code}-{area_today()}.xlsx")


def may_see_names() -> bool:
    """Who answers for the Dinas Sosial, in its own area; all others work by number."""
    return may("slrt.forward") and here().id == district_of(here()).id


def wanted_of(args: Mapping[str, str]) -> Wanted:
    """What is not understood narrows nothing."""
    show, sector, state = (args.get(name, "") for name in ("show", "sector", "state"))
    return Wanted(
        show=show if show in domain.SHOWN else domain.SHOWN[0],
        sector=sector if sector in SECTORS else "",
        state=state if state in REFERRAL_STATES else "",
        assigned=_uuid(args.get("officer", "")),
        village_id=_village(args.get("village", "")),
    )


def as_query(wanted: Wanted) -> dict[str, Any]:
    """The same as parameters of an address."""
    village = str(AreaCode.from_id(wanted.village_id)) if wanted.village_id is not None else ""
    given = {
        "show": wanted.show,
        "sector": wanted.sector,
        "state": wanted.state,
        "officer": str(wanted.assigned or ""),
        "village": village,
    }
    return {name: value for name, value in given.items() if value}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _village(text: str) -> int | None:
    """A village's code; one outside of the area simply has nothing here."""
    try:
        return AreaCode.parse(text.strip()).id if text else None
    except ValueError:
        return None


def office_here() -> Organisation | None:
    return domain.office_of(here())
