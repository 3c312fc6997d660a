"""Rules are dated data: each has its days, its regulation and how certain it is; criteria explain themselves."""

import copy
import sys
from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest

from core.cases.eligibility import Criterion, CriterionKind
from core.cases.judging import Judgement
from core.rules.rulebook import NoRule, Rules

ORIGIN = "plugins.pip/rules.toml"

TWO_RULES = """
    [[rule]]
    valid_from = 2024-02-01
    regulation = "Persesjen 20/2021"
    certainty = "verified"
    age_min = 6
    levels = ["sd", "smp"]
    amount = { sd = 450_000, smp = 750_000 }

    [[rule]]
    valid_from = 2020-01-01
    valid_to = 2024-01-31
    regulation = "Permendikbud 10/2020"
    certainty = "plausible"
    age_min = 7
"""


def parse(text: str) -> Rules:
    return Rules.parse(dedent(text), ORIGIN)


def one(**changes: str | None) -> Rules:
    """One rule with some lines changed, or left out where None."""
    lines = {"valid_from": "2024-02-01", "regulation": '"Persesjen 20/2021"', "certainty": '"verified"'} | changes
    return parse("[[rule]]\n" + "\n".join(f"{key} = {value}" for key, value in lines.items() if value is not None))


# ---- which rule holds ----


@pytest.mark.parametrize(
    ("on", "age_min"),
    [
        (date(2020, 1, 1), 7),
        (date(2024, 1, 31), 7),
        (date(2024, 2, 1), 6),
        (date(2099, 12, 31), 6),
    ],
)
def test_the_rule_of_the_day_holds_from_its_first_to_its_last_day(on: date, age_min: int) -> None:
    assert parse(TWO_RULES).at(on).age_min == age_min


def test_a_day_without_a_rule_is_an_error_that_names_day_and_file() -> None:
    with pytest.raises(NoRule, match=r"2019-12-31 \(plugins.pip/rules.toml\)"):
        parse(TWO_RULES).at(date(2019, 12, 31))


def test_a_rule_may_end_without_a_successor() -> None:
    rules = one(valid_to="2024-12-31")
    with pytest.raises(NoRule):
        rules.at(date(2025, 1, 1))


def test_a_rule_knows_its_version_regulation_and_certainty() -> None:
    rule = parse(TWO_RULES).at(date(2025, 1, 1))
    assert rule.version == "2024-02-01 Persesjen 20/2021"
    assert rule.regulation == "Persesjen 20/2021"
    assert rule.certainty == "verified"


def test_regulations_are_listed_once_newest_first() -> None:
    assert parse(TWO_RULES).regulations == ("Persesjen 20/2021", "Permendikbud 10/2020")
    again = TWO_RULES.replace("Permendikbud 10/2020", "Persesjen 20/2021")
    assert parse(again).regulations == ("Persesjen 20/2021",)


# ---- values ----


def test_values_are_attributes_and_cannot_be_changed() -> None:
    rule = parse(TWO_RULES).at(date(2025, 1, 1))
    assert rule.amount["sd"] == 450_000
    assert rule.levels == ("sd", "smp")
    with pytest.raises(TypeError):
        rule.amount["sd"] = 1
    with pytest.raises(AttributeError):
        rule.regulation = "Persesjen 1/2030"  # pyright: ignore[reportAttributeAccessIssue]


def test_a_value_that_the_rule_lacks_is_an_error_that_names_rule_and_value() -> None:
    with pytest.raises(AttributeError, match=r"rules.toml, rule 1 has no value 'decile_max'"):
        _ = parse(TWO_RULES).at(date(2025, 1, 1)).decile_max


def test_a_rule_can_be_copied() -> None:
    rule = one(age_min="6").at(date(2025, 1, 1))
    assert copy.copy(rule).age_min == 6


# ---- files that are refused ----


@pytest.mark.parametrize("field", ["valid_from", "regulation", "certainty"])
def test_a_missing_field_is_refused_with_file_and_rule(field: str) -> None:
    with pytest.raises(ValueError, match=f"plugins.pip/rules.toml, rule 1: {field} is missing"):
        one(**{field: None})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"valid_from": '"2024-02-01"'}, "valid_from must be a date"),
        ({"valid_from": "2024-02-01T00:00:00"}, "valid_from must be a date"),
        ({"valid_to": "2025"}, "valid_to must be a date"),
        ({"valid_to": "2024-01-31"}, "valid_to 2024-01-31 is before valid_from 2024-02-01"),
        ({"regulation": '" "'}, "regulation"),
        ({"regulation": "20"}, "regulation"),
        ({"certainty": '"sure"'}, "certainty must be one of"),
        ({"at-most": "4"}, "'at-most'"),
        ({"version": "4"}, "'version'"),
        ({"origin": "4"}, "'origin'"),
    ],
)
def test_a_wrong_rule_is_refused(changes: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=f"rule 1: .*{message}"):
        one(**changes)


def test_overlapping_rules_are_refused_and_the_message_says_what_to_write() -> None:
    with pytest.raises(
        ValueError, match=r"rule 1 overlaps .*rule 2: give the earlier one a valid_to before 2024-02-01"
    ):
        parse(TWO_RULES.replace("valid_to = 2024-01-31", "valid_to = 2024-02-01"))
    with pytest.raises(ValueError, match="overlaps"):
        parse(TWO_RULES.replace("valid_to = 2024-01-31", ""))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"no \[\[rule\]\]"),
        ("[rule]\nvalid_from = 2024-02-01", "two brackets"),
        ("[[rules]]\nvalid_from = 2024-02-01", "not \\['rules'\\]"),
        ("[[rule]\n", "plugins.pip/rules.toml"),
    ],
)
def test_a_file_that_is_no_list_of_rules_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse(text)


# ---- the file in a package ----


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "fake_rules"
    folder.mkdir()
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "fake_rules", raising=False)
    return folder


def test_rules_are_read_from_the_package(package: Path) -> None:
    (package / "rules.toml").write_text(dedent(TWO_RULES))
    assert Rules.load("fake_rules").at(date(2025, 1, 1)).age_min == 6


def test_a_package_without_rules_is_an_error(package: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Rules.load("fake_rules")


# ---- criteria ----


@pytest.mark.parametrize("met", [True, False, None])
def test_a_criterion_is_met_not_met_or_unknown(met: bool | None) -> None:
    assert Criterion("Desil 4 atau kurang", met).met is met


@pytest.mark.parametrize(("title", "met"), [("Desil 4 atau kurang", 1), ("Desil 4 atau kurang", "ya"), ("", True)])
def test_a_criterion_that_says_neither_is_refused(title: str, met: object) -> None:
    with pytest.raises(ValueError, match="Criterion"):
        Criterion(title, met)  # pyright: ignore[reportArgumentType]


def test_a_criterion_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="kind must be one of"):
        Criterion("Desil 1", met=True, kind="nice")  # pyright: ignore[reportArgumentType]


# ---- the verdict ----

REQUIRED, ONE_OF, FAVOURS = "required", "one_of", "favours"


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [
        ([], "met"),
        ([(REQUIRED, True), (REQUIRED, True)], "met"),
        ([(REQUIRED, True), (REQUIRED, None)], "unknown"),
        ([(REQUIRED, None), (REQUIRED, False)], "unmet"),
        ([(ONE_OF, True), (ONE_OF, False), (ONE_OF, None)], "met"),
        ([(ONE_OF, False), (ONE_OF, None)], "unknown"),
        ([(ONE_OF, False), (ONE_OF, False)], "unmet"),
        ([(REQUIRED, False), (ONE_OF, True)], "unmet"),
        ([(REQUIRED, None), (ONE_OF, False)], "unmet"),
        ([(REQUIRED, True), (FAVOURS, False)], "met"),
        ([(REQUIRED, True), (FAVOURS, None)], "met"),
        ([(FAVOURS, False)], "met"),
    ],
)
def test_a_condition_excludes_one_of_several_is_enough_and_what_favours_only_helps(
    answers: list[tuple[CriterionKind, bool | None]], verdict: str
) -> None:
    criteria = [Criterion("Desil 1", met=met, kind=kind) for kind, met in answers]
    assert Judgement(criteria, None).verdict == verdict


@pytest.mark.parametrize(
    ("answers", "undecided"),
    [
        ([(REQUIRED, None), (REQUIRED, True)], [REQUIRED]),
        ([(ONE_OF, None), (ONE_OF, False)], [ONE_OF]),
        ([(ONE_OF, None), (ONE_OF, True)], []),
        ([(REQUIRED, None), (ONE_OF, None), (ONE_OF, True)], [REQUIRED]),
        ([(FAVOURS, None)], []),
    ],
)
def test_only_what_would_settle_the_verdict_is_worth_a_question(
    answers: list[tuple[CriterionKind, bool | None]], undecided: list[CriterionKind]
) -> None:
    criteria = [Criterion("Desil 1", met=met, kind=kind) for kind, met in answers]
    assert [criterion.kind for criterion in Judgement(criteria, None).undecided] == undecided


def test_without_a_rule_for_the_day_nothing_is_known() -> None:
    assert Judgement((), None, problem="Tidak ada aturan").verdict == "unknown"


PARTS = """
    [[school]]
    valid_from = 2024-01-01
    regulation = "Permendikbud 10/2020"
    certainty = "plausible"
    age_max = 21

    [[college]]
    valid_from = 2026-01-01
    regulation = "Pedoman KIP Kuliah 2026"
    certainty = "plausible"
    decile_max = 4
"""


def test_regulations_that_change_apart_stand_in_lists_of_their_own(package: Path) -> None:
    (package / "rules.toml").write_text(dedent(PARTS))
    college, school = Rules.load_parts("fake_rules", "college", "school")
    assert (school.at(date(2025, 1, 1)).age_max, college.at(date(2026, 1, 1)).decile_max) == (21, 4)
    with pytest.raises(NoRule):
        college.at(date(2025, 1, 1))


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("school",), "only .*school.* are expected, not .*college"),
        (("school", "college", "course"), r"no \[\[course\]\]"),
    ],
)
def test_a_list_that_is_misspelt_is_refused(package: Path, names: tuple[str, ...], message: str) -> None:
    (package / "rules.toml").write_text(dedent(PARTS))
    with pytest.raises(ValueError, match=message):
        Rules.load_parts("fake_rules", *names)
