"""A message is queued with the deed, sent once, and says nothing about the person."""

from collections.abc import Callable

import pytest
from core.api import Service, ServiceForm, ServiceStandard, commit, village_decision
from core.testing import VILLAGE, SignInAs, at, make_case, make_person
from flask import Flask

from puskesos_newplugin import outbox

SERVICE = Service(
    name="newplugin.example",
    title="Contoh",
    form=ServiceForm,
    workflow=village_decision(time_days=1, letter=None),
    standard=ServiceStandard(time_days=1, product="Contoh"),
)


@pytest.fixture
def deliver(app: Flask, areas: None) -> Callable[..., int]:
    """Sends what waits in a village in which one case was opened."""
    with at(app, VILLAGE) as area:
        make_case(area, SERVICE, make_person(area.id, "Enok Sumarni"))
        commit()

    def deliver(post: Callable[[dict[str, str]], None]) -> int:
        with at(app, VILLAGE) as area:
            return outbox.deliver(area.id, post)

    return deliver


def test_a_case_that_was_opened_is_told_once(deliver: Callable[..., int]) -> None:
    heard: list[dict[str, str]] = []
    assert deliver(heard.append) == 1
    assert deliver(heard.append) == 0
    [message] = heard
    assert (message["event"], message["service"], message["village"]) == ("opened", SERVICE.name, VILLAGE)


def test_the_partner_reads_nothing_about_the_person(deliver: Callable[..., int]) -> None:
    heard: list[dict[str, str]] = []
    deliver(heard.append)
    assert set(heard[0]) == {"id", "village", "ticket", "service", "event", "at"}
    assert "Enok" not in str(heard)


def test_what_the_partner_does_not_take_waits_for_the_next_time(deliver: Callable[..., int]) -> None:
    def unreachable(_content: dict[str, str]) -> None:
        raise OSError("nobody answers")

    with pytest.raises(OSError, match="nobody answers"):
        deliver(unreachable)
    assert deliver(lambda _content: None) == 1


def test_the_village_sees_what_waits(deliver: Callable[..., int], sign_in: SignInAs) -> None:
    page = f"/{VILLAGE}/newplugin/"
    assert "menunggu" in sign_in("village_staff").get(page).text
    deliver(lambda _content: None)
    assert "terkirim" in sign_in("village_staff").get(page).text
