"""The scorecard of a month as an Excel file: one line an indicator, raw counts beside what may be told."""

from collections.abc import Mapping
from io import BytesIO
from uuid import UUID

from core.api import SheetCell, SheetColumn, SheetPage, excel_file, gettext

from .scorecard.board import Board
from .scorecard.indicators import Amounts, indicators_in
from .words import COMPONENTS


def scorecard_sheet(board: Board, titles: Mapping[UUID, str]) -> BytesIO:
    """Two sheets: the village, and each of its partners."""
    partners = [
        (titles.get(partner_id, "–"), *line) for partner_id, own in board.partners.items() for line in _lines(own)
    ]
    partners.sort(key=lambda line: str(line[0]).lower())
    columns = [
        SheetColumn(gettext("Komponen"), 16),
        SheetColumn(gettext("Indikator"), 44),
        SheetColumn(gettext("Nilai"), 14),
        SheetColumn(gettext("Jumlah"), 12),
        SheetColumn(gettext("Dari"), 12),
    ]
    return excel_file(
        SheetPage(gettext("Desa"), columns, _lines(board.village)),
        SheetPage(gettext("Mitra"), [SheetColumn(gettext("Mitra"), 36), *columns], partners),
    )


def _lines(figures: Mapping[str, Amounts]) -> list[tuple[SheetCell, ...]]:
    """A median or mean of fewer than five is told nowhere, and so neither is its sum."""
    lines: list[tuple[SheetCell, ...]] = []
    for indicator in indicators_in(figures):
        timed = indicator.kind.unit in ("median_days", "mean_days")
        amount = None if timed else indicator.amount
        component = str(COMPONENTS[indicator.kind.component])
        lines.append((component, str(indicator.kind.title), indicator.shown, _plain(amount), _plain(indicator.of)))
    return lines


def _plain(value: float | None) -> SheetCell:
    return None if value is None else int(value) if value == int(value) else value
