"""The marks of a period as an Excel sheet, as the regulation has them worked out: nothing in it is about a person."""

from collections.abc import Sequence
from io import BytesIO

from core.api import SheetCell, SheetColumn, SheetPage, excel_file, gettext

from .ikm import Marks
from .report import Report
from .words import ELEMENT_TITLES, GRADES, element_title


def sheet(report: Report, answers: Sequence[Sequence[int]]) -> BytesIO:
    """Two sheets: the elements with the index, and one line a respondent, in an order that tells nothing.

    Both are blank where the period still runs or has too few respondents.
    """
    shown = answers if report.result else []
    marks = Marks(len(shown), [sum(column) for column in zip(*shown, strict=True)]) if shown else Marks()
    return excel_file(
        SheetPage(report.period.title, _element_columns(), _elements(report, marks), note=_note(report)),
        SheetPage(gettext("Nilai tiap penilai"), _answer_columns(), _lines(shown), note=_why_blank(report)),
    )


def _elements(report: Report, marks: Marks) -> list[Sequence[SheetCell]]:
    result = report.result
    if result is None:
        return [(element_title(number), None, None, None) for number in range(1, 10)]
    rows = zip(range(1, 10), marks.sums, result.means, strict=True)
    lines: list[Sequence[SheetCell]] = [
        (element_title(number), total, float(mean), float(mean / 9)) for number, total, mean in rows
    ]
    return [*lines, (gettext("IKM"), None, None, float(result.index))]


def _note(report: Report) -> str:
    told = gettext(
        "%(n)s penilai; %(population)s kasus selesai; sampel minimal %(needed)s.",
        n=report.n,
        population=report.population,
        needed=report.needed,
    )
    if report.result is None:
        return f"{told} {_why_blank(report)}"
    grade = gettext("Mutu %(grade)s: %(words)s.", grade=report.result.grade, words=GRADES[report.result.grade])
    return f"{told} {grade}"


def _why_blank(report: Report) -> str:
    if not report.ended:
        return gettext("Hasilnya dibuka sesudah periode selesai.")
    if report.result is None:
        return gettext("Nilai dari kurang dari %(n)s penilai tidak ditampilkan.", n=report.small)
    return ""


def _lines(answers: Sequence[Sequence[int]]) -> list[Sequence[SheetCell]]:
    return [(place, *marks) for place, marks in enumerate(answers, start=1)]


def _element_columns() -> Sequence[SheetColumn]:
    return [
        SheetColumn(gettext("Unsur"), 46),
        SheetColumn(gettext("Jumlah nilai"), 14),
        SheetColumn("NRR", 10),
        SheetColumn(gettext("NRR tertimbang (1/9); IKM = jumlahnya × 25"), 44),
    ]


def _answer_columns() -> Sequence[SheetColumn]:
    return [
        SheetColumn(gettext("Nomor"), 8),
        *(SheetColumn(f"U{number} {title}", 16) for number, title in enumerate(ELEMENT_TITLES, start=1)),
    ]
