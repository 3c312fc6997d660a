"""The way of a family: registered, put forward, decided by the musdes, decreed, paid month by month.

From ``candidate`` on, the steps are taken by the deeds of the meeting and the decree; core and ``objections`` say why a
step that somebody takes by hand does not fit them.
"""

from core.api import Rules, State, Transition, Workflow
from core.api import lazy_gettext as _

WRITE, DECIDE = "cases.write", "cases.decide"
PAY, MUSDES = "blt_desa.write", "blt_desa.decide"


def aid_workflow(rules: Rules) -> Workflow:
    deciding, receiving = rules.value("candidate_days"), rules.value("receiving_days")
    states = (
        State("registered", _("Pendaftaran"), due_days=rules.value("time_days")),
        State("handling", _("Penanganan")),
        State(
            "candidate",
            _("Calon"),
            kind="waiting",
            due_days=deciding,
            waits_for=_("musyawarah desa khusus"),
        ),
        State("accepted", _("Diterima musdes"), kind="waiting", waits_for=_("SK kepala desa")),
        State("receiving", _("Menerima BLT"), due_days=receiving),
        State("done", _("Selesai"), kind="closed"),
        State(
            "reserve",
            _("Cadangan"),
            kind="waiting",
            due_days=receiving,
            waits_for=_("tempat kosong"),
        ),
        State("not_chosen", _("Tidak terpilih"), kind="closed"),
        State("stopped", _("Berhenti menerima"), kind="closed"),
        State("refused", _("Ditolak"), kind="closed"),
        State("cancelled", _("Dibatalkan"), kind="closed"),
    )
    return Workflow("blt_desa", states, (*_ways_on(), *_ways_aside(), *_ways_back()), start="registered")


def _ways_on() -> tuple[Transition, ...]:
    return (
        Transition("handle", _("Mulai penanganan"), ("registered",), "handling", WRITE),
        Transition("propose", _("Ajukan ke musdes"), ("handling",), "candidate", WRITE, needs_requirements=True),
        Transition("accept", _("Catat: diterima musdes"), ("candidate",), "accepted", MUSDES),
        Transition("decree", _("Catat: masuk SK"), ("accepted",), "receiving", MUSDES),
        Transition("finish", _("Selesaikan"), ("receiving",), "done", WRITE),
    )


def _ways_aside() -> tuple[Transition, ...]:
    aside = {"asks": ("note",), "primary": False}
    before_decree = ("registered", "handling", "candidate", "reserve", "accepted")
    return (
        Transition("set_aside", _("Catat: cadangan"), ("candidate",), "reserve", MUSDES, primary=False),
        Transition("promote", _("Naikkan dari cadangan"), ("reserve",), "receiving", MUSDES, primary=False),
        Transition("not_choose", _("Catat: tidak terpilih"), ("candidate", "reserve"), "not_chosen", MUSDES, **aside),
        Transition("return", _("Kembalikan"), ("candidate",), "handling", WRITE, **aside),
        Transition("refuse", _("Tolak"), ("handling",), "refused", DECIDE, **aside, confirm=True),
        Transition("stop", _("Berhentikan bantuan"), ("receiving",), "stopped", PAY, **aside, confirm=True),
        Transition("cancel", _("Batalkan"), before_decree, "cancelled", WRITE, **aside, confirm=True),
    )


def _ways_back() -> tuple[Transition, ...]:
    aside = {"asks": ("note",), "primary": False}
    return (
        Transition("undo_decision", _("Tarik keputusan musdes"), ("accepted", "reserve"), "candidate", MUSDES, **aside),
        Transition("reconsider", _("Bahas lagi"), ("not_chosen",), "candidate", MUSDES, **aside, reopens=True),
        Transition("undo_decree", _("Tarik dari SK"), ("receiving",), "accepted", MUSDES, **aside),
        Transition("resume", _("Lanjutkan lagi"), ("stopped",), "receiving", MUSDES, **aside, reopens=True),
        Transition("correct", _("Buka untuk perbaikan"), ("done",), "receiving", DECIDE, **aside, reopens=True),
        Transition("reopen", _("Buka kembali"), ("refused", "cancelled"), "handling", DECIDE, **aside, reopens=True),
    )
