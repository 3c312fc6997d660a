"""The questions, one after another: what is asked, and what may be answered. Nothing here computes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from core.api import Text
from core.api import lazy_gettext as _

Kind = Literal["choice", "choices", "number", "money", "day", "place", "kk", "nik", "line", "text"]
Options = Mapping[str, Text]

YES_NO: Options = {"yes": _("Ya"), "no": _("Tidak")}
CONDITION: Options = {"good": _("Baik"), "fair": _("Sedang"), "poor": _("Rusak")}


@dataclass(frozen=True, eq=False)
class Question:
    """One question.

    Attributes:
        key: under which the answer is kept; never another meaning in a later version.
        kind: how an answer is read: one code, several, a figure, rupiah, a day, coordinates, a No. KK or NIK, text.
        options: the codes of ``choice`` and ``choices``, with their words.
        unit: what a figure counts.
        asked: "must" keeps a survey from being finalised while it is blank, "should" is told as blank, "may" is not.
    """

    key: str
    title: Text
    kind: Kind = "choice"
    options: Options = field(default_factory=dict)
    hint: Text = ""
    unit: Text = ""
    asked: Literal["must", "should", "may"] = "should"


def visit() -> Iterator[Question]:
    yield Question("visited_on", _("Tanggal kunjungan"), "day", asked="must")
    found = {
        "yes": _("Ditemukan dan bersedia"),
        "away": _("Tidak ada di rumah"),
        "moved": _("Sudah pindah"),
        "refused": _("Menolak disurvei"),
        "unknown": _("Alamat atau keluarga tidak ditemukan"),
    }
    yield Question("found", _("Keluarga ini"), options=found, asked="must")
    kinship = {"no": _("Tidak ada hubungan keluarga"), "yes": _("Masih kerabat")}
    yield Question("kinship", _("Hubungan Anda dengan keluarga ini"), options=kinship, asked="must")
    yield Question(
        "respondent", _("Yang diwawancarai"), "line", hint=_("Nama lengkap, sebaiknya orang dewasa serumah.")
    )
    role = {
        "head": _("Kepala keluarga"),
        "spouse": _("Suami atau istri"),
        "member": _("Anggota keluarga lain"),
        "outside": _("Bukan anggota keluarga"),
    }
    yield Question("respondent_is", _("Kedudukannya"), options=role)
    hint = _("Lintang, bujur: dari tombol di bawah, atau ketik dari peta. Boleh kosong bila tidak ada sinyal.")
    yield Question("location", _("Titik lokasi rumah"), "place", hint=hint)
    yield Question("address", _("Alamat yang ditempati"), "line")
    yield Question("rt", "RT", "line")
    yield Question("rw", "RW", "line")
    hint = _("16 angka pada kartu keluarga; kosongkan bila kartunya tidak diperlihatkan.")
    yield Question("kk_number", _("No. KK"), "kk", hint=hint)


def gate() -> Iterator[Question]:
    yield Question("shelter", _("Punya tempat berteduh atau tinggal sehari-hari"), options=YES_NO, asked="must")
    yield Question("head_works", _("Kepala keluarga bekerja"), options=YES_NO)
    title = _("Setahun terakhir pernah khawatir tidak makan, atau pernah tidak makan")
    yield Question("food_worry", title, options=YES_NO)
    yield Question("clothing", _("Setahun terakhir ada pengeluaran untuk pakaian"), options=YES_NO)


def house() -> Iterator[Question]:
    tenure = {
        "own": _("Milik sendiri"),
        "rent": _("Sewa atau kontrak"),
        "free": _("Menumpang, bebas sewa"),
        "official": _("Rumah dinas"),
        "other": _("Lainnya"),
    }
    yield Question("tenure", _("Status rumah"), options=tenure)
    yield Question(
        "floor_area", _("Luas lantai"), "number", unit="m²", hint=_("Seluruh lantai rumah, ditaksir pun boleh.")
    )
    floor = {
        "ceramic": _("Keramik, marmer, atau granit"),
        "tile": _("Ubin, tegel, atau teraso"),
        "cement": _("Semen atau plester"),
        "wood_good": _("Kayu atau papan berkualitas baik"),
        "wood_poor": _("Kayu atau papan berkualitas rendah"),
        "bamboo": _("Bambu"),
        "earth": _("Tanah"),
    }
    yield Question("floor", _("Lantai terluas"), options=floor)
    yield Question("floor_state", _("Keadaan lantai"), options=CONDITION)
    wall = {
        "plastered": _("Tembok diplester"),
        "unplastered": _("Tembok tanpa plester"),
        "wood_good": _("Kayu atau papan berkualitas baik"),
        "wood_poor": _("Kayu atau papan berkualitas rendah"),
        "bamboo": _("Bambu"),
        "thatch": _("Rumbia"),
        "zinc": _("Seng"),
        "wire": _("Kawat"),
        "tarpaulin": _("Terpal"),
        "cardboard": _("Kardus"),
    }
    yield Question("wall", _("Dinding terluas"), options=wall)
    yield Question("wall_state", _("Keadaan dinding"), options=CONDITION)
    roof = {
        "concrete": _("Beton"),
        "tile": _("Genteng"),
        "zinc": _("Seng"),
        "asbestos": _("Asbes"),
        "wood": _("Kayu atau sirap"),
        "bamboo": _("Bambu"),
        "thatch": _("Rumbia, ijuk, atau jerami"),
    }
    yield Question("roof", _("Atap terluas"), options=roof)
    yield Question("roof_state", _("Keadaan atap"), options=CONDITION)
    toilet = {
        "own": _("Milik sendiri"),
        "shared": _("Bersama keluarga lain"),
        "public": _("MCK umum"),
        "none": _("Tidak ada"),
    }
    yield Question("toilet", _("Tempat buang air besar"), options=toilet)
    water = {
        "bottled": _("Air kemasan atau isi ulang"),
        "piped": _("PDAM atau leding"),
        "pump": _("Sumur bor atau pompa"),
        "well": _("Sumur terlindung"),
        "spring": _("Mata air terlindung"),
        "open_well": _("Sumur tidak terlindung"),
        "open_spring": _("Mata air tidak terlindung"),
        "river": _("Sungai, danau, atau kolam"),
        "rain": _("Air hujan"),
    }
    yield Question("water", _("Air minum dari"), options=water)
    lighting = {
        "meter": _("Listrik PLN, meteran sendiri"),
        "shared": _("Listrik PLN, menyambung dari tetangga"),
        "other": _("Listrik bukan PLN"),
        "none": _("Tanpa listrik"),
    }
    yield Question("lighting", _("Penerangan"), options=lighting)
    power = {"450": "450 VA", "900": "900 VA", "1300": "1300 VA", "2200": _("2200 VA atau lebih")}
    yield Question("power", _("Daya terpasang"), options=power, hint=_("Hanya bila bermeteran sendiri."), asked="may")
    yield Question("meter", _("Nomor meter atau ID pelanggan"), "line", asked="may")
    cooking = {
        "gas": _("Gas"),
        "electric": _("Listrik"),
        "kerosene": _("Minyak tanah"),
        "charcoal": _("Arang atau briket"),
        "wood": _("Kayu bakar"),
        "none": _("Tidak memasak"),
    }
    yield Question("cooking", _("Memasak dengan"), options=cooking)


def spending() -> Iterator[Question]:
    yield Question("food", _("Pengeluaran untuk makanan sebulan"), "money", unit=_("rupiah"))
    hint = _("Makanan dan bukan makanan bersama-sama.")
    yield Question("spending", _("Seluruh pengeluaran sebulan"), "money", unit=_("rupiah"), hint=hint)
    yield Question(
        "meals", _("Makan sehari"), options={"1": _("Sekali"), "2": _("Dua kali"), "3": _("Tiga kali atau lebih")}
    )
    meat = {"0": _("Tidak pernah"), "1": _("Sekali"), "2": _("Dua kali atau lebih")}
    yield Question("meat", _("Daging, susu, atau ayam dalam seminggu"), options=meat)
    clothes = {"0": _("Tidak ada"), "1": _("Satu setel"), "2": _("Dua setel atau lebih")}
    yield Question("clothes", _("Pakaian baru dalam setahun"), options=clothes, hint=_("Untuk tiap orang."))
    yield Question("clinic", _("Sanggup membayar berobat di Puskesmas"), options=YES_NO)


def work() -> Iterator[Question]:
    work = {
        "none": _("Tidak bekerja"),
        "farm_labour": _("Buruh tani"),
        "fisher": _("Nelayan"),
        "building": _("Buruh bangunan"),
        "plantation": _("Buruh perkebunan"),
        "farmer": _("Petani"),
        "trader": _("Pedagang atau usaha sendiri"),
        "employee": _("Karyawan atau buruh pabrik"),
        "official": _("PNS, TNI, Polri, atau pensiunan"),
        "other": _("Lainnya"),
    }
    yield Question("head_work", _("Pekerjaan utama kepala keluarga"), options=work)
    yield Question("land", _("Luas lahan yang digarap"), "number", unit="m²", hint=_("Hanya petani."), asked="may")
    yield Question("head_income", _("Penghasilan kepala keluarga sebulan"), "money", unit=_("rupiah"))
    yield Question("income", _("Penghasilan seluruh keluarga sebulan"), "money", unit=_("rupiah"))


def assets() -> Iterator[Question]:
    assets = {
        "none": _("Tidak ada satu pun"),
        "motorcycle": _("Sepeda motor"),
        "car": _("Mobil"),
        "boat": _("Perahu motor"),
        "tv": _("Televisi"),
        "fridge": _("Kulkas"),
        "ac": _("AC"),
        "computer": _("Komputer atau laptop"),
        "gold": _("Emas atau perhiasan"),
        "land": _("Lahan atau rumah lain"),
        "cattle": _("Sapi, kerbau, atau kuda"),
        "goats": _("Kambing atau domba"),
    }
    yield Question("assets", _("Yang dimiliki"), "choices", assets)
    title = _("Tabungan atau barang yang mudah dijual, seluruhnya")
    yield Question("savings", title, "money", unit=_("rupiah"), hint=_("Taksiran; tulis 0 bila tidak ada."))


def aid() -> Iterator[Question]:
    aid = {
        "none": _("Tidak menerima apa pun"),
        "pkh": "PKH",
        "food": _("Sembako/BPNT"),
        "blt": "BLT Dana Desa",
        "school": "PIP/KIP",
        "health": "PBI-JK",
        "other": _("Lainnya"),
    }
    yield Question("aid", _("Bantuan yang diterima setahun terakhir"), "choices", aid)
    yield Question("aid_note", _("Keterangan bantuan"), "line", asked="may")


STANDING: Options = {
    "here": _("Tinggal di rumah ini"),
    "away": _("Merantau, masih satu KK"),
    "moved": _("Pindah, sudah lain KK"),
    "dead": _("Meninggal"),
    "unknown": _("Tidak dikenal keluarga ini"),
}
ROLES: Options = {
    "head": _("Kepala keluarga"),
    "husband": _("Suami"),
    "wife": _("Istri"),
    "child": _("Anak"),
    "child_in_law": _("Menantu"),
    "grandchild": _("Cucu"),
    "parent": _("Orang tua"),
    "parent_in_law": _("Mertua"),
    "relative": _("Famili lain"),
    "helper": _("Pembantu"),
    "other": _("Lainnya"),
}
SCHOOLING: Options = {
    "none": _("Tidak atau belum sekolah"),
    "below": _("Belum tamat SD"),
    "sd": _("Tamat SD"),
    "smp": _("Tamat SMP"),
    "sma": _("Tamat SMA"),
    "higher": _("Diploma atau sarjana"),
}


def of_member() -> Iterator[Question]:
    yield Question("standing", _("Keberadaan"), options=STANDING, asked="must")
    yield Question("name", _("Nama"), "line", asked="must")
    yield Question("role", _("Hubungan dalam keluarga"), options=ROLES, asked="must")
    yield Question("sex", _("Jenis kelamin"), options={"L": _("Laki-laki"), "P": _("Perempuan")})
    yield Question("born", _("Tanggal lahir"), "day")
    yield Question("nik", _("NIK pada KTP atau KK"), "nik", hint=_("16 angka, dibaca dari kartunya."))
    yield Question("schooling", _("Ijazah tertinggi"), options=SCHOOLING)
    yield Question("at_school", _("Masih sekolah"), options=YES_NO, asked="may")
    yield Question("works", _("Bekerja"), options=YES_NO)
    yield Question("occupation", _("Pekerjaan"), "line", asked="may")
    yield Question("earns", _("Penghasilan sebulan"), "money", unit=_("rupiah"), asked="may")
    hint = _("Jenisnya; kosongkan bila tidak ada.")
    yield Question("disability", _("Disabilitas"), "line", hint=hint, asked="may")
    yield Question("illness", _("Penyakit menahun"), "line", hint=hint, asked="may")
