from collections.abc import Iterator
from datetime import date

from core.api import (
    Criterion,
    Family,
    Letter,
    Person,
    Requirement,
    Rules,
    Service,
    ServiceStandard,
    village_decision,
)
from core.api import lazy_gettext as _

from .forms import HelpForm

rules = Rules.load(__package__ or "")


def may_get_help(person: Person, family: Family, on: date) -> Iterator[Criterion]:
    yield Criterion(_("Sudah dewasa"), met=person.age(on) >= rules.at(on).age_min)


help_letter = Service(
    name="notes.help",
    title=_("Surat bantuan"),
    form=HelpForm,
    for_whom=may_get_help,
    rules=rules,
    requirements=[Requirement.KK, Requirement("photo", _("Foto"))],
    workflow=village_decision(time_days=1),
    restricted_to="notes.read",
    letters=[Letter("help", _("Surat bantuan"), "notes/letter.typ")],
    standard=ServiceStandard(time_days=1, product=_("Surat bantuan"), legal_basis=("UU 25/2009",)),
)
