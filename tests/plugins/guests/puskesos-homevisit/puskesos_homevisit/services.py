"""What a resident can ask for: that somebody comes to the house."""

from core.api import Requirement, Service, ServiceStandard, State, Transition, Workflow
from core.api import lazy_gettext as _

from .forms import RequestForm

visit_workflow = Workflow(
    name="home_visit",
    states=(
        State("requested", _("Diminta"), due_days=3),
        State("scheduled", _("Dijadwalkan"), due_days=7),
        State("done", _("Dikunjungi"), kind="closed"),
        State("cancelled", _("Dibatalkan"), kind="closed"),
    ),
    transitions=(
        Transition("schedule", _("Jadwalkan"), ("requested",), "scheduled", "homevisit.write"),
        Transition("finish", _("Selesai dikunjungi"), ("scheduled",), "done", "homevisit.write"),
        Transition(
            "cancel",
            _("Batalkan"),
            ("requested", "scheduled"),
            "cancelled",
            "homevisit.write",
            asks=("note",),
            primary=False,
            confirm=True,
        ),
    ),
    start="requested",
)

request = Service(
    name="homevisit.request",
    title=_("Permintaan kunjungan rumah"),
    summary=_("Bagi warga yang tidak dapat datang ke balai desa."),
    form=RequestForm,
    requirements=[Requirement.ID_CARD],
    workflow=visit_workflow,
    standard=ServiceStandard(time_days=3, product=_("Kunjungan petugas ke rumah")),
)
