"""What a resident can ask for: a membership that was switched off again, or a first one. Kemensos decides both."""

from collections.abc import Mapping
from typing import Any

from core.api import (
    Letter,
    PlannedReferral,
    Requirement,
    Service,
    ServiceStandard,
    gettext,
    through_dinsos,
    today,
)
from core.api import lazy_gettext as _

from .follow_up import look_again
from .forms import EnrolmentForm, ReactivationForm
from .rulebook import rules
from .screening import may_be_enrolled, may_be_reactivated

CARD = Requirement("bpjs_card", _("Kartu BPJS"), reusable_days=365, hint=_("Kartu, atau layar Mobile JKN."))
SKTM = Requirement("sktm_letter", _("SKTM"), mandatory=False, hint=_("Membantu bila desilnya belum diketahui."))
WHAT_IT_SHOWS = _(
    "Dari rumah sakit, puskesmas, atau klinik: nama dan NIK warga, bahwa ia sedang atau perlu berobat, "
    "tanggal, tanda tangan dan cap."
)


def treatment_letter(*, mandatory: bool) -> Requirement:
    return Requirement("treatment_letter", _("Surat keterangan berobat"), mandatory=mandatory, hint=WHAT_IT_SHOWS)


REACTIVATION_PAPERS = [treatment_letter(mandatory=True), Requirement.ID_CARD, Requirement.KK, CARD, SKTM]
ENROLMENT_PAPERS = [Requirement.ID_CARD, Requirement.KK, treatment_letter(mandatory=False), SKTM]


def cannot_wait(answers: Mapping[str, Any]) -> bool:
    """A patient in care whose cover is off."""
    return answers.get("care") in rules.at(today()).urgent_care


def ask_reactivation(answers: Mapping[str, str]) -> str:
    text = gettext("Mohon rekomendasi reaktivasi PBI-JK dan usulannya di SIKS-NG.")
    since = answers.get("inactive_since")
    return " ".join(filter(None, (text, since and gettext("Nonaktif sejak %(day)s.", day=since), _need(answers))))


def ask_enrolment(answers: Mapping[str, str]) -> str:
    text = gettext("Mohon rekomendasi pendaftaran PBI-JK dan usulannya di SIKS-NG.")
    return " ".join(filter(None, (text, _need(answers))))


def _need(answers: Mapping[str, str]) -> str:
    """Where and how urgently, but never why: the receiver does not need the illness either."""
    card, facility = answers.get("card_number"), answers.get("facility")
    place = facility and gettext("%(care)s di %(facility)s.", care=answers.get("care", ""), facility=facility)
    return " ".join(filter(None, (place, card and gettext("Nomor kartu BPJS %(number)s.", number=card))))


# Listed is not active: the resident is told that the cover holds only in the state after all these.
workflow = through_dinsos(
    rules,
    steps=("recommended", "proposed", "at_ministry"),
    waits_for={"sent": _("rekomendasi Dinas Sosial")},
    granted=_("Kepesertaan aktif"),
)

proposal = Letter(
    "proposal",
    _("Surat Pengantar Usulan PBI-JK"),
    "pbi_jk/letter.typ",
    classification=rules.value("classification"),
)

standard = ServiceStandard.by(
    rules,
    procedure=_(
        "Berkas diperiksa dan dirujuk ke Dinas Sosial: %(n)s menit di meja. Dinas Sosial merekomendasikan dan "
        "mengusulkan di SIKS-NG, Kemensos menetapkan. Jaminan baru berlaku setelah kepesertaan aktif.",
        n=rules.value("desk_minutes"),
    ),
    product=_("Usulan ke Dinas Sosial, dan kabar hasilnya"),
)

reactivation = Service(
    name="pbi_jk.reactivation",
    sector="health",
    title=_("Reaktivasi PBI-JK"),
    summary=_("BPJS gratis yang dinonaktifkan, sementara warga perlu berobat."),
    form=ReactivationForm,
    for_whom=may_be_reactivated,
    rules=rules,
    requirements=REACTIVATION_PAPERS,
    workflow=workflow,
    letters=[proposal],
    standard=standard,
    urgent_when=cannot_wait,
    phone_needed=True,
    referral=PlannedReferral.proposal(ask_reactivation, REACTIVATION_PAPERS),
    follow_up=look_again,
)

enrolment = Service(
    name="pbi_jk.enrolment",
    sector="health",
    title=_("Pendaftaran PBI-JK"),
    summary=_("BPJS gratis untuk warga desil rendah yang belum punya jaminan kesehatan."),
    form=EnrolmentForm,
    for_whom=may_be_enrolled,
    rules=rules,
    requirements=ENROLMENT_PAPERS,
    workflow=workflow,
    letters=[proposal],
    standard=standard,
    urgent_when=cannot_wait,
    phone_needed=True,
    referral=PlannedReferral.proposal(ask_enrolment, ENROLMENT_PAPERS),
)

NAMES = (reactivation.name, enrolment.name)
