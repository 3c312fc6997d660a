"""What the modules of a village have to say about a month: their parts of its report, and of a meeting's agenda."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from core.areas.current import CurrentArea
from core.platform import platform
from core.plugins.dispatch import Failed
from core.texts import Text

from .figures import Figure

MOST_SECTIONS, MOST_LINES = 10, 200


@dataclass(frozen=True, kw_only=True)
class MeetingPoint:
    """Something that the monthly meeting should talk about: what it is, in one line, and the page that tells more.

    Attributes:
        endpoint, values: of that page, as for ``url_for``; blank when there is none.
    """

    title: Text
    text: Text
    endpoint: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ReportSection:
    """A module's part of the report of a village and month: counts, and never a resident.

    Attributes:
        name: the plugin's, or "<plugin>.<part>" where it has several.
        failed: the module could not answer; its figures are missing, which whoever reads the report is told.
    """

    name: str
    title: Text
    figures: Sequence[Figure] = ()
    points: Sequence[MeetingPoint] = ()
    failed: bool = False


class WrongAnswer(TypeError):
    """What a plugin answered is no list of sections."""


def report_of(area: CurrentArea, month: date) -> list[ReportSection]:
    """Of all modules that are on in the village ``area``, by their names, texts put into words.

    Args:
        month: its first day.
    """
    answers = platform().hooks_for(area.enabled).collect("report_sections", prepare=_checked, area=area, month=month)
    found: list[ReportSection] = []
    for plugin, answer in answers:
        found += [_missing(plugin)] if isinstance(answer, Failed) else answer
    return found


def figures_of(sections: Iterable[ReportSection]) -> dict[str, Figure]:
    """All their figures by key."""
    return {figure.key: figure for section in sections for figure in section.figures}


def _missing(plugin: str) -> ReportSection:
    return ReportSection(name=plugin, title=str(platform().plugins.plugins[plugin].title), failed=True)


def _checked(answer: Any) -> list[ReportSection]:
    """Raises: WrongAnswer: something else than sections, or more than a report has room for."""
    if not isinstance(answer, list | tuple) or not all(isinstance(item, ReportSection) for item in answer):
        raise WrongAnswer("must be a list of ReportSection objects")
    lines = sum(len(section.figures) + len(section.points) for section in answer)
    if len(answer) > MOST_SECTIONS or lines > MOST_LINES:
        raise WrongAnswer(f"{len(answer)} sections with {lines} lines are more than a report has room for")
    return [_in_words(section) for section in answer]


def _in_words(section: ReportSection) -> ReportSection:
    """A text that cannot be put together is the plugin's fault, and found here."""
    return replace(
        section,
        title=str(section.title),
        figures=[replace(figure, title=str(figure.title)) for figure in section.figures],
        points=[replace(point, title=str(point.title), text=str(point.text)) for point in section.points],
    )
