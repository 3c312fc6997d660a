"""The scorecard at the terminal."""

from collections.abc import Mapping
from pathlib import Path

import click

from core.api import VILLAGE_CODE, AreaCode, commit, find_areas, gettext, record, scope, today

from . import partners
from .scorecard.board import Board, board_of
from .scorecard.indicators import Amounts, indicators_in
from .scorecard.months import month_of, read_month
from .sheet import scorecard_sheet
from .words import COMPONENTS


@click.command("scorecard")
@click.argument("village", metavar="DESA", type=VILLAGE_CODE)
@click.option("--month", "wanted", metavar="TTTT-BB", help="Bulan, misalnya 2026-11; tanpa ini bulan berjalan.")
@click.option("--xlsx", type=click.Path(dir_okay=False, path_type=Path), help="Tulis juga sebagai berkas Excel.")
def scorecard(village: AreaCode, wanted: str | None, xlsx: Path | None) -> None:
    """Rapor kemitraan sebuah desa: empat komponen, angka desa dan tiap mitra."""
    area = next(iter(find_areas([village.id])), None)
    if area is None:
        raise click.UsageError(gettext("Desa ini belum dilayani."))
    month = read_month(wanted, area.timezone) if wanted else month_of(today(area.timezone), area.timezone)
    if month is None:
        raise click.UsageError(gettext("Tulis bulannya seperti 2026-11."))
    with scope(village):
        board = board_of(area, month)
        titles = {key: row.title for key, row in partners.all_of(village.id).items()}
        _tell(area.title, board.village)
        for partner_id, title in titles.items():
            if partner_id in board.partners:
                _tell(title, board.partners[partner_id])
        if xlsx:
            xlsx.write_bytes(scorecard_sheet(board, titles).getvalue())
            record("partnership.scorecard_downloaded", "partnership_scorecard", str(month))
            commit()
    _tell_when(board)


def _tell(title: str, figures: Mapping[str, Amounts]) -> None:
    click.echo(title)
    for indicator in indicators_in(figures):
        component = COMPONENTS[indicator.kind.component]
        click.echo(
            f"  {component!s:<13} {indicator.kind.title!s:<46} {indicator.shown:>10}  {indicator.counts}".rstrip()
        )


def _tell_when(board: Board) -> None:
    if board.kept_at:
        click.echo(gettext("Ditetapkan %(at)s", at=f"{board.kept_at:%d-%m-%Y %H.%M} UTC"))
    else:
        click.echo(gettext("Dihitung sekarang; belum ditetapkan"))
