"""A service is a declaration; a wrong one is refused with the reason when its plugin is imported."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest
from flask_wtf import FlaskForm
from wtforms import Form, StringField

from core.cases.eligibility import Criterion
from core.cases.outside_decision import outside_decision
from core.cases.service import Letter, Requirement, Service, ServiceStandard
from core.cases.workflow import village_decision
from core.people.family import Family
from core.people.models import Person
from core.referrals.plan import PlannedReferral
from core.rules.rulebook import NoRule, Rules

LETTER = Letter("sktm", "Surat Keterangan Tidak Mampu", "sktm/letter.typ", valid_days=30, classification="460")


BY_REFERRAL = outside_decision(stale_after_days=9, referral="approve")
PLAN = PlannedReferral(to="dinsos", kind="programme", ask=str, papers=("photo",))


class PurposeForm(Form):
    purpose = StringField("Keperluan")


def service(**changes: Any) -> Service:
    right = {
        "name": "sktm.letter",
        "title": "SKTM",
        "form": PurposeForm,
        "workflow": village_decision(time_days=1),
        "standard": ServiceStandard(time_days=1, product="Surat Keterangan Tidak Mampu"),
        "requirements": [Requirement.RT_RW_LETTER, Requirement.ID_CARD, Requirement.KK],
        "letters": [LETTER],
    }
    return Service(**right | changes)


def test_a_service_knows_its_plugin_and_letters() -> None:
    assert service().plugin == "sktm"
    assert service().letter("sktm") is LETTER
    with pytest.raises(KeyError, match="abolished"):
        service().letter("abolished")


def test_a_letter_is_issued_where_its_workflow_needs_one_unless_it_says_where() -> None:
    assert service().letter_states(LETTER) == ("approved",)
    early = Letter("sktm", "Surat pengantar", "sktm/letter.typ", when=("registered", "handling"))
    assert service(letters=[early]).letter_states(early) == ("registered", "handling")


def test_lists_become_tuples() -> None:
    assert service().requirements == (Requirement.RT_RW_LETTER, Requirement.ID_CARD, Requirement.KK)
    assert service().letters == (LETTER,)


def test_a_form_of_flask_wtf_is_a_form() -> None:
    assert service(form=FlaskForm).form is FlaskForm


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "sktm"}, "<plugin>.<service>"),
        ({"name": "SKTM.letter"}, "<plugin>.<service>"),
        ({"name": "sktm.letter.copy"}, "<plugin>.<service>"),
        ({"title": ""}, "title"),
        ({"form": PurposeForm()}, "form must be"),
        ({"form": dict}, "form must be"),
        ({"requirements": [Requirement.KK, Requirement.KK]}, "two requirements are called 'kk'"),
        ({"letters": [LETTER, LETTER]}, "two letters are called 'sktm'"),
        ({"letters": []}, "'finish' needs a letter"),
        ({"letters": [Letter("sktm", "Surat", "pip/letter.typ")]}, "must be in sktm/"),
        ({"for_whom": True}, "for_whom"),
        ({"for_whom": lambda _person: ()}, "for_whom"),
        ({"subject": "village"}, "subject"),
        ({"sector": "sport"}, "sector"),
        ({"form": type("F", (Form,), {"note": StringField()})}, r"fields \['note'\] are core's own"),
        ({"letters": [Letter("sktm", "Surat", "sktm/letter.typ", when=("blessed",))]}, "no open state"),
        ({"letters": [Letter("sktm", "Surat", "sktm/letter.typ", when=("done",))]}, "no open state"),
        ({"workflow": village_decision(time_days=1, letter=None)}, "'sktm' is never due"),
        ({"urgent_when": True}, "urgent_when"),
        ({"urgent_when": lambda: True}, "urgent_when"),
        ({"letter_values": lambda _case: {}}, "letter_values"),
        ({"follow_up": lambda _case: ()}, "follow_up"),
        (
            {"workflow": outside_decision(stale_after_days=9, referral="approve"), "letters": []},
            "'send' needs a referral",
        ),
        ({"referral": PLAN}, "takes along 'photo', which is no requirement"),
    ],
)
def test_a_wrong_service_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        service(**changes)


def test_a_case_keeps_the_version_of_the_rules() -> None:
    rules = Rules.parse(
        '[[rule]]\nvalid_from = 2024-02-01\nregulation = "Perbup 60/2023"\ncertainty = "verified"', "rules.toml"
    )
    assert service(rules=rules).rule_version(date(2025, 1, 1)) == "2024-02-01 Perbup 60/2023"
    assert service().rule_version(date(2025, 1, 1)) is None
    with pytest.raises(NoRule):
        service(rules=rules).rule_version(date(2024, 1, 31))


# ---- the service standard of UU 25/2009 art. 21 ----


def test_criteria_may_ask_for_the_answers_of_the_form() -> None:
    person, family = Person(name="Siti"), Family(None, [])

    def by_answer(person: Person, family: Family, on: date, answers: Mapping[str, Any]) -> Iterator[Criterion]:
        yield Criterion("Sakit menahun", met=answers.get("illness"))

    def by_family(person: Person, family: Family, on: date) -> Iterator[Criterion]:
        yield Criterion("Satu orang", met=family.size == 1)

    asked = service(for_whom=by_answer)
    assert [c.met for c in asked.criteria(person, family, date(2026, 1, 1), {"illness": True})] == [True]
    assert [c.met for c in asked.criteria(person, family, date(2026, 1, 1), {})] == [None]
    assert [c.met for c in service(for_whom=by_family).criteria(person, family, date(2026, 1, 1), {})] == [False]
    assert service().criteria(person, family, date(2026, 1, 1), {}) == ()


def test_a_service_standard_has_fourteen_components_and_publishes_the_first_six() -> None:
    components = service().standard_components
    assert [c.key for c in components if c.public] == [
        "requirements",
        "procedure",
        "time",
        "fee",
        "product",
        "complaints",
    ]
    assert len({c.key for c in components}) == 14
    assert [c.public for c in components] == [True] * 6 + [False] * 8


def test_every_component_of_the_smallest_standard_says_something_but_the_legal_basis() -> None:
    components = service().standard_components
    assert [c.key for c in components if not c.lines or not all(c.lines)] == ["legal_basis"]


def lines(key: str, **changes: Any) -> list[str]:
    [component] = [c for c in service(**changes).standard_components if c.key == key]
    return [str(line) for line in component.lines]


def test_the_requirements_are_those_of_the_service() -> None:
    wanted = [Requirement.KK, Requirement("photo", "Foto rumah", mandatory=False)]
    assert lines("requirements", requirements=wanted) == ["Kartu Keluarga (KK)", "Foto rumah (bila ada)"]


@pytest.mark.parametrize(("fee", "text"), [(0, "Gratis"), (1_250_000, "Rp 1.250.000")])
def test_the_fee_is_in_rupiah(fee: int, text: str) -> None:
    assert lines("fee", standard=ServiceStandard(time_days=1, product="Surat", fee=fee)) == [text]


@pytest.mark.parametrize(("days", "text"), [(0, "Hari itu juga"), (3, "3 hari kerja sejak berkas lengkap")])
def test_the_time_is_in_working_days(days: int, text: str) -> None:
    assert lines("time", standard=ServiceStandard(time_days=days, product="Surat")) == [text]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"time_days": -1}, "time_days"),
        ({"time_days": 0.5}, "time_days"),
        ({"fee": "gratis"}, "fee"),
        ({"product": ""}, "product"),
        ({"safety": ""}, "safety"),
        ({"legal_basis": "UU 25/2009"}, "legal_basis"),
    ],
)
def test_a_wrong_standard_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ServiceStandard(**{"time_days": 1, "product": "Surat"} | changes)


# ---- requirements and letters ----


def test_the_well_known_requirements_are_mandatory_and_distinct() -> None:
    known = [Requirement.KK, Requirement.ID_CARD, Requirement.PARENT_ID, Requirement.RT_RW_LETTER]
    assert len({item.key for item in known}) == 4
    assert all(item.mandatory for item in known)


def test_a_letter_of_the_rt_is_for_one_case_only() -> None:
    assert Requirement.RT_RW_LETTER.reusable_days is None


def test_a_family_card_is_the_households_and_an_identity_card_the_persons() -> None:
    assert (Requirement.KK.owner, Requirement.ID_CARD.owner) == ("household", "person")


@pytest.mark.parametrize("arguments", [{"key": "K K"}, {"title": ""}, {"reusable_days": 0}, {"owner": "village"}])
def test_a_wrong_requirement_is_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Requirement"):
        Requirement(**dict[str, Any](key="kk", title="KK") | arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        {"key": "S"},
        {"title": ""},
        {"valid_days": 0},
        {"template": "sktm/letter.html"},
        {"template": "sktm/../../letter.typ"},
        {"template": "/sktm/letter.typ"},
        {"when": "approved"},
    ],
)
def test_a_wrong_letter_is_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Letter"):
        Letter(**dict[str, Any](key="sktm", title="SKTM", template="sktm/letter.typ") | arguments)
