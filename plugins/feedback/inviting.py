"""Telling a resident, once the case is finished, that it may be rated: where the village or its district wants that."""

from core.api import (
    Area,
    Case,
    Notice,
    commit,
    find_areas,
    gettext,
    in_indonesian,
    public_url,
    settings_of,
    tell,
    today,
)

from .answering import invite, is_rated, may_be_rated
from .settings import FeedbackSettings


def invite_when_closed(case: Case) -> None:
    """An event: it commits. One that was reopened and closed again gets a new code, unless it was rated."""
    if not may_be_rated(case):
        return
    area = _area_of(case)
    if area is None or not settings_of(area, FeedbackSettings).invite or is_rated(case.village_id, case.id):
        return
    code = invite(case, today(area.timezone), by=None)
    tell(area, notice_of(area, case, code))
    commit()


def notice_of(area: Area, case: Case, code: str) -> Notice:
    address = public_url("feedback.rate", area=area.code, code=code)
    with in_indonesian():
        text = gettext(
            "Urusan Anda dengan nomor %(ticket)s sudah selesai. Bagaimana layanan kami? Nilai tanpa nama: %(address)s",
            ticket=case.ticket,
            address=address,
        )
    return Notice(
        kind="feedback.invited",
        village_id=case.village_id,
        person_id=case.person_id,
        text=text,
        values=(case.ticket, address),
        reference=case.ticket,
    )


def _area_of(case: Case) -> Area | None:
    return next(iter(find_areas([case.village_id])), None)
