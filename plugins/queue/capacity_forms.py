"""What somebody wants to know about the desk's capacity: a period, what is to change, and figures the record lacks.

It is sent by GET, so that the address of an answer can be passed on.
"""

from datetime import date, timedelta
from typing import Any

from wtforms import DateField, DecimalField, IntegerField
from wtforms.validators import NumberRange, Optional
from wtforms.widgets import NumberInput

from core.api import Form, gettext
from core.api import lazy_gettext as _

from .capacity_figures import LONGEST_PERIOD
from .capacity_plans import Assumptions, Changes

USUAL_PERIOD = 56
"""Days that are shown where no period is asked for: eight weeks."""
MOST_ARRIVALS, MOST_COUNTERS, LONGEST_VISIT = 300, 20, 240


def _minutes(label: str) -> DecimalField:
    within = NumberRange(0.5, LONGEST_VISIT)
    return DecimalField(label, [Optional(), within], places=None, widget=NumberInput(step="any"))


def usual_period(today: date) -> tuple[date, date]:
    """Eight weeks until yesterday: today is not over."""
    return today - timedelta(days=USUAL_PERIOD), today - timedelta(days=1)


class CapacityForm(Form):
    first = DateField(_("Dari tanggal"), [Optional()])
    last = DateField(_("Sampai tanggal"), [Optional()])

    extra_days = IntegerField(_("Hari buka tambahan seminggu"), [Optional(), NumberRange(0, 6)])
    extra_counters = IntegerField(_("Petugas tambahan"), [Optional(), NumberRange(0, 10)])
    booked = IntegerField(
        _("Warga yang membuat janji (%)"),
        [Optional(), NumberRange(0, 100)],
        description=_("Dari semua yang datang. Kosong: seperti sekarang."),
    )
    ready = IntegerField(
        _("Warga yang berkasnya dicek dulu, tambahan (%)"),
        [Optional(), NumberRange(0, 100)],
        description=_("Dari semua yang datang, di luar yang sekarang sudah dicek."),
    )

    arrivals = IntegerField(_("Warga sehari buka"), [Optional(), NumberRange(1, MOST_ARRIVALS)])
    minutes = _minutes(_("Menit di loket"))
    hours = DecimalField(
        _("Jam buka sehari"), [Optional(), NumberRange(0.5, 24)], places=None, widget=NumberInput(step="any")
    )
    counters = IntegerField(_("Loket yang melayani"), [Optional(), NumberRange(1, MOST_COUNTERS)])
    days = IntegerField(_("Hari buka seminggu"), [Optional(), NumberRange(1, 7)])
    ready_minutes = _minutes(_("Menit di loket bila berkas lengkap"))

    today: date

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        for field in self:  # nothing here has to be filled in: the page says so once
            field.flags.optional = False

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        problem = "" if self.first.errors or self.last.errors else self._wrong_period()
        if problem:
            self.last.errors = [problem]
        return valid and not problem

    def _wrong_period(self) -> str:
        first, last = self.period
        if last < first:
            return gettext("Tanggal akhir harus sesudah tanggal awal.")
        if (last - first).days >= LONGEST_PERIOD:
            return gettext("Paling lama %(n)s hari.", n=LONGEST_PERIOD)
        return gettext("Tanggal itu belum tiba.") if last > self.today else ""

    @property
    def period(self) -> tuple[date, date]:
        """The days asked for; what is not given as in the usual period, and all of that where they are wrong."""
        if self.first.errors or self.last.errors:
            return usual_period(self.today)
        last = self.last.data or usual_period(self.today)[1]
        return self.first.data or date.fromordinal(max(1, last.toordinal() - USUAL_PERIOD + 1)), last

    @property
    def assumptions(self) -> Assumptions:
        typed = (self.minutes.data, self.hours.data, self.ready_minutes.data)
        minutes, hours, ready_minutes = (None if value is None else float(value) for value in typed)
        return Assumptions(
            self.arrivals.data, minutes, hours, self.counters.data, self.days.data, ready_minutes=ready_minutes
        )

    @property
    def changes(self) -> Changes:
        booked = None if self.booked.data is None else self.booked.data / 100
        return Changes(self.extra_days.data or 0, self.extra_counters.data or 0, booked, (self.ready.data or 0) / 100)
