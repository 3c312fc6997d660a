"""A plugin that enters a scope while it is told of something leaves the rows of the page that tells it readable."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from core.api import AreaCode, OwnRows, district_of, scope
from core.database.session import commit
from core.people.models import Person
from core.platform import platform
from core.testing import VILLAGE, at, make_case, make_person

from .conftest import Start, switch


def reads_the_districts_rows(case: Any) -> None:
    with scope(OwnRows(district_of(AreaCode.from_id(case.village_id)).id)):
        pass


def fails_in_another_scope(case: Any) -> None:
    with scope(AreaCode.from_id(case.village_id)):
        raise RuntimeError("broken on purpose")


@pytest.mark.parametrize("hook", [reads_the_districts_rows, fails_in_another_scope])
def test_the_caller_goes_on_with_its_rows(start: Start, app: Flask, areas: None, hook: Callable[[Any], None]) -> None:
    process = start(faulty={"case_opened": hook})
    switch(process, "faulty", on=True)
    with at(process, VILLAGE) as area:
        person: Person = make_person(area.id, "Enok Sumarni")
        case = make_case(area, platform().plugins.all_services["sktm.letter"], person)
        commit()
        assert (case.state, person.name) == ("registered", "Enok Sumarni")
        case.note = "Diubah sesudahnya"
        commit()
        assert case.note == "Diubah sesudahnya"
