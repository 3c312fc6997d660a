"""The forms of the district's pages."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from wtforms import BooleanField, DateField, HiddenField, IntegerField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from core.api import Colleague, Form, Organisation, SelectChoice, Text, gettext, service_titles
from core.api import lazy_gettext as _

from .models import WORDS
from .routing import RouteInput
from .words import EVERYTHING, LEVELS

MOST_DAYS = 60


class RouteForm(Form):
    topic = SelectField(_("Layanan atau modul"), [InputRequired()])
    level = SelectField(
        _("Jenjang"), [InputRequired()], choices=[SelectChoice(key, title) for key, title in LEVELS.items()]
    )
    organisation = SelectField(_("Lembaga yang menerima"), [Optional()])
    days = IntegerField(_("Dijawab dalam berapa hari kerja"), [InputRequired(), NumberRange(1, MOST_DAYS)])
    valid_from = DateField(_("Berlaku sejak"), [InputRequired(_("Isi tanggalnya."))])
    ended = BooleanField(_("Rute ini berakhir pada tanggal itu"))

    def offer(self, receivers: Sequence[Organisation], modules: Mapping[str, Text]) -> None:
        everything = SelectChoice(EVERYTHING, _("Semua yang lain"))
        titles = service_titles()
        own = [SelectChoice(key, title, optgroup=gettext("Modul")) for key, title in modules.items()]
        services = [SelectChoice(key, title, optgroup=gettext("Layanan")) for key, title in titles.items()]
        self.topic.choices = [everything, *own, *services]
        office = SelectChoice("", _("Kantor pada jenjang itu di sekitar desa"))
        self.organisation.choices = [office, *(SelectChoice(str(each.id), each.name) for each in receivers)]

    @property
    def route(self) -> RouteInput:
        valid_from = self.valid_from.data
        return RouteInput(
            topic=self.topic.data,
            level=self.level.data,
            organisation_id=UUID(self.organisation.data) if self.organisation.data else None,
            days=self.days.data or 1,
            valid_from=valid_from if valid_from else date.min,
            active=not self.ended.data,
        )


class AssignForm(Form):
    version = HiddenField()
    officer = SelectField(_("Ditugaskan kepada"), [Optional()])

    def offer(self, officers: Sequence[Colleague]) -> None:
        nobody = SelectChoice("", _("Belum ada"))
        self.officer.choices = [nobody, *(SelectChoice(str(each.id), each.name) for each in officers)]


class NoteForm(Form):
    text = TextAreaField(
        _("Catatan dalam"),
        [DataRequired(_("Tulis catatannya.")), Length(max=WORDS)],
        description=_("Hanya untuk Dinas Sosial; desa tidak melihatnya."),
    )


class ForwardForm(Form):
    to = SelectField(_("Teruskan ke"), [InputRequired(_("Pilih lembaganya."))])
    note = TextAreaField(
        _("Alasan dan yang diminta"),
        [DataRequired(_("Tulis alasannya.")), Length(max=WORDS)],
        description=_("Desa dan lembaga itu membaca ini."),
    )
    days = IntegerField(_("Jawaban ditunggu dalam berapa hari kerja"), [Optional(), NumberRange(1, MOST_DAYS)])

    def offer(self, receivers: Sequence[Organisation]) -> None:
        first = SelectChoice("", _("Pilih lembaga"))
        self.to.choices = [first, *(SelectChoice(str(each.id), each.name) for each in receivers)]
