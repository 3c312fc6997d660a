"""What is asked before modules are switched: what is wanted, then why."""

from collections.abc import Sequence

from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from core.areas.code import Level
from core.texts import lazy_gettext as _
from core.web.forms import Form, SelectChoice

from .wishes import Cell, Lock, State, Wish

STATES = {
    State.ON: _("Nyalakan"),
    State.OFF: _("Matikan"),
    State.INHERIT: _("Ikuti wilayah di atasnya lagi"),
    State.KEEP: _("Biarkan seperti sekarang"),
}
LOCKS = {
    Lock.KEEP: _("Biarkan seperti sekarang"),
    Lock.LOCK: _("Kunci: wilayah di bawahnya tidak dapat mengubah"),
    Lock.UNLOCK: _("Buka kunci: wilayah di bawahnya boleh menyimpang"),
}


class WishForm(Form):
    state = RadioField(
        _("Keadaan"),
        [InputRequired(_("Pilih apa yang harus terjadi."))],
        choices=[SelectChoice(key.value, title) for key, title in STATES.items()],
    )
    lock = RadioField(
        _("Kunci"),
        choices=[SelectChoice(key.value, title) for key, title in LOCKS.items()],
        default=Lock.KEEP.value,
    )
    clear_below = BooleanField(
        _("Hapus juga penyimpangan di bawahnya"),
        description=_("Tanpa ini, kecamatan dan desa yang diatur sendiri tetap seperti pilihannya."),
    )

    @classmethod
    def about(cls, cells: Sequence[Cell], **kwargs: object) -> "WishForm":
        """Below a village lies nothing that could be locked or cleared."""
        form = cls(**kwargs)
        if all(cell.area.level == Level.VILLAGE for cell in cells):
            form.state.choices = [SelectChoice(key.value, STATES[key]) for key in STATES if key != State.KEEP]
            del form.lock, form.clear_below
        return form

    def wish(self, cells: Sequence[Cell]) -> Wish:
        """Raises: EmptyWish: as :class:`Wish` does."""
        return Wish(
            cells=tuple(cells),
            state=State(self.state.data),
            lock=Lock(self.lock.data) if "lock" in self else Lock.KEEP,
            clear_below=bool(self.clear_below.data) if "clear_below" in self else False,
        )


class ReasonForm(Form):
    """What is sent with the decision; the fingerprint says which preview was seen."""

    fingerprint = HiddenField()
    reason = StringField(
        _("Alasan"),
        [DataRequired(_("Tulis alasannya; yang lain membacanya di riwayat.")), Length(max=300)],
        description=_("Misalnya nomor surat, hasil rapat, atau permintaan desa."),
    )
