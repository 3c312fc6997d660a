"""What pupils get of PIP and KIP Kuliah, as far as their cases say: nominated, decreed, or paid to the account."""

from collections.abc import Collection, Iterator
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from core.api import AidReceived, Area, Case, NoRule, db, gettext, opened_on

from .grades import GRADES, expected_money
from .rulebook import school_rules
from .services import NAMES, college_aid, school_aid

IN_VIEW, DECREED, PAID = ("nominated", "account_activated"), ("decreed",), ("approved", "done")
TITLES = {school_aid.name: school_aid.short_title, college_aid.name: college_aid.title}


# For core's pages, put together once: building a statement takes longer than running it.
_OF_PEOPLE = select(Case).where(
    Case.village_id == bindparam("village_id"),
    Case.service.in_(NAMES),
    Case.person_id == any_(bindparam("people", type_=ARRAY(Uuid))),
    Case.state.in_((*IN_VIEW, *DECREED, *PAID)),
)


def aid_of(area: Area, people: Collection[UUID]) -> Iterator[AidReceived]:
    """One query. How much came is told in words in the case; an amount is only ever what was to be expected."""
    cases = db.session.scalars(_OF_PEOPLE, {"village_id": area.id, "people": list(people)})
    for case in cases:
        day, year = case.state_since.astimezone(ZoneInfo(area.timezone)).date(), opened_on(area, case).year
        paid, decreed = case.state in PAID, case.state in DECREED
        amount = None if paid or decreed else _expected(area, case)
        if not (paid or decreed or amount):
            continue
        yield AidReceived(
            programme="pip",
            title=TITLES[case.service],
            state="paid" if paid else "decided" if decreed else "expected",
            source=gettext("kasus %(ticket)s", ticket=case.ticket),
            permission="cases.read",
            person_id=case.person_id,
            amount=amount,
            goods=gettext("bantuan pendidikan"),
            first_day=day if paid else date(year, 1, 1),
            last_day=day if paid else date(year, 12, 31),
            recorded_at=case.state_since,
            endpoint="cases.show",
            values={"id": case.id},
        )


def _expected(area: Area, case: Case) -> int | None:
    """Rupiah for the year in which the case was opened; None where its class or the rules are not known."""
    grade, day = case.data.get("grade"), opened_on(area, case)
    if grade not in GRADES:
        return None
    try:
        return expected_money(school_rules.at(day), grade, day).rupiah
    except NoRule:
        return None
