"""A month's figures of all modules: sums that add up, rates hidden where they are of few, and a module that fails."""

from datetime import date
from typing import Any

import pytest
from flask import Flask

from core.plugins.registry import PluginRegistry
from core.reports.figures import Figure, Unit, hidden_below
from core.reports.sections import MeetingPoint, ReportSection, figures_of, report_of
from core.testing import VILLAGE, at

MONTH = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("unit", "amount", "of", "shown"),
    [
        ("count", 1234, None, "1.234"),
        ("count", 0, None, "0"),
        ("share", 3, 4, "–"),
        ("share", 4, 5, "80,0 %"),
        ("share", 0, 0, "–"),
        ("minutes", 62, 5, "12,4 menit"),
        ("days", 12.5, 5, "2,5 hari"),
        ("points", 441.55, 5, "88,31"),
        ("rupiah", 1_500_000, None, "Rp1.500.000"),
    ],
)
def test_a_figure_is_shown_in_indonesian_and_a_rate_of_few_not_at_all(
    app: Flask, unit: Unit, amount: float, of: float | None, shown: str
) -> None:
    with app.test_request_context():
        text = Figure(key="alms.some", title="Sesuatu", amount=amount, of=of, unit=unit).shown
    assert text.replace("\xa0", " ") == shown


@pytest.mark.parametrize(("amount", "of", "rate"), [(4, 4, None), (4, 5, 0.8), (0, 5, 0), (0, 0, None)])
def test_a_rate_is_hidden_below_five(amount: float, of: float, rate: float | None) -> None:
    assert hidden_below(amount, of) == rate


def told(area: Any, month: date) -> list[ReportSection]:
    point = MeetingPoint(title="Antrean panjang", text=f"{area.name} {month:%m.%Y}")
    figure = Figure(key="sktm.letters", title="Surat", amount=7)
    return [ReportSection(name="sktm", title="SKTM", figures=[figure], points=[point])]


def report(app: Flask, monkeypatch: pytest.MonkeyPatch, **answers: Any) -> list[ReportSection]:
    """What the village's modules answer, each with a function of its own."""
    plugins: PluginRegistry = app.extensions["puskesos"].plugins
    with at(app, VILLAGE) as area, app.test_request_context():
        hooks = plugins.hooks_for(area.enabled)
        picked = hooks._implementations("case_panels")[:1]
        assert picked
        made = []
        for plugin, function in answers.items():
            implementation = type(picked[0])(plugins.loaded(plugin).module, plugin, function, {**picked[0].opts})
            made.append(implementation)
        monkeypatch.setitem(hooks._picked, "report_sections", tuple(made))
        return report_of(area, MONTH)


def test_the_sections_of_all_modules_come_with_their_texts(app: Flask, areas: None, monkeypatch: Any) -> None:
    [section] = report(app, monkeypatch, sktm=told)
    assert (section.title, section.points[0].text) == ("SKTM", "Cibadak 11.2026")
    assert figures_of([section])["sktm.letters"].amount == 7


def fails(area: Any, month: date) -> list[ReportSection]:
    raise RuntimeError("broken on purpose")


def nonsense(area: Any, month: date) -> Any:
    return ["Antrean"]


@pytest.mark.parametrize("wrong", [fails, nonsense])
def test_a_module_that_fails_is_named_and_the_others_answer(
    app: Flask, areas: None, monkeypatch: Any, wrong: Any
) -> None:
    broken, good = report(app, monkeypatch, pip=wrong, sktm=told)
    assert (broken.name, broken.failed, broken.figures) == ("pip", True, ())
    assert (good.name, good.failed) == ("sktm", False)
