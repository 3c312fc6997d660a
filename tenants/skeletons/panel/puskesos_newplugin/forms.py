"""What is written down."""

from core.api import Form
from core.api import lazy_gettext as _
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length


class NoteForm(Form):
    text = TextAreaField(_("Catatan"), [DataRequired(), Length(max=600)])
