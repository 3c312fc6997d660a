"""What a family can ask for: that the Puskesmas looks at a child. It decides; the village only measures."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from wtforms import DateField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from core.api import (
    CheckboxesField,
    Criterion,
    Family,
    Person,
    PlannedReferral,
    Requirement,
    SelectChoice,
    Service,
    ServiceForm,
    ServiceStandard,
    gettext,
    outside_decision,
)
from core.api import lazy_gettext as _

from .measurements import is_child
from .rulebook import growth_rules

REASONS = {
    "low": _("Hasil ukur di bawah −2 SD"),
    "not_rising": _("Berat badan tidak naik dua kali berturut-turut"),
    "worry": _("Orang tua atau kader khawatir dengan pertumbuhannya"),
}
KIA_BOOK = Requirement("kia_book", _("Buku KIA"), mandatory=False, hint=_("Dibawa ke Puskesmas; tidak perlu disalin."))


class ReferralForm(ServiceForm):
    reasons = CheckboxesField(
        _("Mengapa dirujuk"),
        [InputRequired()],
        choices=[SelectChoice(key, title) for key, title in REASONS.items()],
        description=_("Menurut ukuran, bukan diagnosis. Yang memeriksa Puskesmas."),
    )
    measured_on = DateField(_("Tanggal ukur terakhir"), [Optional()])
    figures = StringField(
        _("Hasil ukur terakhir"),
        [Optional(), Length(max=80)],
        description=_("Misalnya: berat 8,2 kg, panjang 74 cm. Hanya ini yang ikut ke Puskesmas."),
    )
    companion = StringField(_("Diantar oleh"), [DataRequired(), Length(max=80)])


def may_be_referred(person: Person, _family: Family, on: date, answers: Mapping[str, Any]) -> Iterator[Criterion]:
    """A child under five of whom somebody said why."""
    yield Criterion.resident(person)
    yield Criterion(_("Umur di bawah lima tahun"), met=is_child(person, on))
    yield Criterion(
        _("Ada alasan untuk diperiksa Puskesmas"),
        met=True if answers.get("reasons") else None,
        settled_by=_("Lihat hasil ukur terakhir di halaman Balita, atau tanyakan kepada kader."),
    )


def ask(answers: Mapping[str, str]) -> str:
    """Why and the last figures; no more of the child's health than that."""
    told = gettext("Mohon pemeriksaan pertumbuhan balita ini. Alasan: %(why)s.", why=answers.get("reasons", ""))
    if answers.get("figures"):
        day = answers.get("measured_on") or "–"
        told += " " + gettext("Ukuran terakhir (%(day)s): %(figures)s.", day=day, figures=answers["figures"])
    return told + " " + gettext("Menurut ukuran Posyandu, bukan diagnosis.")


referral = Service(
    name="balita.referral",
    sector="health",
    title=_("Rujukan balita ke Puskesmas"),
    summary=_("Balita yang hasil ukurnya di bawah −2 SD, atau beratnya tidak naik."),
    short_title=_("Rujukan balita"),
    form=ReferralForm,
    for_whom=may_be_referred,
    rules=growth_rules,
    requirements=[Requirement.KK, KIA_BOOK],
    workflow=outside_decision(
        growth_rules,
        waits_for=_("jawaban Puskesmas"),
        granted=_("Sudah diperiksa Puskesmas"),
        send=_("Catat: sudah dirujuk ke Puskesmas"),
        referral="approve",
    ),
    standard=ServiceStandard.by(growth_rules, product=_("Rujukan ke Puskesmas, dan kabar hasilnya")),
    referral=PlannedReferral(
        to="puskesmas", kind="programme", ask=ask, fields=("age", "sex", "rt_rw", "phone"), nik="masked"
    ),
)
