"""The list of cases at the terminal: the twin of the page's download."""

from pathlib import Path

import click

from core.api import VILLAGE_CODE, AreaCode, commit, record, scope

from .listing import all_lines
from .sheet import case_sheet


@click.command("cases")
@click.argument("village", metavar="DESA", type=VILLAGE_CODE)
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
def write_cases(village: AreaCode, file: Path) -> None:
    """Write a village's ATENSI cases to an Excel file. The command line sees restricted cases; it is recorded."""
    with scope(village):
        lines = all_lines(village.id)
        file.write_bytes(case_sheet(lines).getvalue())
        record("atensi.list_downloaded", "area", str(village), cases=len(lines))
        commit()
    click.echo(f"{len(lines)} kasus → {file}")
