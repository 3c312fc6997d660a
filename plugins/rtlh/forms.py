"""What the clerk fills in for a proposal: whose house and land it is, and in what condition."""

from collections.abc import Mapping

from wtforms import IntegerField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from core.api import SelectChoice, ServiceForm, Text
from core.api import lazy_gettext as _

YES_NO: Mapping[str, Text] = {"unknown": _("Belum diketahui"), "yes": _("Ya"), "no": _("Tidak")}
CONDITION: Mapping[str, Text] = {
    "unknown": _("Belum dilihat"),
    "fit": _("Layak"),
    "unfit": _("Tidak layak: rusak berat, bocor, atau lapuk"),
}
LAND: Mapping[str, Text] = {
    "": _("Pilih suratnya"),
    "certificate": _("Sertifikat hak milik"),
    "deed": _("Akta jual beli, hibah, atau waris"),
    "letter_c": _("Girik atau letter C"),
    "statement": _("Surat keterangan tanah dari desa"),
}


def _chosen(label: str, choices: Mapping[str, Text], description: str = "") -> SelectField:
    options = [SelectChoice(key, title) for key, title in choices.items()]
    return SelectField(label, choices=options, default=next(iter(choices)), description=description)


class RepairForm(ServiceForm):
    """Each question is answered by looking or by a paper; nothing is taken as given."""

    owner = _chosen(_("Rumah milik sendiri"), YES_NO, _("Bukan sewa, pinjam, atau menumpang."))
    land = _chosen(_("Tanahnya bebas sengketa"), YES_NO, _("Tanyakan juga ketua RT."))
    land_paper = SelectField(
        _("Surat tanah"), [InputRequired()], choices=[SelectChoice(key, title) for key, title in LAND.items()]
    )
    only_house = _chosen(_("Satu-satunya rumah keluarga ini"), YES_NO)
    aided = _chosen(
        _("Pernah dibantu perbaikan rumah"), YES_NO, _("Dari siapa pun: kabupaten, provinsi, pusat, atau Baznas.")
    )
    roof = _chosen(_("Atap"), CONDITION)
    floor = _chosen(_("Lantai"), CONDITION)
    wall = _chosen(_("Dinding"), CONDITION)
    size = IntegerField(_("Luas rumah (m²)"), [Optional(), NumberRange(1, 1000)])
    condition = TextAreaField(
        _("Keadaan rumah"),
        [DataRequired(), Length(max=600)],
        description=_("Bagian mana yang rusak, sejak kapan, dan apa yang paling perlu. Tercetak di surat usulan."),
    )
