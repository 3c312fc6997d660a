"""What a family can ask for: that DPKPP has its house repaired. The village proposes, and follows the works."""

from core.api import Letter, PlannedReferral, Requirement, Service, ServiceStandard, outside_decision
from core.api import lazy_gettext as _

from .forms import RepairForm
from .rulebook import aid_rules, desk_rules
from .screening import may_be_repaired

LAND_LETTER = Requirement(
    "land_letter",
    _("Surat tanah"),
    owner="household",
    reusable_days=365,
    hint=_("Sertifikat, akta, girik, atau surat keterangan tanah dari desa."),
)
PHOTOS = Requirement(
    "rtlh_photos",
    _("Foto rumah sebelum diperbaiki"),
    owner="household",
    hint=_("Tampak depan, atap, lantai, dan dinding; dalam satu berkas."),
)
PAPERS = [Requirement.ID_CARD, Requirement.KK, LAND_LETTER, PHOTOS]
GRANTED = ("decreed", "works")  # where a case stands of which the works can be followed

repair = Service(
    name="rtlh.repair",
    sector="housing",
    title=_("Usulan perbaikan rumah (RTLH)"),
    short_title="RTLH",
    summary=_("Perbaikan rumah tidak layak huni milik keluarga kurang mampu, diputuskan DPKPP."),
    form=RepairForm,
    for_whom=may_be_repaired,
    rules=aid_rules,
    subject="household",
    requirements=PAPERS,
    workflow=outside_decision(
        desk_rules,
        steps=("verified", "decreed", ("works", _("Dikerjakan"))),
        waits_for={
            "sent": _("verifikasi DPKPP"),
            "verified": _("keputusan DPKPP"),
            "decreed": _("mulainya pekerjaan"),
            "works": _("selesainya pekerjaan"),
        },
        granted=_("Rumah diserahterimakan"),
        send=_("Catat: usulan sudah dikirim ke DPKPP"),
        referral="verified",
    ),
    letters=[
        Letter(
            "proposal",
            _("Surat Usulan Perbaikan Rumah"),
            "rtlh/proposal.typ",
            classification=desk_rules.value("classification"),
        )
    ],
    standard=ServiceStandard.by(
        desk_rules,
        procedure=_(
            "Berkas dan keadaan rumah diperiksa, lalu diusulkan ke DPKPP. DPKPP memverifikasi dan menetapkan dengan SK;"
            " desa mencatat kemajuan dan belanjanya sampai rumah diserahterimakan. Diusulkan belum berarti dibantu."
        ),
        product=_("Usulan ke DPKPP, kabar hasilnya, dan laporan akhir pekerjaan"),
        legal_basis=aid_rules.regulations,
    ),
    referral=PlannedReferral.proposal(
        _("Mohon verifikasi rumah keluarga ini untuk bantuan perbaikan rumah tidak layak huni."),
        PAPERS,
        to="agency",
        kind="programme",
    ),
    phone_needed=True,
)

NAMES = (repair.name,)
