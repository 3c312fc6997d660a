"""What a family can ask for: BLT Dana Desa, which the village itself decides in a musyawarah desa khusus."""

from core.api import Requirement, Service, ServiceStandard
from core.api import lazy_gettext as _

from .forms import AidForm
from .musdes import musdes
from .rules import may_receive, rules
from .workflow import aid_workflow

aid = Service(
    name="blt_desa.aid",
    title=_("BLT Dana Desa"),
    short_title="BLT Desa",
    summary=_("Bantuan langsung tunai dari Dana Desa, diputuskan musyawarah desa khusus."),
    form=AidForm,
    for_whom=may_receive,
    rules=rules,
    subject="household",
    requirements=[
        Requirement.ID_CARD,
        Requirement.KK,
        Requirement("blt_desa_data_sheet", _("Formulir pendataan keluarga"), owner="household"),
    ],
    workflow=aid_workflow(rules),
    meeting=musdes,
    standard=ServiceStandard(
        time_days=rules.value("time_days"),
        product=_("Keputusan musdes khusus; bagi yang diterima, BLT setiap bulan dengan tanda terima"),
        procedure=_(
            "Keluarga didaftarkan dan datanya diperiksa, calon dibahas dalam musyawarah desa khusus, kepala desa"
            " menetapkan daftarnya dengan SK yang dilaporkan ke bupati lewat camat, lalu bantuan diserahkan dengan"
            " tanda terima. Daftarnya diumumkan di kantor desa."
        ),
        legal_basis=rules.regulations,
        supervision=_("Diawasi BPD, dipantau kecamatan dan Dinas Sosial; SK dilaporkan ke bupati lewat camat."),
    ),
)
