"""What a programme need not say itself, because its rules or the way through the Dinas Sosial say it."""

from datetime import date

import pytest

from core.api import (
    Criterion,
    Family,
    Household,
    Person,
    PlannedReferral,
    Requirement,
    Rules,
    ServiceStandard,
    lazy_gettext,
    outside_decision,
    through_dinsos,
)

DAY = date(2026, 11, 4)
RULES = Rules.parse(
    """
    [[rule]]
    valid_from = 2026-01-01
    regulation = "Perbup 1/2026"
    certainty = "plausible"
    time_days = 2
    fee = 5_000
    stale_days = 40
    tell_days = 7
    """,
    "rules.toml",
)
BARE = Rules.parse(
    '[[rule]]\nvalid_from = 2026-01-01\nregulation = "Perbup 2/2026"\ncertainty = "plausible"\ntime_days = 1', "bare"
)


def test_a_service_standard_takes_what_the_rules_say() -> None:
    standard = ServiceStandard.by(RULES, product="Surat", procedure="Cepat")
    assert (str(standard.time_days), str(standard.fee), standard.legal_basis) == ("2", "5000", ("Perbup 1/2026",))
    assert (standard.product, standard.procedure) == ("Surat", "Cepat")
    assert ServiceStandard.by(BARE, product="Surat").fee == 0
    assert ServiceStandard.by(RULES, product="Surat", time_days=0).time_days == 0


def test_an_outside_decision_takes_its_days_from_the_rules() -> None:
    table = outside_decision(RULES)
    assert (str(table.state("sent").stale_days), str(table.state("approved").due_days)) == ("40", "7")
    table = outside_decision(BARE, stale_after_days=9)
    assert (table.state("sent").stale_days, table.state("approved").due_days) == (9, 3)
    with pytest.raises(ValueError, match="say stale_after_days, or give rules that have stale_days"):
        outside_decision(BARE)


def test_the_way_through_the_dinas_sosial() -> None:
    steps = ("recommended", "proposed", ("account", "Rekening"))
    table = through_dinsos(RULES, steps=steps, granted="Aktif", waits_for={"account": "bank"}, skippable=("account",))
    waits = [str(table.state(key).waits_for) for key in ("sent", "recommended", "proposed", "account")]
    assert waits == [
        "pengesahan Dinas Sosial",
        "usulan Dinas Sosial di SIKS-NG",
        "penetapan Kemensos",
        "bank",
    ]
    send = next(step for step in table.transitions if step.key == "send")
    assert (send.needs_referral, send.needs_resident, str(send.label)) == (
        True,
        True,
        "Catat: sudah dikirim ke Dinas Sosial",
    )
    assert [step.key for step in table.transitions if step.answered == "done"] == ["recommended"]
    assert table.letters_along == ("registered", "handling", "sent")


def test_whoever_is_put_forward_is_identified() -> None:
    plan = PlannedReferral.proposal(lazy_gettext("Mohon diusulkan."), [Requirement.KK])
    assert (plan.to, plan.nik, plan.papers, plan.words({})) == ("dinsos", "full", ("kk",), "Mohon diusulkan.")
    assert "decile" in plan.fields
    assert PlannedReferral.proposal(lambda said: said["why"], []).words({"why": "Atap bocor"}) == "Atap bocor"


def person(**told: object) -> Person:
    return Person(**{"name": "Siti", "sex": "P", "birth_date": date(1990, 7, 15), "life_status": "alive", **told})


def family(**told: object) -> Family:
    return Family(Household(**told), [])


@pytest.mark.parametrize(
    ("criterion", "met"),
    [
        (Criterion.resident(person()), True),
        (Criterion.resident(person(life_status="moved")), False),
        (Criterion.registered(family(kk_number="3201150101200001")), True),
        (Criterion.registered(family(kk_number=None)), None),
        (Criterion.registered(Family(None, [])), None),
        (Criterion.poor(family(decile=4), 4), True),
        (Criterion.poor(family(decile=5), 4), False),
        (Criterion.poor(family(), 4), None),
        (Criterion.poor(family(decile=1), 0), None),  # the DTKS of older rules knows no deciles
        (Criterion.asked("Punya", {"own": "yes"}, "own", "Tanyakan"), True),
        (Criterion.asked("Punya", {"own": "no"}, "own", "Tanyakan"), False),
        (Criterion.asked("Belum", {"own": "no"}, "own", "Tanyakan", wants="no"), True),
        (Criterion.asked("Belum", {"own": "yes"}, "own", "Tanyakan", wants="no"), False),
        (Criterion.asked("Belum", {"own": "unknown"}, "own", "Tanyakan", wants="no"), None),
        (Criterion.asked("Belum", {}, "own", "Tanyakan", wants="no"), None),
    ],
)
def test_criteria_that_recur(criterion: Criterion, met: bool | None) -> None:
    assert criterion.met is met
    assert met is not None or criterion.settled_by


@pytest.mark.parametrize(
    ("nik", "match", "known"),
    [(None, "matched", False), ("3201", "matched", True), ("3201", "unmatched", False), ("3201", "unchecked", None)],
)
def test_a_nik_that_dukcapil_knows(nik: str | None, match: str, known: bool | None) -> None:
    assert person(nik=nik, registry_match=match).nik_matched is known


def test_rules_of_a_day_that_none_speaks_of() -> None:
    assert RULES.get(date(2025, 12, 31)) is None
    found = RULES.get(DAY)
    assert found is not None
    assert found.stale_days == 40
    assert (RULES.title_of("stale_days"), RULES.title_of("own")) == ("Hari tanpa kabar sampai diingatkan", "own")
