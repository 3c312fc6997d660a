"""What the clerk fills in: how many count for what the register cannot know, or which change a family reports."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from core.api import SelectChoice, ServiceForm, area_today
from core.api import lazy_gettext as _

YES_NO = {"unknown": _("Belum diketahui"), "yes": _("Ya"), "no": _("Tidak")}
CHANGES = {
    "added": _("Komponen bertambah (hamil, lahir, masuk sekolah, lansia)"),
    "moved_up": _("Komponen berubah (naik jenjang, pindah sekolah)"),
    "ended": _("Komponen berkurang (lulus, meninggal, pindah)"),
    "payee": _("Ganti pengurus"),
    "graduated": _("Graduasi: keluarga sudah mampu, atau tidak punya komponen lagi"),
}
PAYEE_REASONS = {
    "": _("Bukan ganti pengurus"),
    "died": _("Pengurus meninggal"),
    "moved": _("Pengurus pindah atau merantau"),
    "ill": _("Pengurus sakit atau tidak mampu mengurus"),
    "divorced": _("Pengurus bercerai dan keluar dari KK"),
    "other": _("Sebab lain"),
}
MOST_MEMBERS = 20


def yes_no(label: Any, description: Any = "") -> SelectField:
    choices = [SelectChoice(key, title) for key, title in YES_NO.items()]
    return SelectField(label, choices=choices, default="unknown", description=description)


def _people(label: Any, description: Any = "") -> IntegerField:
    """Blank until somebody was asked, which is not the same as nobody."""
    return IntegerField(label, [Optional(), NumberRange(0, MOST_MEMBERS)], description=description)


class ProposalForm(ServiceForm):
    """Small children and elderly people are counted from the family's own data."""

    member = yes_no(_("Sudah menjadi KPM PKH"), _("KPM: keluarga penerima manfaat. Lihat SIKS-NG atau kartu KKS."))
    pregnancy = _people(_("Ibu hamil atau nifas"), _("Berapa orang; 0 bila tidak ada, kosong bila belum ditanyakan."))
    pregnancy_number = IntegerField(
        _("Kehamilan ke berapa"), [Optional(), NumberRange(1, 20)], description=_("Menurut buku KIA.")
    )
    sd = _people(_("Anak di SD/MI sederajat"))
    smp = _people(_("Anak di SMP/MTs sederajat"))
    sma = _people(_("Anak di SMA/SMK/MA sederajat"))
    disability = _people(
        _("Penyandang disabilitas berat"), _("Yang tidak dapat melakukan kegiatan sehari-hari sendiri.")
    )
    rights_victim = _people(_("Korban pelanggaran HAM berat"), _("Yang sudah ditetapkan, dengan suratnya."))
    payee = StringField(
        _("Pengurus yang diusulkan"),
        [Optional(), Length(max=120)],
        description=_("NIK atau nama lengkap seperti di KK. Ibu atau perempuan dewasa di keluarga ini."),
    )
    situation = TextAreaField(
        _("Keadaan keluarga"),
        [DataRequired(), Length(max=600)],
        description=_("Pekerjaan, penghasilan, tanggungan, rumah. Jangan tulis penyakit: data kesehatan dilindungi."),
    )


class UpdateForm(ServiceForm):
    member = yes_no(_("Keluarga ini KPM PKH"), _("Lihat daftar KPM PKH, SIKS-NG, atau kartu KKS."))
    change = SelectField(
        _("Perubahan"),
        [InputRequired()],
        choices=[SelectChoice("", _("Pilih perubahan")), *(SelectChoice(key, text) for key, text in CHANGES.items())],
    )
    changed_on = DateField(_("Sejak tanggal"), [InputRequired()])
    who = StringField(
        _("Anggota yang berubah"),
        [Optional(), Length(max=200)],
        description=_("Nama seperti di KK; bila beberapa, pisahkan dengan koma."),
    )
    payee_reason = SelectField(
        _("Sebab ganti pengurus"), choices=[SelectChoice(key, text) for key, text in PAYEE_REASONS.items()]
    )
    payee = StringField(
        _("Pengurus baru"),
        [Optional(), Length(max=120)],
        description=_("Hanya bila ganti pengurus: NIK atau nama lengkap seperti di KK."),
    )
    account = StringField(
        _("Nomor KKS, empat angka terakhir"),
        [Optional(), Length(min=4, max=4, message=_("Tulis empat angka terakhir saja."))],
    )
    explanation = TextAreaField(_("Penjelasan"), [DataRequired(), Length(max=600)])

    def validate_changed_on(self, field: DateField) -> None:
        if field.data and field.data > area_today():
            raise ValidationError(_("Tanggal ini belum tiba."))

    def validate_account(self, field: StringField) -> None:
        if field.data and not (field.data.isascii() and field.data.isdigit()):
            raise ValidationError(_("Tulis empat angka terakhir saja."))

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """A change of pengurus says who comes and why; any other change of a component says of whom."""
        valid = super().validate(extra_validators)
        if self.change.data == "payee":
            valid = _wanted(self.payee, _("Tulis siapa pengurus barunya.")) and valid
            return _wanted(self.payee_reason, _("Pilih sebabnya.")) and valid
        if self.change.data in ("added", "moved_up", "ended"):
            return _wanted(self.who, _("Tulis siapa yang berubah.")) and valid
        return valid


def _wanted(field: Any, message: Any) -> bool:
    if not field.data:
        field.errors = [*field.errors, message]
    return bool(field.data)
