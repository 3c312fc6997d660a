"""Who counts for what, under which limits, and what it comes to, by the rules of the day."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from core.api import Case, Criterion, Family, Household, NoRule, Person
from plugins.pkh.components import Claim, count, find_components, outlived
from plugins.pkh.follow_up import apply_later, enlist_later
from plugins.pkh.payee import may_be_payee, named, usual_payee
from plugins.pkh.payment import expected
from plugins.pkh.rulebook import Month, rules, stage_of, stages_of, unverified
from plugins.pkh.screening import claims_of, may_become_member, may_report_change

TODAY = date(2026, 3, 2)
RULE = rules.at(TODAY)


def resident(born: str = "1990-07-15", **values: Any) -> Person:
    usual = {"name": "Siti", "sex": "P", "nik": "3201155507900001", "life_status": "alive", "family_role": "wife"}
    usual |= {"registry_match": "matched", "marital_status": "Kawin", "disability": "", "extra": {}}
    return Person(**{**usual, "id": uuid4(), "birth_date": date.fromisoformat(born), **values})


def child(born: str, now_at: str = "", **values: Any) -> Person:
    extra = {"current_education": now_at} if now_at else {}
    child = {"name": "Asep", "sex": "L", "family_role": "child", "marital_status": "Belum kawin", "extra": extra}
    return resident(born, **{**child, **values})


def family(*members: Person, decile: int | None = 2, kk: str | None = "3201150101200001") -> Family:
    return Family(Household(decile=decile, kk_number=kk), members)


def by_title(criteria: Iterable[Criterion]) -> dict[str, bool | None]:
    return {str(criterion.title): criterion.met for criterion in criteria}


# ---- the rule of a day ----


@pytest.mark.parametrize(
    ("on", "decile_max", "knows_victims"),
    [
        (date(2021, 1, 1), 0, False),
        (date(2025, 2, 4), 0, False),
        (date(2025, 2, 5), 4, True),
        (date(2026, 12, 31), 4, True),
    ],
)
def test_the_gate_and_the_components_by_day(on: date, decile_max: int, knows_victims: bool) -> None:
    rule = rules.at(on)
    assert (rule.decile_max, "rights_victim" in rule.amount) == (decile_max, knows_victims)


def test_no_rule_speaks_of_what_was_before() -> None:
    with pytest.raises(NoRule):
        rules.at(date(2020, 12, 31))
    assert stage_of(date(2020, 12, 31)) is None


def test_nothing_is_called_verified_that_nobody_has_read() -> None:
    assert {rule.certainty for rule in rules.all} == {"plausible"}
    assert "batas orang per komponen" in [str(title) for title in unverified(RULE)]


# ---- components from the members ----


@pytest.mark.parametrize(
    ("born", "now_at", "found"),
    [
        ("2026-03-02", "", [("child", True)]),  # born today
        ("2026-03-03", "", []),  # not born yet
        ("2020-03-03", "", [("child", True)]),  # 5 years
        ("2020-03-02", "", [("child", False), ("sd", False)]),  # 6 today: either, as long as nobody has asked
        ("2020-03-02", "Sedang SD/sederajat", [("sd", False)]),
        ("2020-03-02", "Sedang TK/kelompok bermain", [("child", True)]),
        ("2019-03-03", "Belum masuk TK/kelompok bermain", [("child", True)]),  # 6 until tomorrow
        ("2019-03-02", "", [("sd", False)]),  # 7
        ("2013-03-03", "", [("sd", False)]),  # 12
        ("2013-03-02", "", [("smp", False)]),  # 13
        ("2010-03-03", "", [("smp", False)]),  # 15
        ("2010-03-02", "", [("sma", False)]),  # 16
        ("2007-03-03", "", [("sma", False)]),  # 18
        ("2007-03-02", "", []),  # 19: who is still at school has to be asked
        ("2007-03-02", "Sedang SLTA/sederajat", [("sma", False)]),
        ("2004-03-03", "Sedang SLTA/sederajat", [("sma", False)]),  # 21
        ("2004-03-02", "Sedang SLTA/sederajat", []),  # 22
        ("2013-03-02", "Sedang SD/sederajat", [("sd", False)]),  # behind the usual age
        ("2013-03-02", "Tidak sedang sekolah", []),
        ("2007-03-03", "Sedang S-1/sederajat", []),
    ],
)
def test_a_child_counts_by_age_and_school(born: str, now_at: str, found: list[tuple[str, bool]]) -> None:
    assert [(each.component, each.certain) for each in find_components([child(born, now_at)], RULE, TODAY)] == found


@pytest.mark.parametrize(
    ("born", "values", "found"),
    [
        ("1966-03-03", {}, []),
        ("1966-03-02", {}, [("elderly", True)]),  # 60 today
        ("1990-07-15", {"disability": "Fisik"}, [("disability", False)]),
        ("1950-01-01", {"disability": "Fisik"}, [("disability", False), ("elderly", True)]),
        ("1990-07-15", {"extra": {"pregnant": True}}, [("pregnancy", False)]),
        ("1990-07-15", {"extra": {"pregnant": False}}, []),
        ("1975-03-02", {"extra": {"pregnant": True}}, []),  # 51
        ("1990-07-15", {"extra": {"pregnant": True}, "sex": "L"}, []),
    ],
)
def test_a_grown_member_counts(born: str, values: dict[str, Any], found: list[tuple[str, bool]]) -> None:
    member = resident(born, **values)
    assert [(each.component, each.certain) for each in find_components([member], RULE, TODAY)] == found


@pytest.mark.parametrize(
    ("component", "born", "since", "on", "over"),
    [
        ("child", "2020-03-02", "2021-01-01", date(2027, 3, 1), False),
        ("child", "2020-03-02", "2021-01-01", date(2027, 3, 2), True),  # 7
        ("sma", "2004-03-02", "2021-01-01", date(2026, 3, 1), False),
        ("sma", "2004-03-02", "2021-01-01", date(2026, 3, 2), True),  # 22
        ("pregnancy", "1990-07-15", "2025-04-02", date(2026, 3, 1), False),
        ("pregnancy", "1990-07-15", "2025-04-02", date(2026, 3, 2), True),  # 11 months
        ("elderly", "1950-01-01", "2021-01-01", date(2026, 3, 2), False),
    ],
)
def test_a_component_ends_by_itself(component: str, born: str, since: str, on: date, over: bool) -> None:
    ended = outlived(component, resident(born), date.fromisoformat(since), RULE, on)
    assert (ended is not None) is over


def test_it_ends_with_a_death() -> None:
    assert outlived("elderly", resident("1950-01-01", life_status="dead"), TODAY, RULE, TODAY)


# ---- limits and amounts ----


@pytest.mark.parametrize(
    ("components", "counted", "a_year"),
    [
        ([], [], 0),
        (["pregnancy"], ["pregnancy"], 3_000_000),
        (["child"], ["child"], 3_000_000),
        (["sd"], ["sd"], 900_000),
        (["smp"], ["smp"], 1_500_000),
        (["sma"], ["sma"], 2_000_000),
        (["disability"], ["disability"], 2_400_000),
        (["elderly"], ["elderly"], 2_400_000),
        (["rights_victim"], ["rights_victim"], 10_800_000),
        (["child", "child"], ["child", "child"], 6_000_000),
        (["child", "child", "child"], ["child", "child"], 6_000_000),
        (["sd", "sd"], ["sd"], 900_000),
        (["sd", "smp", "sma", "elderly"], ["elderly", "sma", "smp", "sd"], 6_800_000),
        # The fifth of a family does not count, and it is the one who adds least.
        (["sd", "smp", "sma", "elderly", "child"], ["child", "elderly", "sma", "smp"], 8_900_000),
        (["elderly", "elderly", "sd"], ["elderly", "sd"], 3_300_000),
    ],
)
def test_limits_per_component_and_family(components: list[str], counted: list[str], a_year: int) -> None:
    lines = count([Claim(component, f"{n}", uuid4()) for n, component in enumerate(components)], RULE)
    assert [line.claim.component for line in lines if line.counts] == counted
    assert sum(line.amount for line in lines) == a_year
    assert len(lines) == len(components)


def test_a_member_counts_once_and_for_the_most() -> None:
    twice = uuid4()
    lines = count([Claim("sma", "Neng", twice), Claim("pregnancy", "Neng", twice)], RULE)
    assert [(line.claim.component, line.amount, line.why_not) for line in lines] == [
        ("pregnancy", 3_000_000, ""),
        ("sma", 0, "sudah dihitung untuk komponen lain"),
    ]


def test_survivors_count_only_since_there_is_a_component_for_them() -> None:
    assert not count([Claim("rights_victim", "Ujang")], rules.at(date(2025, 2, 4)))[0].counts


@pytest.mark.parametrize(
    ("component", "a_stage"), [("child", 750_000), ("sd", 225_000), ("smp", 375_000), ("sma", 500_000)]
)
def test_a_stage_is_a_quarter_of_the_year(component: str, a_stage: int) -> None:
    for stage in stages_of(2026):
        assert expected([Claim(component, "Asep")], stage).total == a_stage
    assert [stage.number for stage in stages_of(2026)] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("day", "number", "counted_on"),
    [
        (date(2026, 1, 1), 1, date(2026, 1, 1)),
        (date(2026, 3, 31), 1, date(2026, 1, 1)),
        (date(2026, 4, 1), 2, date(2026, 4, 1)),
        (date(2026, 12, 31), 4, date(2026, 10, 1)),
    ],
)
def test_the_stage_of_a_day_and_the_day_that_decides_in_it(day: date, number: int, counted_on: date) -> None:
    stage = stage_of(day)
    assert stage
    assert (stage.number, stage.counted_on) == (number, counted_on)


def test_a_year_in_which_the_rule_changes_has_the_old_rule_in_its_first_stage() -> None:
    assert [stage.rule.decile_max for stage in stages_of(2025)] == [0, 4, 4, 4]


def test_months_are_in_the_order_of_time() -> None:
    assert Month.before(date(2026, 1, 15)) == Month(2025, 12) < Month.of(date(2026, 1, 15))
    assert Month(2024, 2).last_day == date(2024, 2, 29)


# ---- pengurus ----

MOTHER, FATHER = resident(name="Enok"), resident("1985-01-01", name="Dadang", sex="L", family_role="head")
GIRL = child("2010-01-01", name="Neng", sex="P")
GRANDMOTHER = resident("1950-01-01", name="Oom", family_role="parent", marital_status="Cerai mati")


@pytest.mark.parametrize(
    ("members", "usual"),
    [
        ([FATHER, MOTHER, GIRL, GRANDMOTHER], MOTHER),
        ([FATHER, GIRL, GRANDMOTHER], GRANDMOTHER),
        ([FATHER, GIRL], FATHER),
        ([GIRL], None),
    ],
)
def test_the_mother_fetches_it_else_another_woman_else_the_father(members: list[Person], usual: Person | None) -> None:
    assert usual_payee(members, RULE, TODAY) is usual


@pytest.mark.parametrize(
    ("member", "members", "answers"),
    [
        (MOTHER, [FATHER, MOTHER], [True, True, True, True]),
        (FATHER, [FATHER, MOTHER], [True, True, False, True]),
        (FATHER, [FATHER, GIRL], [True, True, True, True]),
        (GIRL, [FATHER, GIRL], [True, False, True, True]),
        (MOTHER, [FATHER], [False, True, True, True]),
        (resident("2008-03-02", marital_status="Belum kawin"), None, [True, True, True, True]),  # 18 today
        (resident("2008-03-03", marital_status="Belum kawin"), None, [True, False, True, True]),
        (resident("2008-03-03"), None, [True, True, True, True]),  # married
        (resident(nik=None), None, [True, True, True, False]),
        (resident(registry_match="unchecked"), None, [True, True, True, None]),
        (resident(registry_match="unmatched"), None, [True, True, True, False]),
        (resident(life_status="dead"), None, [False, True, True, True]),
    ],
)
def test_what_a_pengurus_must_be(member: Person, members: list[Person] | None, answers: list[bool | None]) -> None:
    criteria = may_be_payee(member, [member] if members is None else members, RULE, TODAY)
    assert [criterion.met for criterion in criteria] == answers


@pytest.mark.parametrize(
    ("written", "found"),
    [("enok", True), ("  Enok ", True), ("3201155507900001", False), ("Enok S", False), ("", False)],
)
def test_a_written_name_is_of_one_member_or_of_nobody(written: str, found: bool) -> None:
    """Both grown members have the same NIK here, so it names neither."""
    assert (named([MOTHER, FATHER], written) is MOTHER) is found


# ---- a proposal ----

ASKED: dict[str, Any] = dict.fromkeys(("pregnancy", "sd", "smp", "sma", "disability", "rights_victim"), 0)


def verdicts(answers: dict[str, Any], *members: Person, on: date = TODAY, **values: Any) -> dict[str, bool | None]:
    return by_title(may_become_member(members[0], family(*members, **values), on, answers))


@pytest.mark.parametrize(("decile", "met"), [(1, True), (4, True), (5, False), (None, None)])
def test_a_poor_family_may_become_a_kpm(decile: int | None, met: bool | None) -> None:
    assert verdicts(ASKED, MOTHER, decile=decile)["Desil 4 atau kurang di DTSEN"] is met


def test_before_dtsen_the_register_of_the_poor_had_to_be_asked() -> None:
    found = verdicts(ASKED, MOTHER, on=date(2025, 2, 4))
    assert found["Terdaftar di DTKS"] is None
    assert not any("Desil" in title for title in found)


@pytest.mark.parametrize(("member", "met"), [("yes", False), ("no", True), ("unknown", None)])
def test_a_kpm_is_not_proposed_again(member: str, met: bool | None) -> None:
    assert verdicts({**ASKED, "member": member}, MOTHER)["Belum menjadi KPM PKH"] is met


@pytest.mark.parametrize(
    ("answers", "met"),
    [
        ({}, None),
        (ASKED, False),
        ({"pregnancy": 1}, True),
        ({"pregnancy": 1, "pregnancy_number": 2}, True),
        ({"pregnancy": 1, "pregnancy_number": 3}, False),
    ],
)
def test_a_pregnancy_must_be_asked_and_counts_up_to_the_second(answers: dict[str, Any], met: bool | None) -> None:
    assert verdicts(answers, MOTHER)["Ibu hamil atau nifas"] is met


def test_what_cannot_be_needs_no_question() -> None:
    """No pupils among grown people, no pregnancy among men; a decree about a survivor can be of anybody."""
    found = verdicts({}, FATHER)
    assert (found["Ibu hamil atau nifas"], found["Anak SD/MI sederajat"]) == (False, False)
    assert found["Korban pelanggaran HAM berat"] is None


def test_small_children_and_the_elderly_are_known_from_the_family() -> None:
    found = verdicts(ASKED, MOTHER, child("2024-01-01"), GRANDMOTHER)
    assert (found["Anak usia dini (0–6 tahun): Asep"], found["Lanjut usia: Oom"]) == (True, True)


def test_the_estimate_of_a_proposal_counts_what_is_certain() -> None:
    home = family(MOTHER, child("2024-01-01"), child("2017-01-01", name="Dede"))
    claims = claims_of(home, RULE, TODAY, {**ASKED, "sd": 1})
    assert [(claim.component, claim.name) for claim in claims] == [("child", "Asep"), ("sd", "Dede")]
    unnamed = claims_of(home, RULE, TODAY, {**ASKED, "sd": 2})
    assert [claim.name for claim in unnamed] == ["Asep", "orang ke-1", "orang ke-2"]
    assert [claim.component for claim in claims_of(home, RULE, TODAY, {})] == ["child"]


# ---- a change ----


@pytest.mark.parametrize(
    ("members", "left"),
    [([MOTHER, FATHER], True), ([MOTHER, child("2024-01-01")], False), ([MOTHER, child("2017-01-01")], None)],
)
def test_a_family_without_components_graduates(members: list[Person], left: bool | None) -> None:
    criteria = by_title(may_report_change(MOTHER, family(*members), TODAY, {"change": "graduated", "member": "yes"}))
    assert criteria["Tidak ada lagi anggota yang menjadi komponen"] is left
    assert criteria["Desil di atas 4"] is False


def test_a_new_pengurus_is_judged_by_what_is_known_of_her() -> None:
    home = family(FATHER, MOTHER, GIRL)
    answers = {"change": "payee", "member": "yes", "payee": "Neng"}
    assert (
        by_title(may_report_change(FATHER, home, TODAY, answers))["Pengurus dewasa (18 tahun, atau sudah kawin)"]
        is False
    )
    unknown = by_title(may_report_change(FATHER, home, TODAY, {**answers, "payee": "Tidak Dikenal"}))
    assert unknown["Pengurus Tidak Dikenal ada di data keluarga ini"] is None


# ---- afterwards ----


@pytest.mark.parametrize("later", [enlist_later, apply_later])
@pytest.mark.parametrize(("state", "tasks"), [("sent", 0), ("approved", 1), ("done", 0)])
def test_what_was_decided_outside_gets_into_the_list(later: Any, state: str, tasks: int) -> None:
    found = list(later(Case(state=state, id=UUID(int=1)), family(MOTHER), TODAY))
    assert [task.due_on for task in found] == [date(2026, 3, 9)] * tasks
