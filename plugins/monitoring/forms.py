"""What is typed about a report: why it is amended, or what is wrong with it."""

from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from core.api import VersionedForm
from core.api import lazy_gettext as _

from .models import WORDS


class ReasonForm(VersionedForm):
    reason = TextAreaField(
        _("Alasan perubahan"),
        [DataRequired(), Length(min=5, max=WORDS)],
        description=_("Apa yang berubah sejak dikirim. Jangan tulis nama atau NIK warga."),
    )


class RemarkForm(VersionedForm):
    remark = TextAreaField(
        _("Yang perlu diperbaiki desa"),
        [DataRequired(), Length(min=5, max=WORDS)],
        description=_("Dibaca desa. Jangan tulis nama atau NIK warga."),
    )
