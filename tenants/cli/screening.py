"""`puskesos screening`: who in a village may be entitled to what and never asked for it."""

import click

from core.areas.code import AreaCode
from core.areas.current import CurrentArea
from core.cases.catalogue import offered
from core.database.session import scope
from core.village_screening.lists import all_findings, counts_of
from core.village_screening.runs import latest_run, screen_now, shown_run
from core.village_screening.sheet import cells, headers
from tenants.running import application

from .parameters import AREA, provisioned
from .problems import Problem
from .table import print_table


@click.group("screening", help="Memeriksa semua warga satu desa terhadap semua layanan yang menyala.")
def screening() -> None:
    pass


@screening.command("run", help="Menapis desa sekarang, lalu mencetak hasilnya per layanan.")
@click.argument("code", metavar="DESA", type=AREA)
def run(code: AreaCode) -> None:
    with application():
        area = _village(code)
        with scope(area):
            going = latest_run(area.id)
            if going is not None and going.is_running:
                raise Problem("Penapisan desa ini sudah menunggu atau sedang berjalan. Lihat hasilnya nanti.")
            with click.progressbar(length=100, label="Memeriksa") as bar:
                screen_now(area, lambda done, total: bar.update(max(0, 100 * done // max(total, 1) - bar.pos)))
            _print_counts(area)


@screening.command("show", help="Mencetak hasil terakhir: per layanan, atau warga dari satu layanan.")
@click.argument("code", metavar="DESA", type=AREA)
@click.option("--service", "name", metavar="LAYANAN", help="Misalnya pkh.proposal.")
@click.option("--unknown", is_flag=True, help="Yang syaratnya masih perlu dicek, bukan yang sudah terpenuhi.")
def show(code: AreaCode, name: str | None, unknown: bool) -> None:
    with application():
        area = _village(code)
        with scope(area):
            if name is None:
                _print_counts(area)
                return
            service, done = offered(area).get(name), shown_run(area.id)
            if service is None:
                raise Problem(f"Layanan {name} tidak menyala di desa ini. Ada: {', '.join(sorted(offered(area)))}.")
            if done is None:
                raise Problem(NOT_YET)
            rows = [cells(row, service) for row in all_findings(done, service, sure=not unknown)]
            print_table(headers(), rows)


def _village(code: AreaCode) -> CurrentArea:
    area = provisioned(code)
    if not area.is_village:
        raise click.BadParameter(f"{code} bukan kode desa. Tulis seperti 32.01.15.2008.", param_hint="DESA")
    return area


NOT_YET = "Desa ini belum pernah ditapis. Jalankan: puskesos screening run DESA."


def _print_counts(area: CurrentArea) -> None:
    done = shown_run(area.id)
    if done is None:
        raise Problem(NOT_YET)
    click.echo(f"{done.residents} warga, aturan per {done.judged_on:%d-%m-%Y}")
    print_table(
        ("layanan", "terpenuhi", "perlu dicek", "tidak", "sudah mengajukan"),
        [
            (row.service.name, "gagal", "", "", "")
            if row.failed
            else (row.service.name, str(row.met), str(row.unknown), str(row.unmet), str(row.asked))
            for row in counts_of(done, offered(area))
        ],
    )
