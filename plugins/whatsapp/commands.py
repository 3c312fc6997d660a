"""Messages at the terminal: sending what waits where no worker runs, and a village's figures."""

from datetime import datetime

import click
from sqlalchemy import select

from core.api import AREA_CODE, VILLAGE_CODE, AreaCode, db, find_areas, gettext, scope, today

from .models import WhatsAppMessage
from .outbox import send_waiting
from .report import bounds_of, counts_by_village, figures, total
from .words import STATES


@click.command("send-waiting")
@click.argument("area", metavar="WILAYAH", type=AREA_CODE)
def send_all(area: AreaCode) -> None:
    """Kirim sekarang pesan yang waktunya sudah tiba di sebuah kabupaten, kecamatan, atau desa."""
    with scope(area):
        villages = _villages(area)
    for village_id in villages:
        code = AreaCode.from_id(village_id)
        with scope(code):
            done = send_waiting(village_id)
        words = ", ".join(f"{count} {STATES.get(state, state)}" for state, count in sorted(done.items()))
        click.echo(f"{code}  {words or gettext('tidak ada yang menunggu')}")
    click.echo(gettext("%(n)s desa", n=len(villages)))


def _villages(area: AreaCode) -> list[int]:
    query = select(WhatsAppMessage.village_id).where(
        WhatsAppMessage.village_id.between(area.id, area.hi), WhatsAppMessage.state.in_(("waiting", "sending"))
    )
    return list(db.session.scalars(query.distinct().order_by(WhatsAppMessage.village_id)))


@click.command("report")
@click.argument("village", metavar="DESA", type=VILLAGE_CODE)
@click.option("--month", type=click.DateTime(["%Y-%m"]), help="Bulan seperti 2026-11; tanpa ini bulan berjalan.")
def report(village: AreaCode, month: datetime | None) -> None:
    """Pesan terkirim, sampai, dan gagal dalam satu bulan, tanpa nomor dan nama."""
    (area,) = find_areas([village.id])
    day = month.date() if month else today(area.timezone)
    with scope(village):
        counts = total(counts_by_village(village, *bounds_of(day, area.timezone)))
    for figure in figures(counts):
        click.echo(f"{figure.title}: {figure.shown}")
    click.echo(gettext("Tidak pasti: %(n)s", n=counts.unclear))
