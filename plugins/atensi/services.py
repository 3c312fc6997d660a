"""What can be asked for: a service for each cluster, all decided by Dinas Sosial or a Sentra, all restricted."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from core.api import (
    Case,
    Criterion,
    Family,
    FollowUp,
    Letter,
    PlannedReferral,
    Requirement,
    Service,
    ServiceForm,
    ServiceStandard,
    Text,
    gettext,
    outside_decision,
)
from core.api import lazy_gettext as _

from . import forms, screening
from .clusters import CLUSTERS
from .rulebook import age_rules, handling

READ = "atensi.read"

SKTM = Requirement("sktm_letter", _("SKTM"), reusable_days=30, hint=_("Dibuat di desa; lihat layanan SKTM."))
BODY_PHOTO = Requirement(
    "atensi_body_photo",
    _("Foto seluruh badan"),
    hint=_("Dengan persetujuan orangnya atau walinya; hanya terlihat petugas yang berwenang."),
)
MEDICAL = Requirement(
    "atensi_medical_letter",
    _("Rekomendasi medis"),
    hint=_("Dari dokter atau Puskesmas, menyebut alat yang dibutuhkan."),
)
ADULT, CHILD = (Requirement.ID_CARD, Requirement.KK, SKTM), (Requirement.PARENT_ID, Requirement.KK, SKTM)


def cannot_wait(answers: Mapping[str, Any]) -> bool:
    """Somebody who is not safe is brought to safety first."""
    return answers.get("safe") == "no"


def ask_assessment(answers: Mapping[str, str]) -> str:
    """What is wanted, and nothing of the situation: the assessment asks the person, and the letter goes along."""
    return gettext(
        "Mohon asesmen dan layanan ATENSI. Dukungan yang dibutuhkan: %(supports)s.",
        supports=answers.get("supports", "–"),
    )


def visit_again(case: Case, family: Family, day: date) -> Iterator[FollowUp]:  # noqa: ARG001 - core's signature
    if case.state == "delivered":
        days = handling.value("visit_days").on(day)
        yield FollowUp(gettext("Kunjungan lanjutan setelah layanan diberikan"), day + timedelta(days=days))


workflow = outside_decision(
    handling,
    steps=(
        ("assessed", _("Sudah diasesmen")),
        ("planned", _("Rencana layanan disusun")),
        ("delivered", _("Layanan diberikan")),
    ),
    waits_for=_("Dinas Sosial atau Sentra"),
    granted=_("Layanan tuntas"),
    send=_("Catat: sudah dikirim ke Dinas Sosial"),
    referral="assessed",
    skippable=("planned",),
    papers_later=handling.value("time_days"),
)


def _service(
    key: str,
    form: type[ServiceForm],
    for_whom: Callable[..., Iterator[Criterion]] | None = None,
    papers: tuple[Requirement, ...] = ADULT,
    summary: Text = "",
) -> Service:
    return Service(
        name=f"atensi.{key}",
        title=_("ATENSI: %(cluster)s", cluster=CLUSTERS[key]),
        short_title=_("ATENSI"),
        summary=summary,
        form=form,
        for_whom=for_whom,
        rules=age_rules,
        requirements=papers,
        workflow=workflow,
        letters=[
            Letter(
                "referral",
                _("Surat Rujukan ATENSI"),
                "atensi/letter.typ",
                classification=handling.value("classification"),
                when=("registered", "handling", "sent"),
            )
        ],
        standard=ServiceStandard.by(
            handling, product=_("Usulan dan surat rujukan ke Dinas Sosial, dan kabar hasilnya")
        ),
        urgent_when=cannot_wait,
        referral=PlannedReferral(
            to="dinsos",
            kind="programme",
            ask=ask_assessment,
            nik="full",
            papers=tuple(paper.key for paper in papers),
        ),
        follow_up=visit_again,
        restricted_to=READ,
        initials=key in ("child", "victim"),
    )


SERVICES = (
    _service("child", forms.ChildForm, screening.is_child, CHILD),
    _service("elderly", forms.ElderlyForm, screening.is_elderly),
    _service("disability", forms.DisabilityForm, screening.is_disabled),
    _service(
        "aid",
        forms.AidForm,
        screening.needs_aid,
        (*ADULT, BODY_PHOTO, MEDICAL),
        _("Kursi roda, alat bantu dengar, dan alat lain bagi lansia dan penyandang disabilitas."),
    ),
    _service("addiction", forms.AddictionForm),
    _service("victim", forms.VictimForm),
    _service("emergency", forms.EmergencyForm),
)

NAMES = tuple(service.name for service in SERVICES)


def cluster_of(service: str) -> Text:
    """What the cluster of a case is called."""
    return CLUSTERS.get(service.partition(".")[2], service)
