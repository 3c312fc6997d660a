"""The clusters of ATENSI (Permensos 7/2021), and what can be given: words for both."""

from core.api import lazy_gettext as _

# The part after "atensi." of a service's name → what the cluster is called.
CLUSTERS = {
    "child": _("Anak"),
    "elderly": _("Lanjut usia"),
    "disability": _("Penyandang disabilitas"),
    "aid": _("Alat bantu"),
    "addiction": _("Korban penyalahgunaan NAPZA"),
    "victim": _("Tuna sosial, korban perdagangan orang atau kekerasan"),
    "emergency": _("Kedaruratan dan bencana"),
}

# Not checked against the regulation: see rules.toml.
SUPPORTS = {
    "living": _("Kebutuhan hidup layak"),
    "care": _("Perawatan sosial atau pengasuhan anak"),
    "family": _("Dukungan keluarga"),
    "therapy": _("Terapi fisik, psikososial, atau mental spiritual"),
    "vocational": _("Pelatihan vokasional"),
    "enterprise": _("Pembinaan kewirausahaan"),
    "assistance": _("Bantuan sosial dan asistensi sosial"),
    "access": _("Dukungan aksesibilitas"),
}

STATES = {"planned": _("Direncanakan"), "delivered": _("Diberikan"), "ended": _("Berakhir")}
