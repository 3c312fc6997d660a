"""What pages call the values that a resident's row holds."""

from collections.abc import Mapping

from core.texts import lazy_gettext as _

from .opensid_codes import FamilyRole, Insurance, LifeStatus

Titles = Mapping[str, str]

SEX_TITLES: Titles = {"L": _("Laki-laki"), "P": _("Perempuan")}

FAMILY_ROLE_TITLES: Titles = {
    FamilyRole.HEAD: _("Kepala keluarga"),
    FamilyRole.HUSBAND: _("Suami"),
    FamilyRole.WIFE: _("Istri"),
    FamilyRole.CHILD: _("Anak"),
    FamilyRole.CHILD_IN_LAW: _("Menantu"),
    FamilyRole.GRANDCHILD: _("Cucu"),
    FamilyRole.PARENT: _("Orang tua"),
    FamilyRole.PARENT_IN_LAW: _("Mertua"),
    FamilyRole.RELATIVE: _("Famili lain"),
    FamilyRole.HELPER: _("Pembantu"),
    FamilyRole.OTHER: _("Lainnya"),
}

LIFE_STATUS_TITLES: Titles = {
    LifeStatus.ALIVE: _("Hidup"),
    LifeStatus.DEAD: _("Meninggal"),
    LifeStatus.MOVED: _("Pindah"),
    LifeStatus.MISSING: _("Hilang"),
    LifeStatus.AWAY: _("Pergi"),
    LifeStatus.INVALID: _("Data tidak valid"),
}

INSURANCE_TITLES: Titles = {
    "": _("Belum diketahui"),
    Insurance.NONE: _("Tidak punya"),
    Insurance.PBI: _("BPJS PBI (dibayar negara)"),
    Insurance.NON_PBI: _("BPJS bukan PBI (bayar sendiri atau pemberi kerja)"),
    Insurance.REGIONAL: _("BPJS dibayar daerah (PBPU Pemda)"),
    Insurance.OTHER: _("Asuransi lain"),
}

REGISTRY_MATCH_TITLES: Titles = {
    "unchecked": _("Belum dicek"),
    "matched": _("Padan"),
    "unmatched": _("Tidak padan"),
}
