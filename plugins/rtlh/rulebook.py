"""The dated rules: what is given for a house and on which conditions, and how the village follows the works."""

from collections.abc import Mapping

from core.api import Rules, Text
from core.api import lazy_gettext as _

# What the money may be spent on, in the order of the budget.
KINDS: Mapping[str, Text] = {"material": _("Bahan"), "wages": _("Upah"), "operations": _("Operasional")}
CRITERIA: Mapping[str, Text] = {
    "owner": _("Rumah milik sendiri"),
    "land": _("Tanahnya tidak dalam sengketa"),
    "only_house": _("Satu-satunya rumah"),
    "never_aided": _("Belum pernah dibantu perbaikan rumah"),
}

aid_rules, desk_rules = Rules.load_parts(
    "plugins.rtlh",
    "aid",
    "desk",
    titles={
        "aid": _("Bantuan RTLH"),
        "desk": _("Pelayanan RTLH di desa"),
        "budget": _("Anggaran satu rumah (rupiah)"),
        **{f"budget.{kind}": _("Anggaran satu rumah (rupiah): %(kind)s", kind=title) for kind, title in KINDS.items()},
        "criteria": _("Yang harus terpenuhi"),
        "stages": _("Persen kemajuan yang difoto"),
    },
    choices={"criteria": tuple(CRITERIA)},
)
