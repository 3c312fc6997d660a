"""What a resident can ask for, for whom it is, and by which rules."""

from collections.abc import Iterator
from datetime import date

from core.api import Criterion, Family, Letter, Person, Requirement, Rules, Service, ServiceStandard, village_decision
from core.api import lazy_gettext as _

from .forms import AidForm

rules = Rules.load("puskesos_newplugin")


def may_get_aid(person: Person, family: Family, on: date) -> Iterator[Criterion]:
    """Advises the clerk; None is "not known yet", and ``settled_by`` says how to find out."""
    rule = rules.at(on)
    yield Criterion(
        _("Umur %(age)s tahun atau lebih", age=rule.age_min),
        met=person.age(on) >= rule.age_min,
    )
    yield Criterion(
        _("Desil %(n)s atau kurang di DTSEN", n=rule.decile_max),
        met=family.decile_at_most(rule.decile_max),
        settled_by=_("Cek desil di DTSEN."),
    )


letter = Letter(
    key="statement",
    title=_("Surat Keterangan"),
    template="newplugin/letter.typ",
    valid_days=rules.value("valid_days"),
)

aid = Service(
    name="newplugin.aid",
    title=_("Usulan Newplugin"),
    summary=_("Bagi keluarga yang memerlukan bantuan ini."),
    form=AidForm,
    for_whom=may_get_aid,
    rules=rules,
    requirements=[
        Requirement.ID_CARD,
        Requirement.KK,
        Requirement("house_photo", _("Foto rumah"), mandatory=False),
    ],
    workflow=village_decision(time_days=rules.value("time_days")),
    letters=[letter],
    standard=ServiceStandard(
        time_days=rules.value("time_days"),
        product=_("Surat keterangan yang ditandatangani kepala desa"),
        legal_basis=rules.regulations,
    ),
)
