"""What a family can ask for: to be proposed for PKH, or that a change is reported. Kemensos decides both."""

from collections.abc import Mapping
from typing import Any

from core.api import (
    Case,
    Family,
    Letter,
    PlannedReferral,
    Requirement,
    Service,
    ServiceStandard,
    area_today,
    gettext,
    through_dinsos,
)
from core.api import lazy_gettext as _

from .components import COMPONENTS
from .follow_up import apply_later, enlist_later
from .forms import ProposalForm, UpdateForm
from .rulebook import latest, rules
from .screening import claims_of, may_become_member, may_report_change

EVIDENCE = Requirement(
    "pkh_evidence",
    _("Bukti komponen"),
    owner="household",
    hint=_("Buku KIA, surat keterangan sekolah dengan NISN, surat disabilitas, atau penetapan korban HAM berat."),
)
CHANGE_EVIDENCE = Requirement(
    "pkh_change_evidence",
    _("Bukti perubahan"),
    owner="household",
    hint=_(
        "Buku KIA, akta lahir atau kematian, surat sekolah, surat pindah, atau surat pernyataan graduasi mandiri yang"
        " ditandatangani pengurus."
    ),
)
CARD = Requirement(
    "kks_card",
    _("Kartu KKS"),
    mandatory=False,
    owner="household",
    hint=_("Untuk ganti pengurus: kartu dan buku tabungan."),
)


def ask_change(answers: Mapping[str, str]) -> str:
    """The change and since when; the reason behind it stays in the village."""
    return gettext(
        "Mohon pemutakhiran data KPM PKH: %(change)s, sejak %(day)s.",
        change=answers.get("change", ""),
        day=answers.get("changed_on", ""),
    )


def components_in_words(case: Case, family: Family) -> dict[str, Any]:
    """Whom the letter puts forward: each component with a name, or with how many there are."""
    day = area_today()
    claims = claims_of(family, rules.get(day) or latest, day, case.data)
    return {
        "components": [
            {"component": str(COMPONENTS[c.component]), "name": c.name, "person": str(c.person_id or "")}
            for c in claims
        ]
    }


proposal = Service(
    name="pkh.proposal",
    title=_("Usulan PKH"),
    summary=_("Bantuan bersyarat untuk keluarga miskin dengan ibu hamil, anak, lansia, atau disabilitas berat."),
    form=ProposalForm,
    for_whom=may_become_member,
    rules=rules,
    subject="household",
    requirements=[Requirement.ID_CARD, Requirement.KK, EVIDENCE],
    workflow=through_dinsos(
        rules,
        steps=("recommended", "proposed", ("validated", _("Divalidasi pendamping PKH"))),
        waits_for={"proposed": _("validasi pendamping PKH"), "validated": _("penetapan Kemensos")},
        granted=_("Menjadi KPM PKH"),
    ),
    letters=[
        Letter(
            "proposal",
            _("Surat Pengantar Usulan PKH"),
            "pkh/proposal.typ",
            classification=rules.value("classification"),
        )
    ],
    standard=ServiceStandard.by(
        rules,
        procedure=_(
            "Berkas dan komponen keluarga diperiksa di meja, lalu diusulkan ke Dinas Sosial. Pendamping PKH"
            " memvalidasi, Kemensos menetapkan. Terdaftar di DTSEN belum berarti menerima; bantuan baru ada setelah"
            " penetapan."
        ),
        product=_("Usulan ke Dinas Sosial, dan kabar hasilnya"),
    ),
    referral=PlannedReferral.proposal(
        _("Mohon usulan keluarga ini sebagai KPM PKH diverifikasi dan disahkan di SIKS-NG."),
        [Requirement.ID_CARD, Requirement.KK, EVIDENCE],
    ),
    follow_up=enlist_later,
    letter_values=components_in_words,
)

update = Service(
    name="pkh.update",
    title=_("Perubahan data KPM PKH"),
    short_title=_("Perubahan PKH"),
    summary=_("Komponen bertambah atau berkurang, ganti pengurus, graduasi."),
    form=UpdateForm,
    for_whom=may_report_change,
    rules=rules,
    subject="household",
    requirements=[Requirement.ID_CARD, Requirement.KK, CHANGE_EVIDENCE, CARD],
    workflow=through_dinsos(
        rules,
        steps=("recommended",),
        waits_for={"sent": _("pendamping PKH atau Dinas Sosial"), "recommended": _("pemutakhiran di SIKS-NG")},
        granted=_("Data PKH diperbarui"),
        needs_resident=False,  # that the pengurus has died or moved is what many a change tells
    ),
    letters=[
        Letter(
            "change",
            _("Surat Pengantar Perubahan Data KPM PKH"),
            "pkh/change.typ",
            classification=rules.value("classification"),
        )
    ],
    standard=ServiceStandard.by(
        rules,
        procedure=_(
            "Perubahan dan buktinya diperiksa di meja, lalu dikirim ke Dinas Sosial untuk dimutakhirkan pendamping PKH."
            " Bantuan tahap berikutnya mengikuti data yang baru."
        ),
        product=_("Perubahan data yang dikirim ke Dinas Sosial, dan kabar hasilnya"),
    ),
    referral=PlannedReferral.proposal(ask_change, [Requirement.ID_CARD, Requirement.KK, CHANGE_EVIDENCE, CARD]),
    follow_up=apply_later,
)

NAMES = (proposal.name, update.name)
