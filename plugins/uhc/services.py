"""What a resident can ask for: to be enrolled at the district's expense, at once where somebody lies in hospital."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from core.api import (
    Case,
    Family,
    FollowUp,
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

from .forms import EnrolmentForm
from .rulebook import rules
from .screening import may_be_enrolled

SKTM = Requirement("sktm_letter", _("SKTM"), reusable_days=30, hint=_("Dibuat di desa; lihat layanan SKTM."))
PUSKESMAS_LETTER = Requirement(
    "puskesmas_letter",
    _("Surat Puskesmas"),
    hint=_("PSM mendampingi. Telepon dulu: loket dapat tutup pada siang hari."),
)


def cannot_wait(answers: Mapping[str, Any]) -> bool:
    """A patient in hospital without cover is enrolled at once; the papers follow."""
    return answers.get("care") in rules.value("urgent_care").on(today())


def ask_enrolment(answers: Mapping[str, str]) -> str:
    """Where and how urgently, but never why: the receiver does not need the illness either."""
    text = gettext("Mohon pendaftaran sebagai peserta PBPU Pemda (UHC).")
    facility = answers.get("facility")
    place = facility and gettext("%(care)s di %(facility)s.", care=answers.get("care", ""), facility=facility)
    return " ".join(filter(None, (text, place)))


def look_again(case: Case, family: Family, day: date) -> Iterator[FollowUp]:  # noqa: ARG001 - core's signature
    """Active in the system is not yet served at the counter: ask the patient once more."""
    if case.state != "approved":
        return
    title = gettext("Tanyakan apakah kartu UHC sudah dapat dipakai: aktif sejak %(day)s", day=f"{day:%d-%m-%Y}")
    yield FollowUp(title, day + timedelta(days=rules.value("check_days").on(day)))


PAPERS = [Requirement.ID_CARD, Requirement.KK, SKTM, PUSKESMAS_LETTER]

workflow = through_dinsos(
    rules,
    steps=("recommended", ("at_dinkes", _("Diproses Dinas Kesehatan")), ("at_bpjs", _("Didaftarkan ke BPJS"))),
    waits_for={
        "sent": _("rekomendasi Dinas Sosial"),
        "recommended": _("Dinas Kesehatan"),
        "at_dinkes": _("Dinas Kesehatan"),
        "at_bpjs": _("BPJS"),
    },
    granted=_("Kepesertaan aktif"),
    send=_("Catat: sudah dikirim ke Dinas Sosial dan Dinas Kesehatan"),
    skippable=("at_dinkes",),
    papers_later=rules.value("papers_days"),
)

enrolment = Service(
    name="uhc.enrolment",
    sector="health",
    title=_("Pendaftaran UHC (PBPU Pemda)"),
    short_title=_("UHC"),
    summary=_(
        "BPJS yang dibayar kabupaten, bagi warga miskin tanpa jaminan; pasien di rumah sakit didaftarkan saat itu juga."
    ),
    form=EnrolmentForm,
    for_whom=may_be_enrolled,
    rules=rules,
    requirements=PAPERS,
    workflow=workflow,
    letters=[
        Letter(
            "proposal",
            _("Surat Pengantar Pendaftaran UHC"),
            "uhc/letter.typ",
            classification=rules.value("classification"),
        )
    ],
    standard=ServiceStandard.by(
        rules,
        time_days=0,
        procedure=_(
            "Berkas diperiksa dan dirujuk ke Dinas Sosial: %(n)s menit di meja. Pasien di rumah sakit dikirim lebih "
            "dulu; berkasnya dilengkapi di desa dalam %(days)s hari kerja. Jaminan berlaku setelah kepesertaan aktif.",
            n=rules.value("desk_minutes"),
            days=rules.value("papers_days"),
        ),
        product=_("Usulan pendaftaran dan surat pengantar, dan kabar hasilnya"),
    ),
    urgent_when=cannot_wait,
    phone_needed=True,
    referral=PlannedReferral.proposal(ask_enrolment, PAPERS),
    follow_up=look_again,
)

NAMES = (enrolment.name,)
BEFORE_SENDING = ("registered", "handling")
