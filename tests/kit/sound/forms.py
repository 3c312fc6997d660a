from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from core.api import Form, ServiceForm
from core.api import lazy_gettext as _


class EntryForm(Form):
    title = StringField(_("Judul"), [DataRequired(), Length(max=80)])
    body = TextAreaField(_("Isi"), [Length(max=2000)])


class HelpForm(ServiceForm):
    reason = TextAreaField(_("Alasan"), [DataRequired(), Length(max=600)])
