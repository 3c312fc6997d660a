"""How a musdes khusus decides on BLT: what it settles besides, and what departs from the rules, which never block."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange, ValidationError

from core.api import Heard, Hearing, Outcome, SelectChoice, ServiceForm, VillageMeeting, gettext, month_name, rupiah
from core.api import lazy_gettext as _

from .decree import DECREE
from .documents import period_of
from .rules import latest, rule_of_year


class DecreeForm(ServiceForm):
    """The months and the amount that the decree is to give each family."""

    year = IntegerField(_("Tahun anggaran"), [InputRequired(), NumberRange(2020, 2100)])
    first_month = SelectField(_("Bulan pertama yang dibayar"), coerce=int)
    last_month = SelectField(_("Bulan terakhir yang dibayar"), coerce=int)
    amount = IntegerField(_("Rupiah sebulan untuk satu keluarga"), [InputRequired(), NumberRange(1, 100_000_000)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in (self.first_month, self.last_month):
            field.choices = [SelectChoice(month, month_name(month)) for month in range(1, 13)]
        rule = rule_of_year(self.year.data) if isinstance(self.year.data, int) else None
        if rule := rule or latest:
            limit = rupiah(rule.amount_most)
            self.amount.description = gettext(
                "Paling banyak %(amount)s menurut %(regulation)s.", amount=limit, regulation=rule.regulation
            )

    def validate_last_month(self, field: SelectField) -> None:
        if field.data is not None and self.first_month.data is not None and field.data < self.first_month.data:
            raise ValidationError(_("Bulan terakhir tidak boleh sebelum bulan pertama."))


def defaults(day: date) -> Mapping[str, Any]:
    rule = rule_of_year(day.year) or latest
    return {"year": day.year, "first_month": 1, "last_month": 12, "amount": rule.amount_most}


def facts(terms: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    rule = rule_of_year(terms["year"], terms["first_month"])
    yield gettext("Masa pembayaran"), period_of(terms)
    yield gettext("Besaran"), gettext("%(amount)s sebulan", amount=rupiah(terms["amount"]))
    if rule:
        yield gettext("Dasar"), rule.regulation


def elements(day: date) -> Sequence[str]:
    rule = rule_of_year(day.year)
    return rule.elements if rule else ()


def extreme_poor(heard: Heard) -> bool:
    rule = heard.judgement.rule if heard.judgement else None
    return rule is not None and heard.decile is not None and heard.decile <= rule.decile_first


def deviations(hearing: Hearing) -> Mapping[UUID, list[str]]:
    """For each case in what the decision on it departs from the rules; none for most."""
    passed_over = [h.case.person.name for h in hearing.heard if h.decision != "accepted" and extreme_poor(h)]
    return {h.case.id: _deviation(h, passed_over) for h in hearing.heard}


def _deviation(heard: Heard, passed_over: Sequence[str]) -> list[str]:
    if heard.decision == "accepted":
        found = [gettext("Tidak terpenuhi: %(what)s.", what=what) for what in heard.lacking]
        if passed_over and heard.decile is not None and not extreme_poor(heard):
            found.append(
                gettext(
                    "Desil %(decile)s, sedangkan yang miskin ekstrem tidak diterima: %(names)s.",
                    decile=heard.decile,
                    names=", ".join(passed_over),
                )
            )
        if heard.case.person.life_status in ("dead", "moved"):
            found.append(gettext("Warga ini tercatat meninggal atau pindah; periksa siapa yang mewakili keluarganya."))
        return found
    if heard.decision == "not_chosen" and extreme_poor(heard) and heard.verdict == "met":
        return [gettext("Miskin ekstrem dan memenuhi syarat, tetapi tidak diterima.")]
    return []


def period_warnings(hearing: Hearing) -> list[str]:
    """In what the decree's months and amount depart from the rule of its year."""
    terms = hearing.terms
    if not terms:
        return []
    rule = rule_of_year(terms["year"], terms["first_month"])
    if rule is None:
        return [gettext("Tidak ada aturan BLT yang dikenal untuk tahun %(year)s.", year=terms["year"])]
    amount, months = terms["amount"], terms["last_month"] - terms["first_month"] + 1
    values = {"regulation": rule.regulation, "amount": rupiah(amount), "months": months}
    found: list[str] = []
    if amount > rule.amount_most:
        limit = rupiah(rule.amount_most)
        found.append(gettext("%(amount)s sebulan di atas %(limit)s (%(regulation)s).", limit=limit, **values))
    if amount < rule.amount_least:
        limit = rupiah(rule.amount_least)
        found.append(gettext("%(amount)s sebulan di bawah %(limit)s (%(regulation)s).", limit=limit, **values))
    if months < rule.months_due:
        due = rule.months_due
        found.append(gettext("%(months)s bulan, kurang dari %(due)s (%(regulation)s).", due=due, **values))
    return found


musdes = VillageMeeting(
    state="candidate",
    outcomes={
        "accepted": Outcome("accept", "undo_decision"),
        "reserve": Outcome("set_aside", "undo_decision"),
        "not_chosen": Outcome("not_choose", "reconsider"),
    },
    kinds=("special",),
    elements=elements,
    form=DecreeForm,
    defaults=defaults,
    facts=facts,
    warnings=period_warnings,
    deviations=deviations,
    letters=(DECREE,),
    announced=True,
)
