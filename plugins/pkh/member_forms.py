"""What each member of a family counts for, on a page that shows all of them."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from wtforms import StringField
from wtforms.validators import Length, Optional, ValidationError

from core.api import CheckboxesField, Family, Form, Person, Rule, SelectChoice
from core.api import lazy_gettext as _

from .components import COMPONENTS, SCHOOLS, Claim, Found, find_components, may_be_pregnant
from .families import Component
from .models import SHORT, Member


class MemberForm(Form):
    """What one member counts for. The choices are those that age and sex allow, and what the list says already."""

    components = CheckboxesField(_("Komponen"))
    place = StringField(_("Sekolah, Posyandu, atau tempat layanan"), [Optional(), Length(max=SHORT)])

    def __init__(self, person: Person, held: Sequence[Member], rule: Rule, on: date, **kwargs: Any) -> None:
        self.person, self.found = person, find_components([person], rule, on)
        self.own = [member.component for member in held]
        super().__init__(prefix=f"p{person.id}", **kwargs)
        offered = [
            key for key in COMPONENTS if key in rule.amount and (key in self.own or _possible(key, person, rule, on))
        ]
        self.components.choices = [SelectChoice(key, COMPONENTS[key]) for key in offered]

    @property
    def hints(self) -> list[Found]:
        """What the register suggests and somebody has to look into."""
        return [found for found in self.found if not found.certain and found.component not in self.own]

    def validate_components(self, field: CheckboxesField) -> None:
        if len(set(field.data or ()) & {"child", *SCHOOLS}) > 1:
            raise ValidationError(_("Pilih satu saja: anak usia dini, SD, SMP, atau SMA."))


def _possible(component: str, person: Person, rule: Rule, on: date) -> bool:
    age = person.age(on)
    if component == "pregnancy":
        return may_be_pregnant(person, rule, age)
    if component == "child":
        return age <= rule.child_age_max
    if component in SCHOOLS:
        return rule.school_ages[0] - 1 <= age <= rule.school_ages[1]
    return age >= rule.elderly_age if component == "elderly" else True


def member_forms(
    family: Family,
    held: Sequence[Member],
    rule: Rule,
    on: date,
    *,
    suggest: bool,
    proposed: Sequence[Claim] = (),
) -> list[MemberForm]:
    """One for each member, filled with what was sent, or what the list says; ``suggest`` fills in what is certain, and
    whom the family's proposal put forward by name.
    """
    forms = []
    for person in family.members:
        own = [member for member in held if member.person_id == person.id]
        ticked = [member.component for member in own]
        if suggest:
            ticked += _suggested(person, rule, on, proposed)
        place = next((member.place for member in own if member.place), "")
        forms.append(MemberForm(person, own, rule, on, data={"components": ticked, "place": place}))
    return forms


def _suggested(person: Person, rule: Rule, on: date, proposed: Sequence[Claim]) -> list[str]:
    found = {found.component for found in find_components([person], rule, on) if found.certain}
    found |= {claim.component for claim in proposed if claim.person_id == person.id}
    return sorted(found)


def chosen_in(forms: Sequence[MemberForm]) -> dict[UUID, list[Component]]:
    return {
        form.person.id: [Component(key, form.place.data or "") for key in form.components.data or ()] for form in forms
    }
