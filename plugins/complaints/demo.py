"""What the demonstration shows of complaints: one of each way in which one can stand. All made up."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select, update

from core.api import Area, commit, db, today

from .handling import Hand, answer, extend, forward, write_note
from .intake import Said, Teller, receive
from .models import Complaint, Entry
from .reporter_side import rate, reopen

ASEP = Teller("Asep Contoh", "0812-0000-0001")
NENG = Teller("Neng Contoh", "0812-0000-0002")


@dataclass(frozen=True)
class Told:
    """A complaint received ``ago`` days before today."""

    ago: int
    sector: str
    kind: str
    text: str
    teller: Teller | None = None
    channel: str = "web"
    about: str = "service"
    confidential: bool = False


COMPLAINTS = (
    Told(0, "health", "no_inspection", "Posyandu Melati belum ada timbangan sejak bulan lalu."),
    Told(1, "civil_registry", "information", "Berapa lama mengurus KK baru setelah pindah?", ASEP),
    Told(2, "food", "no_inspection", "Beras bantuan yang kami terima berkutu dan bau.", NENG, confidential=True),
    Told(6, "housing", "no_inspection", "Jalan gang RT 03 becek, lansia sulit ke masjid.", ASEP, "desk"),
    Told(9, "socio_economic", "inspection", "Tetangga yang mampu dapat bantuan, yang miskin tidak.", channel="box"),
    Told(4, "socio_economic", "no_inspection", "Petugas di meja berbicara kasar.", NENG, "phone", "centre"),
    Told(20, "education", "information", "Kapan dana PIP cair untuk SD?", NENG, "desk"),
    Told(12, "energy", "no_inspection", "Lampu jalan di RW 05 mati.", ASEP),
    Told(30, "health", "suggestion", "Terima kasih, ambulans desa cepat datang.", ASEP, "desk"),
)


def fill(area: Area) -> None:
    """Nothing where there are complaints already."""
    if db.session.scalar(select(Complaint.id).where(Complaint.village_id == area.id).limit(1)) is not None:
        return
    day = today(area.timezone)
    made = [_receive(area, told, day - timedelta(days=told.ago)) for told in COMPLAINTS]
    _fresh, question, rice, lane, unfair, _rude, money, lamp, praise = made
    _do(rice, 1, lambda c, hand: answer(c, "Kami periksa karungnya bersama pendamping.", "", hand), day)
    _do(rice, 0, lambda c, hand: write_note(c, "Bulog diminta mengganti tiga karung.", hand), day)
    _do(unfair, 7, lambda c, hand: answer(c, "Kami cek datanya bersama Dinas Sosial.", "", hand), day)
    _do(unfair, 6, lambda c, hand: forward(c, "Dinas Sosial Kabupaten Bogor", "Cek desil.", None, hand), day)
    _do(lane, 1, lambda c, hand: extend(c, day + timedelta(days=20), "Menunggu musyawarah dusun.", hand), day)
    _do(question, 0, lambda c, hand: answer(c, "Satu hari kerja, bawa surat pindah.", "explained", hand), day)
    _do(money, 17, lambda c, hand: answer(c, "Jadwalnya di bank; kami kabari.", "explained", hand), day)
    _do(lamp, 8, lambda c, hand: answer(c, "Lampunya sudah diganti.", "settled", hand), day)
    _do(lamp, 2, lambda c, hand: reopen(c, "Sudah mati lagi sejak kemarin malam.", hand.today), day)
    _do(praise, 28, lambda c, hand: answer(c, "Terima kasih kembali.", "explained", hand), day)
    _do(praise, 27, lambda c, hand: rate(c, "solved", hand.today), day)
    commit()


def _receive(area: Area, told: Told, day: date) -> Complaint:
    said = Said(
        told.sector, told.kind, told.channel, f"{told.text} (contoh)", told.about, confidential=told.confidential
    )
    complaint = receive(area, said, told.teller, day, by=None).complaint
    _stamp(complaint, day)
    return complaint


def _do(complaint: Complaint, ago: int, act: Callable[[Complaint, Hand], object], day: date) -> None:
    on = day - timedelta(days=ago)
    act(complaint, Hand(None, on))
    _stamp(complaint, on)


def _stamp(complaint: Complaint, day: date) -> None:
    """The line just written happened on that day, at ten in the morning of western Indonesia."""
    db.session.flush()
    newest = (
        select(Entry.id)
        .where(Entry.village_id == complaint.village_id, Entry.complaint_id == complaint.id)
        .order_by(Entry.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    at = datetime.combine(day, time(3), UTC)
    db.session.execute(update(Entry).where(Entry.village_id == complaint.village_id, Entry.id == newest).values(at=at))
