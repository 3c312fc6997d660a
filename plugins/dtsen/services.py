"""What a resident can ask for: that DTSEN is changed, or that an objection to it is passed on. Others decide both."""

from collections.abc import Iterator
from datetime import date

from core.api import (
    Criterion,
    Family,
    Letter,
    Person,
    Requirement,
    Service,
    ServiceStandard,
    State,
    Transition,
    Workflow,
    outside_decision,
    proposal_meeting,
    with_meeting,
)
from core.api import lazy_gettext as _

from .forms import ObjectionForm, ProposalForm
from .rulebook import rules

EVIDENCE = Requirement(
    "dtsen_evidence",
    _("Bukti yang mendukung"),
    hint=_("Misalnya foto rumah, akta lahir atau kematian, surat pindah, surat keterangan kerja."),
)
MATCHES = {"matched": True, "unmatched": False}


def can_be_keyed(person: Person, family: Family, on: date) -> Iterator[Criterion]:
    """What SIKS-NG will not do without: a NIK that Dukcapil knows, and a KK. It advises; the clerk may open a case."""
    rules.at(on)
    yield Criterion.resident(person)
    yield Criterion(
        _("NIK padan dengan Dukcapil"),
        met=MATCHES.get(person.registry_match) if person.nik else False,
        settled_by=_("Cek NIK di Dukcapil atau SIKS-NG."),
    )
    yield Criterion(_("Punya No. KK"), met=bool(family.household and family.household.kk_number))


def proposal_workflow() -> Workflow:
    """In SIKS-NG a proposal waits to be agreed on: by a meeting's decision, or by the signature under an SPTJM."""
    ratifying = _("pengesahan Dinas Sosial di SIKS-NG")
    outside = outside_decision(
        rules,
        steps=(("ratified", _("Disahkan Dinas Sosial di SIKS-NG")),),
        skippable=("ratified",),
        waits_for={"sent": _("musdes, muskel, atau SPTJM"), "ratified": _("pemutakhiran DTSEN")},
        granted=_("Masuk DTSEN"),
        send=_("Catat: sudah dimasukkan ke SIKS-NG"),
        needs_resident=False,
    )
    heard = with_meeting(outside, at="sent", tell_days=rules.value("tell_days"))
    agreed = State(
        "agreed",
        _("Disepakati musdes, muskel, atau SPTJM"),
        "waiting",
        waits_for=ratifying,
        stale_days=rules.value("stale_days"),
    )
    states = tuple(agreed if state.key == agreed.key else state for state in heard.states)
    answered_for = Transition(
        "answered_for", _("Catat: SPTJM ditandatangani"), ("sent",), "agreed", "cases.write", ("note",), primary=False
    )
    return Workflow("dtsen_proposal", states, (*heard.transitions, answered_for), heard.start)


proposal = Service(
    name="dtsen.proposal",
    title=_("Usulan dan perubahan DTSEN"),
    short_title=_("Usulan DTSEN"),
    summary=_("Keluarga yang belum terdata, atau data yang berubah atau keliru, diusulkan ke DTSEN lewat SIKS-NG."),
    form=ProposalForm,
    for_whom=can_be_keyed,
    rules=rules,
    subject="household",
    requirements=[Requirement.ID_CARD, Requirement.KK, EVIDENCE],
    workflow=proposal_workflow(),
    meeting=proposal_meeting(announced=True),
    standard=ServiceStandard.by(
        rules,
        procedure=_(
            "Berkas diperiksa, lalu dimasukkan ke SIKS-NG sebelum tanggal %(day)s. Desa menyepakatinya dalam musdes"
            " atau muskel, atau dengan SPTJM; Dinas Sosial mengesahkan. Terdata di DTSEN belum berarti menerima"
            " bantuan.",
            day=rules.value("cutoff_day"),
        ),
        product=_("Usulan di SIKS-NG, dan kabar hasilnya"),
    ),
)

objection = Service(
    name="dtsen.objection",
    title=_("Sanggah DTSEN"),
    summary=_(
        "Warga yang tidak setuju dengan desil atau datanya menyanggah dengan bukti; pusat yang menentukan desil."
    ),
    form=ObjectionForm,
    for_whom=can_be_keyed,
    rules=rules,
    subject="household",
    requirements=[Requirement.ID_CARD, Requirement.KK, EVIDENCE],
    workflow=outside_decision(
        rules,
        steps=(("processed", _("Diproses Dinas Sosial")),),
        waits_for=_("jawaban Dinas Sosial"),
        granted=_("Sanggah diterima"),
        send=_("Catat: sanggah sudah diajukan"),
    ),
    letters=[
        Letter(
            "objection",
            _("Surat Pengantar Sanggah DTSEN"),
            "dtsen/objection.typ",
            classification=rules.value("classification"),
            when=("registered", "handling", "sent"),
        )
    ],
    standard=ServiceStandard.by(
        rules,
        procedure=_(
            "Bukti diperiksa, sanggah diajukan ke Dinas Sosial, dan jawabannya disampaikan beserta alasannya. Desil"
            " ditetapkan pemerintah pusat; desa tidak menghitung dan tidak menjanjikannya."
        ),
        product=_("Sanggah yang diajukan, dan jawabannya"),
    ),
)

NAMES = (proposal.name, objection.name)
