"""Whom a cluster is for, and which figures are told."""

from datetime import date

import pytest
from flask import Flask

from core.api import Criterion, Family
from core.testing import VILLAGE, at, make_person
from plugins.atensi.report import told, told_sum
from plugins.atensi.services import SERVICES

DAY = date(2026, 11, 24)
ALONE = Family(household=None, members=())
BY_NAME = {service.name: service for service in SERVICES}


@pytest.mark.parametrize(
    ("service", "born", "disability", "expected"),
    [
        ("child", date(2008, 11, 25), "", [True]),
        ("child", date(2008, 11, 24), "", [False]),
        ("elderly", date(1966, 11, 24), "", [True]),
        ("elderly", date(1966, 11, 25), "", [False]),
        ("disability", date(1990, 1, 1), "fisik", [True]),
        ("disability", date(1990, 1, 1), "", [None]),
        ("aid", date(1966, 11, 24), "", [True, None]),
        ("aid", date(1990, 1, 1), "fisik", [False, True]),
        ("aid", date(1990, 1, 1), "", [False, None]),
        ("addiction", date(1990, 1, 1), "", []),
        ("victim", date(1990, 1, 1), "", []),
    ],
)
def test_whom_a_cluster_is_for(
    app: Flask, areas: None, service: str, born: date, disability: str, expected: list[bool | None]
) -> None:
    with at(app, VILLAGE) as area:
        person = make_person(area.id, birth_date=born, disability=disability)
        found: list[Criterion] = list(BY_NAME[f"atensi.{service}"].criteria(person, ALONE, DAY, {}))
        assert [criterion.met for criterion in found] == expected


def test_every_service_is_restricted_and_says_children_and_victims_by_initials() -> None:
    assert {service.restricted_to for service in SERVICES} == {"atensi.read"}
    assert [service.name for service in SERVICES if service.initials] == ["atensi.child", "atensi.victim"]
    assert BY_NAME["atensi.child"].name_on_lists("Dewi Lestari binti Amin") == "D. L. B. A."
    assert BY_NAME["atensi.elderly"].name_on_lists("Dewi Lestari") == "Dewi Lestari"
    wanted = {paper.key for paper in BY_NAME["atensi.aid"].requirements if paper.mandatory}
    assert {"atensi_body_photo", "atensi_medical_letter"} <= wanted


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, None), (4, None), (5, 5), (60, 60)])
def test_a_small_figure_is_not_told(count: int, shown: int | None) -> None:
    assert told(count, 5) == shown


@pytest.mark.parametrize(
    ("counts", "shown"), [([0, 0], 0), ([7, 8], 15), ([7, 2], None), ([2, 2], None), ([3, 4, 8], 15), ([0, 3], None)]
)
def test_no_sum_gives_away_a_figure_that_is_kept_back(counts: list[int], shown: int | None) -> None:
    assert told_sum(counts, 5) == shown
