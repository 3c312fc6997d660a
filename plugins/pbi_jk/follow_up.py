"""A reactivation above the limit holds for some months: somebody has to look again before it ends."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from core.api import Case, Family, FollowUp, gettext

from .rulebook import rules


def look_again(case: Case, family: Family, day: date) -> Iterator[FollowUp]:
    """Due when the membership that became active on ``day`` may end: the decile is above the limit, or unknown."""
    rule = rules.get(day)  # none on a day before all rules: a typing error, which must not stop the clerk's step
    if case.state != "approved" or rule is None or not rule.temporary_months:
        return
    if family.decile_at_most(rule.decile_max):
        return
    why = gettext("desil %(n)s", n=family.decile) if family.decile else gettext("desil belum diketahui")
    title = gettext(
        "Cek lagi kepesertaan PBI-JK: aktif sementara %(months)s bulan sejak %(day)s (%(why)s)",
        months=rule.temporary_months,
        day=f"{day:%d-%m-%Y}",
        why=why,
    )
    yield FollowUp(title, months_after(day, rule.temporary_months))


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
