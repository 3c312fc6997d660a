"""What a district or a village may set about complaints."""

from wtforms import Field, TextAreaField
from wtforms.validators import Length, Optional, ValidationError

from core.api import SettingsForm, gettext
from core.api import lazy_gettext as _

LONGEST, MOST = 40, 20


def lines_in(text: str | None) -> list[str]:
    """One entry a line, each once."""
    return list(dict.fromkeys(" ".join(line.split()) for line in (text or "").splitlines() if line.strip()))


class ComplaintSettings(SettingsForm):
    editors = ("district_officer", "village_head")

    sectors = TextAreaField(
        _("Bidang tambahan"),
        [Optional(), Length(max=1000)],
        description=_("Satu baris satu bidang, di samping sembilan bidang bawaan, misalnya “Jalan dan jembatan”."),
    )
    elsewhere = TextAreaField(
        _("Ke mana lagi warga dapat mengadu"),
        [Optional(), Length(max=600)],
        description=_("Tampil di halaman keluhan desa di samping SP4N-LAPOR!, misalnya nomor Inspektorat."),
    )

    def validate_sectors(self, field: Field) -> None:
        lines = lines_in(field.data)
        if len(lines) > MOST or any(len(line) > LONGEST for line in lines):
            text = gettext(
                "Paling banyak %(most)s bidang, masing-masing paling panjang %(n)s huruf.", most=MOST, n=LONGEST
            )
            raise ValidationError(text)
