"""Only a village's own plugins are asked; one that fails leaves the others, and the page, alone."""

import importlib.metadata
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from types import ModuleType
from typing import Any

import pytest
from wtforms import Form

from core.cases.errors import CaseError
from core.cases.service import Service, ServiceStandard
from core.cases.workflow import village_decision
from core.hookspecs import HOOKS, HookKind, hookimpl
from core.plugins.dispatch import DecisionFailed, Failed, Objection, WorkLost
from core.plugins.health import FAILURE_WINDOW_SECONDS, MAX_FAILURES, SUSPENSION_SECONDS, Guards, Memory, PluginHealth
from core.plugins.manifest import Plugin
from core.plugins.prepared import VILLAGE_KINDS, HookManager
from core.plugins.registry import ENTRY_POINT_GROUP, PluginRegistry, load_plugins

Install = Callable[..., PluginRegistry]


@dataclass
class FakeArea:
    id: int


@dataclass
class FakeCase:
    village_id: int


AREA = FakeArea(3201152008)
CASE = FakeCase(3201152008)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def menu(answer: Any) -> Callable[..., Any]:
    return lambda: answer


def only_for_pages(guard: Callable[[Callable[[], Any], object], Any]) -> Guards:
    def never(*_arguments: Any) -> None:
        raise AssertionError("a page is asked for")

    return Guards(page=guard, decision=never, duty=never, event=never, own_page=never, piece=never)


def failing_menu(area: Any) -> Any:
    raise RuntimeError(f"broken on purpose in {area}")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Install:
    """Load plugins made of functions: ``install(pip={"menu_items": function})``."""

    def install(
        *, requires: dict[str, tuple[str, ...]] | None = None, recover: Any = None, **plugins: dict[str, Any]
    ) -> PluginRegistry:
        entry_points = []
        for name, hooks in plugins.items():
            module = ModuleType(f"fake_{name}")
            needed = (requires or {}).get(name, ())
            vars(module)["plugin"] = Plugin(name=name, title=name, summary="-", version="1", api="1", requires=needed)
            for hook, function in hooks.items():
                vars(module)[hook] = function if hasattr(function, "puskesos_impl") else hookimpl(function)
            monkeypatch.setitem(sys.modules, module.__name__, module)
            entry_points.append(importlib.metadata.EntryPoint(name, module.__name__, ENTRY_POINT_GROUP))
        health = PluginHealth(clock=clock, recover=recover)
        return load_plugins(strict=True, disabled=frozenset(), entry_points=entry_points, health=health)

    return install


def service(name: str) -> Service:
    return Service(
        name=name,
        title="Layanan",
        form=Form,
        workflow=village_decision(time_days=1, letter=None),
        standard=ServiceStandard(time_days=1, product="Surat"),
    )


# ---- who is asked ----


def test_a_plugin_that_is_off_in_the_village_is_never_called(install: Install) -> None:
    called: list[str] = []

    def recorder(hook: str) -> Callable[..., Any]:
        return lambda: called.append(hook)

    village_hooks = [h for h, kind in HOOKS.items() if kind in VILLAGE_KINDS and kind is not HookKind.DUTY]
    registry = install(pip={hook: recorder(hook) for hook in village_hooks}, sktm={})

    def ask_everything(enabled: set[str]) -> None:
        hooks = registry.hooks_for(enabled)
        hooks.collect("menu_items", area=AREA)
        hooks.collect("dashboard_cards", area=AREA, user=None)
        hooks.collect("overview_cards", area=AREA)
        hooks.collect("case_panels", case=CASE)
        hooks.collect("person_panels", person=CASE)
        hooks.collect("public_links", area=AREA)
        hooks.collect("search_results", area=AREA, words="siti")
        hooks.collect("aid_received", area=AREA, people=frozenset(), households=frozenset())
        hooks.collect("report_sections", area=AREA, month=None)
        hooks.decide("case_transition_allowed", case=CASE, transition=None)
        for event in ("case_opened", "case_changed", "case_closed"):
            hooks.emit(event, case=CASE)
        for event in ("village_enabled", "village_disabled"):
            hooks.emit(event, areas=[AREA])
        hooks.emit("referral_changed", referral=CASE)
        hooks.emit("notify", notice=CASE)
        hooks.emit("demo_filled", area=AREA, permissions=frozenset())

    ask_everything({"sktm"})
    assert called == []
    ask_everything({"sktm", "pip"})
    assert sorted(called) == sorted(village_hooks)


def test_a_duty_is_every_loaded_plugins_wherever_it_is_on(install: Install) -> None:
    registry = install(pip={"personal_data_export": lambda: {"catatan": "ada"}}, sktm={})
    assert registry.hooks_of_all().fulfil("personal_data_export", person=CASE) == [("pip", {"catatan": "ada"})]


@pytest.mark.parametrize("answer", ["a text", 7])
def test_a_duty_that_answers_nonsense_is_not_done(install: Install, answer: object) -> None:
    registry = install(pip={"personal_data_export": lambda: answer})
    with pytest.raises(DecisionFailed, match="pip"):
        registry.hooks_of_all().fulfil("personal_data_export", person=CASE)


def test_a_name_that_is_not_installed_is_ignored(install: Install) -> None:
    registry = install(pip={"menu_items": menu(["Beranda"])})
    hooks = registry.hooks_for({"pip", "gone_with_its_wheel"})
    assert hooks.plugins == {"pip"}
    assert hooks.collect("menu_items", area=AREA) == [("pip", ["Beranda"])]


def test_a_plugin_runs_only_where_what_it_requires_runs(install: Install) -> None:
    registry = install(display={}, pantry={}, speaker={}, requires={"display": ("pantry",), "speaker": ("display",)})
    assert registry.hooks_for({"display", "speaker"}).plugins == frozenset()
    assert registry.hooks_for({"display", "speaker", "pantry"}).plugins == {"display", "speaker", "pantry"}


def test_hooks_are_kept_per_set_and_not_per_village(install: Install) -> None:
    registry = install(pip={}, sktm={})
    first = registry.hooks_for(frozenset({"pip"}))
    assert registry.hooks_for({"pip"}) is first
    assert registry.hooks_for({"pip", "gone_with_its_wheel"}) is first
    assert registry.hooks_for({"pip", "sktm"}) is not first


def test_one_more_set_of_plugins_needs_no_further_manager(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"plugin{number}" for number in range(10)]
    registry = install(**{name: {"menu_items": menu(name)} for name in names})

    def never(_self: HookManager) -> None:
        raise AssertionError("putting one together takes milliseconds, for each set of each process")

    monkeypatch.setattr(HookManager, "__init__", never)
    for left_out in names:
        present = [name for name in names if name != left_out]
        assert registry.hooks_for(present).collect("menu_items", area=AREA) == [(name, name) for name in present]


@pytest.mark.parametrize("hook", ["menu_items", "dashboard_cards"])
def test_what_is_picked_out_for_a_set_comes_in_the_order_of_a_manager_of_its_own(install: Install, hook: str) -> None:
    """For every set of plugins that come first, last, and in between."""
    wishes = [{}, {"tryfirst": True}, {"trylast": True}] * 2
    names = ["pkh", "blt", "sktm", "bpnt", "pip", "kis"]
    registry = install(**{name: {hook: hookimpl(**wish)(menu(name))} for name, wish in zip(names, wishes, strict=True)})
    arguments = {"menu_items": {"area": AREA}, "dashboard_cards": {"area": AREA, "user": None}}[hook]
    for size in range(1, len(names) + 1):
        for chosen in combinations(names, size):
            manager = HookManager()
            for name in sorted(chosen, reverse=True):
                manager.register(registry.loaded(name).module, name=name)
            answers = registry.hooks_for(chosen).collect(hook, **arguments)
            assert [answer for _plugin, answer in answers] == getattr(manager.hook, hook)(**arguments)


def test_services_are_those_of_the_set(install: Install) -> None:
    registry = install(
        pip={"services": lambda: [service("pip.school")]}, sktm={"services": lambda: [service("sktm.letter")]}
    )
    assert list(registry.hooks_for({"pip"}).services) == ["pip.school"]
    assert registry.hooks_for({"pip"}).services["pip.school"] is registry.all_services["pip.school"]
    assert list(registry.hooks_for({"pip", "sktm"}).services) == ["pip.school", "sktm.letter"]


# ---- display ----


def test_answers_come_in_the_order_of_the_names_and_none_is_left_out(install: Install) -> None:
    registry = install(
        sktm={"menu_items": menu(["c"])}, blt={"menu_items": menu(["a"])}, pip={"menu_items": menu(None)}, pantry={}
    )
    hooks = registry.hooks_for({"sktm", "blt", "pip", "pantry"})
    assert hooks.collect("menu_items", area=AREA) == [("blt", ["a"]), ("sktm", ["c"])]


def test_a_plugin_may_ask_to_come_first_or_last(install: Install) -> None:
    registry = install(
        blt={"menu_items": hookimpl(trylast=True)(menu("last"))},
        pip={"menu_items": menu("middle")},
        sktm={"menu_items": hookimpl(tryfirst=True)(menu("first"))},
    )
    answers = registry.hooks_for({"blt", "pip", "sktm"}).collect("menu_items", area=AREA)
    assert [answer for _, answer in answers] == ["first", "middle", "last"]


def test_a_hook_gets_the_arguments_that_it_names(install: Install) -> None:
    def dashboard_cards(user: str, area: FakeArea) -> list[str]:
        return [f"{user} {area.id}"]

    registry = install(pip={"dashboard_cards": dashboard_cards}, sktm={"dashboard_cards": lambda: ["no argument"]})
    answers = registry.hooks_for({"pip", "sktm"}).collect("dashboard_cards", area=AREA, user="siti")
    assert answers == [("pip", ["siti 3201152008"]), ("sktm", ["no argument"])]


def test_a_plugin_that_fails_leaves_a_mark_and_the_others_alone(install: Install) -> None:
    registry = install(blt={"menu_items": menu("a")}, pip={"menu_items": failing_menu}, sktm={"menu_items": menu("c")})
    answers = registry.hooks_for({"blt", "pip", "sktm"}).collect("menu_items", area=AREA)
    assert answers == [("blt", "a"), ("pip", Failed("pip", "menu_items")), ("sktm", "c")]


def test_a_generator_that_fails_half_way_is_isolated_too(install: Install) -> None:
    def menu_items(area: FakeArea) -> Any:
        yield "first"
        raise RuntimeError("broken on purpose")

    registry = install(pip={"menu_items": menu_items})
    assert registry.hooks_for({"pip"}).collect("menu_items", area=AREA) == [("pip", Failed("pip", "menu_items"))]


def test_what_a_page_makes_of_an_answer_is_isolated_too(install: Install) -> None:
    registry = install(
        blt={"menu_items": menu("a")}, pip={"menu_items": menu(7)}, pantry={"menu_items": menu(None)}, sktm={}
    )
    answers = registry.hooks_for({"blt", "pip", "pantry"}).collect("menu_items", prepare=str.upper, area=AREA)
    assert answers == [("blt", "A"), ("pip", Failed("pip", "menu_items"))]


def test_a_page_that_goes_through_all_answers_survives_a_failure(install: Install) -> None:
    registry = install(blt={"menu_items": menu(["a", "b"])}, pip={"menu_items": failing_menu})
    answers = registry.hooks_for({"blt", "pip"}).collect("menu_items", area=AREA)
    assert [entry for _, entries in answers for entry in entries or ()] == ["a", "b"]


def test_a_failure_is_logged_with_plugin_hook_and_area(install: Install, caplog: pytest.LogCaptureFixture) -> None:
    registry = install(pip={"menu_items": failing_menu, "case_panels": lambda: 1 / 0})
    registry.hooks_for({"pip"}).collect("menu_items", area=AREA)
    registry.hooks_for({"pip"}).collect("case_panels", case=CASE)
    assert [vars(r)["hook"] for r in caplog.records] == ["menu_items", "case_panels"]
    for record in caplog.records:
        assert record.name == "puskesos.plugins"
        assert record.levelno == logging.ERROR
        assert (vars(record)["plugin"], vars(record)["area"]) == ("pip", 3201152008)
        assert record.exc_info


def test_an_area_that_cannot_be_read_any_more_does_not_break_the_page(install: Install) -> None:
    class Detached:
        @property
        def id(self) -> int:
            raise RuntimeError("the session is gone")

    registry = install(pip={"menu_items": failing_menu})
    answers = registry.hooks_for({"pip"}).collect("menu_items", area=Detached())
    assert answers == [("pip", Failed("pip", "menu_items"))]


def test_core_recovers_after_each_failure_before_the_next_plugin_is_asked(install: Install) -> None:
    order: list[str] = []
    registry = install(
        blt={"menu_items": failing_menu},
        pip={"menu_items": lambda: order.append("pip")},
        recover=lambda: order.append("recovered"),
    )
    registry.hooks_for({"blt", "pip"}).collect("menu_items", area=AREA)
    assert order == ["recovered", "pip"]


def test_what_a_plugin_leaves_unusable_counts_as_its_failure_whatever_it_answers(install: Install) -> None:
    """As a transaction that it broke and went on: it answers in peace, and the page would fail after it."""
    registry = install(
        blt={"menu_items": menu(["a"])}, pip={"menu_items": menu(None)}, sktm={"menu_items": menu(["c"])}
    )
    left = iter([None, "broken", None])

    def guard(ask: Callable[[], Any], _on_stuck: object) -> Any:
        answer = ask()
        if next(left):
            raise RuntimeError("left broken")
        return answer

    registry.health.equip(lambda: None, only_for_pages(guard), Memory())
    answers = registry.hooks_for({"blt", "pip", "sktm"}).collect("menu_items", area=AREA)
    assert answers == [("blt", ["a"]), ("pip", Failed("pip", "menu_items")), ("sktm", ["c"])]


def test_when_the_pages_own_work_is_lost_the_page_does_not_go_on(install: Install) -> None:
    def guard(_ask: Callable[[], Any], _on_stuck: object) -> Any:
        raise WorkLost("rolled back")

    registry = install(pip={"menu_items": menu(["a"])})
    registry.health.equip(lambda: None, only_for_pages(guard), Memory())
    with pytest.raises(WorkLost):
        registry.hooks_for({"pip"}).collect("menu_items", area=AREA)


# ---- suspension ----


def test_a_plugin_that_keeps_failing_is_suspended_and_comes_back(install: Install, clock: Clock) -> None:
    registry = install(pip={"menu_items": failing_menu, "case_panels": lambda: "panel"})
    hooks = registry.hooks_for({"pip"})
    for _ in range(MAX_FAILURES - 1):
        hooks.collect("menu_items", area=AREA)
    assert registry.suspended() == ()
    assert hooks.collect("case_panels", case=CASE) == [("pip", "panel")]

    hooks.collect("menu_items", area=AREA)
    [suspension] = registry.suspended()
    assert (suspension.plugin, suspension.hook) == ("pip", "menu_items")
    assert suspension.seconds_left == SUSPENSION_SECONDS
    assert hooks.collect("case_panels", case=CASE) == [("pip", Failed("pip", "case_panels", suspended=True))]

    clock.now += SUSPENSION_SECONDS
    assert registry.suspended() == ()
    assert hooks.collect("case_panels", case=CASE) == [("pip", "panel")]


def test_a_suspended_plugin_is_not_called_in_any_village(install: Install) -> None:
    calls: list[int] = []

    def menu_items(area: FakeArea) -> Any:
        calls.append(area.id)
        raise RuntimeError("broken on purpose")

    registry = install(pip={"menu_items": menu_items}, sktm={})
    for _ in range(MAX_FAILURES + 3):
        registry.hooks_for({"pip"}).collect("menu_items", area=AREA)
    registry.hooks_for({"pip", "sktm"}).collect("menu_items", area=FakeArea(3201152010))
    assert calls == [AREA.id] * MAX_FAILURES


def test_after_a_suspension_the_count_starts_again(install: Install, clock: Clock) -> None:
    registry = install(pip={"menu_items": failing_menu})
    for _ in range(MAX_FAILURES):
        registry.hooks_for({"pip"}).collect("menu_items", area=AREA)
    clock.now += SUSPENSION_SECONDS
    registry.hooks_for({"pip"}).collect("menu_items", area=AREA)
    assert registry.suspended() == ()
    assert registry.failures() == {"pip": MAX_FAILURES + 1}


def test_failures_far_apart_do_not_suspend(install: Install, clock: Clock) -> None:
    registry = install(pip={"menu_items": failing_menu})
    for _ in range(3 * MAX_FAILURES):
        registry.hooks_for({"pip"}).collect("menu_items", area=AREA)
        clock.now += FAILURE_WINDOW_SECONDS / (MAX_FAILURES - 1) + 1
    assert registry.suspended() == ()
    assert registry.failures() == {"pip": 3 * MAX_FAILURES}


def test_one_plugins_failures_do_not_suspend_another(install: Install) -> None:
    registry = install(pip={"menu_items": failing_menu}, sktm={"menu_items": menu("c")})
    hooks = registry.hooks_for({"pip", "sktm"})
    for _ in range(MAX_FAILURES):
        hooks.collect("menu_items", area=AREA)
    assert hooks.collect("menu_items", area=AREA)[-1] == ("sktm", "c")


# ---- decisions ----


def test_objections_are_collected(install: Install) -> None:
    registry = install(
        blt={"case_transition_allowed": lambda transition: f"Musdes belum selesai ({transition})"},
        pip={"case_transition_allowed": lambda: None},
    )
    objections = registry.hooks_for({"blt", "pip"}).decide("case_transition_allowed", case=CASE, transition="approve")
    assert objections == [Objection("blt", "Musdes belum selesai (approve)")]


def test_a_decision_that_fails_is_no_yes(install: Install) -> None:
    def case_transition_allowed(case: Any) -> None:
        raise LookupError("the decision cannot be made")

    registry = install(pip={"case_transition_allowed": case_transition_allowed})
    with pytest.raises(DecisionFailed, match="plugin pip") as failed:
        registry.hooks_for({"pip"}).decide("case_transition_allowed", case=CASE, transition=None)
    assert isinstance(failed.value.__cause__, LookupError)
    assert registry.failures() == {"pip": 1}
    assert registry.suspended() == ()


def test_a_plugin_may_object_by_raising_what_the_clerk_can_read(install: Install) -> None:
    def case_transition_allowed() -> None:
        raise CaseError("Tunggu musdes.")

    registry = install(pip={"case_transition_allowed": case_transition_allowed})
    with pytest.raises(CaseError, match="Tunggu musdes"):
        registry.hooks_for({"pip"}).decide("case_transition_allowed", case=CASE, transition=None)
    assert registry.failures() == {}


@pytest.mark.parametrize("answer", [True, False, "", 0, []])
def test_a_decision_must_be_none_or_a_reason(install: Install, answer: Any) -> None:
    registry = install(pip={"case_transition_allowed": lambda: answer})
    with pytest.raises(DecisionFailed, match="plugin pip"):
        registry.hooks_for({"pip"}).decide("case_transition_allowed", case=CASE, transition=None)


def test_a_suspended_plugin_still_decides(install: Install) -> None:
    registry = install(pip={"menu_items": failing_menu, "case_transition_allowed": lambda: "Belum boleh"})
    hooks = registry.hooks_for({"pip"})
    for _ in range(MAX_FAILURES):
        hooks.collect("menu_items", area=AREA)
    assert hooks.decide("case_transition_allowed", case=CASE, transition=None) == [Objection("pip", "Belum boleh")]


# ---- events ----


def test_an_event_reaches_the_others_when_one_fails(install: Install, caplog: pytest.LogCaptureFixture) -> None:
    told: list[str] = []
    registry = install(
        blt={"case_opened": lambda: told.append("blt")},
        pip={"case_opened": lambda: 1 / 0},
        sktm={"case_opened": lambda: told.append("sktm")},
    )
    failed = registry.hooks_for({"blt", "pip", "sktm"}).emit("case_opened", case=CASE)
    assert told == ["blt", "sktm"]
    assert failed == [Failed("pip", "case_opened")]
    assert registry.failures() == {"pip": 1}
    assert "ZeroDivisionError" in caplog.text


def test_core_tidies_up_after_each_plugin_that_an_event_was_told_to(install: Install) -> None:
    order: list[str] = []
    registry = install(
        blt={"case_opened": lambda: order.append("blt")},
        pip={"case_opened": lambda: 1 / 0},
        sktm={"case_opened": lambda: order.append("sktm")},
        recover=lambda: order.append("tidied"),
    )
    registry.hooks_for({"blt", "pip", "sktm"}).emit("case_opened", case=CASE)
    assert order == ["blt", "tidied", "tidied", "sktm", "tidied"]


def test_an_event_can_be_for_some_plugins_only(install: Install) -> None:
    told: list[str] = []
    registry = install(
        blt={"village_enabled": lambda: told.append("blt")},
        pip={"village_enabled": lambda: told.append("pip")},
    )
    registry.hooks_for({"blt", "pip"}).emit("village_enabled", only=frozenset({"pip"}), areas=[AREA])
    assert told == ["pip"]


def test_events_neither_suspend_nor_are_suspended(install: Install) -> None:
    told: list[str] = []

    def case_closed(case: Any) -> None:
        told.append("closed")

    registry = install(pip={"case_opened": lambda: 1 / 0, "case_closed": case_closed, "menu_items": failing_menu})
    hooks = registry.hooks_for({"pip"})
    for _ in range(2 * MAX_FAILURES):
        hooks.emit("case_opened", case=CASE)
    assert registry.suspended() == ()
    for _ in range(MAX_FAILURES):
        hooks.collect("menu_items", area=AREA)
    hooks.emit("case_closed", case=CASE)
    assert told == ["closed"]


# ---- wrong calls are core's own fault, and no plugin's ----


def test_a_hook_can_only_be_called_as_what_it_is(install: Install) -> None:
    hooks = install(pip={}).hooks_for({"pip"})
    with pytest.raises(TypeError, match="display"):
        hooks.collect("case_transition_allowed", case=CASE, transition=None)
    with pytest.raises(TypeError, match="decision"):
        hooks.decide("menu_items", area=AREA)
    with pytest.raises(TypeError, match="event"):
        hooks.emit("menu_items", area=AREA)
    with pytest.raises(TypeError, match="display"):
        hooks.collect("blueprint")
    with pytest.raises(TypeError, match="menu_itemz"):
        hooks.collect("menu_itemz", area=AREA)


@pytest.mark.parametrize("arguments", [{}, {"area": AREA, "user": None}])
def test_a_call_with_wrong_arguments_is_not_counted_against_a_plugin(install: Install, arguments: Any) -> None:
    registry = install(pip={"menu_items": menu("a")})
    with pytest.raises(TypeError, match="takes the arguments"):
        registry.hooks_for({"pip"}).collect("menu_items", **arguments)
    assert registry.failures() == {}
