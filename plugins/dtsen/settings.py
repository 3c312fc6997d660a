"""What a district may set about DTSEN: the words for what SIKS-NG says."""

from wtforms import Field, TextAreaField
from wtforms.validators import Length, Optional, ValidationError

from core.api import Area, SettingsForm, gettext, settings_of
from core.api import lazy_gettext as _

from .models import SHORT

# Seen in the field, none of them confirmed by a manual; SIKS-NG's own words change.
SUGGESTED = (
    "Menunggu musdes/muskel",
    "Menunggu pengesahan Dinas Sosial",
    "Disahkan",
    "Exclude: ",
    "Cek rekening",
    "Burekol",
    "SPM",
    "SI",
    "Gagal OMSPAN",
)
MOST = 30


class LogSettings(SettingsForm):
    editors = ("district_officer", "village_head")

    statuses = TextAreaField(
        _("Saran isian status SIKS-NG"),
        [Optional(), Length(max=2000)],
        description=_("Satu baris satu saran, menggantikan saran bawaan. Petugas tetap boleh menulis yang lain."),
    )

    def validate_statuses(self, field: Field) -> None:
        lines = _lines(field.data)
        if len(lines) > MOST or any(len(line) > SHORT for line in lines):
            raise ValidationError(
                gettext("Paling banyak %(most)s saran, masing-masing paling panjang %(n)s huruf.", most=MOST, n=SHORT)
            )


def suggested_statuses(area: Area) -> list[str]:
    return _lines(settings_of(area, LogSettings).statuses) or list(SUGGESTED)


def _lines(text: str | None) -> list[str]:
    return list(dict.fromkeys(line.strip() for line in (text or "").splitlines() if line.strip()))
