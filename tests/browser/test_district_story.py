"""The story of a district: a village is added, its staff begins, and a family is helped by two programmes.

The district's admin adds the village with its staff and modules, and an account for the Dinas Sosial. The village
registers a family. A musyawarah gives it BLT, and the kepala desa signs for it on a phone. The Dinas Sosial and the
ministry give the mother her health insurance back. She reads on the public page how far both are.
"""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from core.areas.code import AreaCode
from core.areas.modules import set_module
from core.clock import today
from core.database.session import commit, scope
from core.platform import platform
from core.users.accounts import create_user, grant

from .conftest import DESK, PHONE, OpenBrowser
from .steps import (
    PAPER,
    PASSWORD,
    accessible,
    choose,
    enter,
    fill,
    follow,
    heading,
    press,
    set_up_the_second_step,
    show,
    sign_in,
    take_step,
    tick,
    upload,
)

pytestmark = pytest.mark.browser

DISTRICT, NEW = "32.01", "32.01.15.2009"
ADMIN, OFFICER = "nia.kurnia", "euis.dinsos"
CLERK, HEAD = "petugas.bojongrangkas", "kades.bojongrangkas"

MOTHER, NIK = "Rohaeti binti Sarmin", "3201155507790001"
SON, SONS_NIK = "Ujang Hidayat", "3201151203120002"
KK = "3201151203150007"


@pytest.fixture
def district(app: Flask, areas: None) -> None:
    """Kabupaten Bogor with an admin, where no module is on yet."""
    province = AreaCode.parse("32")
    with app.app_context():
        with scope(province):
            for module in platform().plugins.plugins:
                set_module(province, module, enabled=None)
            commit()
        user, _password = create_user(ADMIN, "Nia Kurnia", password=PASSWORD)
        grant(user, AreaCode.parse(DISTRICT), "district_admin")
        commit()


def test_from_a_new_village_to_a_family_that_is_helped(district: None, open_browser: OpenBrowser) -> None:
    admin = open_browser(DESK)
    sign_in_with_a_new_phone(admin, ADMIN)
    passwords = add_the_village(admin)
    switch_blt_on(admin)
    passwords[OFFICER] = make_the_officers_account(admin)

    clerk = open_browser(DESK)
    begin_work(clerk, CLERK, passwords[CLERK])
    register_the_family(clerk)
    blt = open_a_blt_case(clerk)
    assert blt.startswith("BJR-")
    bring_to_the_musdes(clerk)
    call_the_musdes(clerk)
    record_who_came(clerk)
    record_the_decision(clerk)

    head = open_browser(PHONE)
    begin_work(head, HEAD, passwords[HEAD])
    close_the_musdes(head)
    issue_the_letters(clerk)
    sign_the_letters(head)
    pay_the_month(clerk)
    finish_the_blt_case(clerk)

    pbi = open_a_pbi_case(clerk)
    refer_to_the_dinas_sosial(clerk)
    officer = open_browser(DESK)
    begin_work(officer, OFFICER, passwords[OFFICER], second_step=True)
    answer_with_evidence(officer)
    follow_the_decision(clerk)

    resident = open_browser(PHONE)
    read_the_status(resident, pbi, "Kepesertaan aktif")
    tell_the_resident(clerk)
    read_the_status(resident, pbi, "Selesai, warga diberi tahu")
    read_the_status(resident, blt, "Selesai")
    nobody_else_reads_it(resident, pbi)


# ---- the district ----


def sign_in_with_a_new_phone(page: Page, username: str) -> None:
    enter(page, username, PASSWORD)
    heading(page, "Nyalakan masuk dua langkah")
    page.goto(f"/{DISTRICT}/villages")
    heading(page, "Nyalakan masuk dua langkah")
    set_up_the_second_step(page)
    heading(page, "Kabupaten Bogor")
    accessible(page)


def add_the_village(page: Page) -> dict[str, str]:
    """Choose it from the catalogue, say what it offers and who works there; the one-time passwords by user name."""
    page.goto(f"/{DISTRICT}/villages")
    expect(page.get_by_text("Bojongrangkas")).to_have_count(0)
    accessible(page)
    follow(page, "Tambah desa")
    accessible(page)
    page.get_by_role("link", name="Ciampea").click()
    accessible(page)
    page.get_by_role("link", name=re.compile(NEW)).click()
    heading(page, "Tambah Bojongrangkas")
    accessible(page)
    fill(page, {"Awalan tiket": "BJR"})
    tick(page, "PBI-JK")
    name_the_staff(page)
    press(page, "Periksa dulu")
    heading(page, "Periksa sebelum menambah Bojongrangkas")
    accessible(page)
    for told in ("hidup, khusus di sini", "mati, mengikuti bawaan", "Wiwin Winarti", "Ade Sunarya"):
        expect(page.get_by_text(told).first).to_be_visible()
    press(page, "Tambahkan")
    heading(page, "Desa Bojongrangkas")
    accessible(page)
    return passwords_shown_once(page)


def name_the_staff(page: Page) -> None:
    for username, name in ((HEAD, "Ade Sunarya"), (CLERK, "Wiwin Winarti")):
        row = page.locator("fieldset.person", has=page.locator(f"input[value='{username}']"))
        row.get_by_label("Nama orangnya").fill(name)


def passwords_shown_once(page: Page) -> dict[str, str]:
    passwords: dict[str, str] = {}
    for slip in page.locator(".slip").all():
        username, password = slip.locator("code").all_inner_texts()
        passwords[username] = password
    page.reload()
    expect(page.locator(".slip")).to_have_count(0)
    expect(page.get_by_text("sudah ditampilkan sekali")).to_be_visible()
    return passwords


def switch_blt_on(page: Page) -> None:
    """In the matrix, for this one village; before anything changes it says what would."""
    page.goto(f"/{DISTRICT}/modules")
    accessible(page)
    page.get_by_role("link", name="Kec. Ciampea").first.click()
    box = page.get_by_role("checkbox", name=re.compile("^BLT Dana Desa, Desa Bojongrangkas"))
    page.locator("label", has=box).click()
    expect(box).to_be_checked()
    accessible(page)
    press(page, "Ubah yang dipilih")
    accessible(page)
    tick(page, "Nyalakan")
    press(page, "Lihat akibatnya")
    heading(page, "Yang akan terjadi")
    expect(page.get_by_text("mulai berjalan di 1 desa")).to_be_visible()
    accessible(page)
    fill(page, {"Alasan": "APBDes 2026 menganggarkan BLT."})
    press(page, "Terapkan")
    expect(page.get_by_text("Perubahan berlaku sejak sekarang.")).to_be_visible()
    accessible(page)


def make_the_officers_account(page: Page) -> str:
    page.goto(f"/{DISTRICT}/users/new")
    accessible(page)
    fill(page, {"Nama orangnya": "Euis Komariah", "Nama pengguna": OFFICER})
    choose(page, "Peran", "Petugas Dinas Sosial")
    choose(page, "Wilayah", f"Kabupaten Bogor · {DISTRICT}")
    press(page, "Buat akun")
    heading(page, "Kata sandi sekali pakai")
    accessible(page)
    return page.locator(".receipt code").inner_text()


# ---- the village begins ----


def begin_work(page: Page, username: str, one_time: str, *, second_step: bool = False) -> None:
    """The first sign-in: no page opens before the one-time password was replaced."""
    enter(page, username, one_time)
    heading(page, "Ganti kata sandi")
    page.goto(f"/{NEW}/people")
    heading(page, "Ganti kata sandi")
    accessible(page)
    fill(page, {"Kata sandi sekarang": one_time, "Kata sandi baru": PASSWORD, "Kata sandi baru sekali lagi": PASSWORD})
    press(page, "Ganti kata sandi")
    expect(page.get_by_text("Masuklah dengan kata sandi yang baru.")).to_be_visible()
    if second_step:
        enter(page, username, PASSWORD)
        set_up_the_second_step(page)
    else:
        sign_in(page, username)
    accessible(page)


def register_the_family(page: Page) -> None:
    page.goto(f"/{NEW}/people")
    accessible(page)
    follow(page, "Tambah warga")
    accessible(page)
    follow(page, "Catat keluarganya dulu")
    accessible(page)
    fill(page, {"No. KK": KK, "Alamat": "Kp. Rawa Kalong", "Dusun": "II", "RT": "2", "RW": "5"})
    choose(page, "Desil DTSEN", "1")
    fill(page, {"Desil dicek tanggal": today().isoformat(), "Sumber desil": "SIKS-NG"})
    press(page, "Simpan")
    heading(page, "Keluarga tanpa anggota")
    accessible(page)
    add_member(page, MOTHER, NIK, "Perempuan", "1979-07-15", "Kepala keluarga", insurance="BPJS PBI (dibayar negara)")
    add_member(page, SON, SONS_NIK, "Laki-laki", "2012-03-12", "Anak")
    heading(page, f"Keluarga {MOTHER}")
    expect(page.get_by_text(SON)).to_be_visible()
    accessible(page)


def add_member(page: Page, name: str, nik: str, sex: str, born: str, as_whom: str, insurance: str = "") -> None:
    follow(page, "Tambah anggota")
    fill(page, {"Nama lengkap": name, "NIK": nik, "Tanggal lahir": born})
    tick(page, sex)
    choose(page, "Hubungan dalam keluarga", as_whom)
    if insurance:
        page.get_by_text("Data lain, boleh diisi nanti").click()
        choose(page, "Jaminan kesehatan", insurance)
    accessible(page)
    press(page, "Simpan")
    accessible(page)
    page.get_by_role("link", name=re.compile("keluarga", re.I)).first.click()


def find_the_mother(page: Page, service: str) -> None:
    page.goto(f"/{NEW}/")
    follow(page, "Kasus baru")
    page.get_by_label("Nama, NIK, atau No KK").press_sequentially("rohae", delay=20)
    page.locator("#found").get_by_role("link", name=re.compile(MOTHER)).click()
    accessible(page)
    page.locator(f"a[href*='service={service}']").first.click()
    accessible(page)


def ticket_of_the_new_case(page: Page) -> str:
    tick(page, "Warga sudah diberi tahu")
    press(page, "Buka kasus")
    heading(page, MOTHER)
    accessible(page)
    found = re.search(r"[A-Z]{3}-\d\d-\d{4}", page.locator(".crumbs").inner_text())
    assert found, page.locator(".crumbs").inner_text()
    return found[0]


# ---- BLT: the musyawarah decides ----


def open_a_blt_case(page: Page) -> str:
    find_the_mother(page, "blt_desa.aid")
    fill(page, {"Jumlah tanggungan": "1", "Keadaan keluarga": "Buruh cuci, rumah kontrak."})
    choose(page, "Menerima PKH", "Tidak")
    return ticket_of_the_new_case(page)


def bring_to_the_musdes(page: Page) -> None:
    take_step(page, "Mulai penanganan")
    for paper in ("KTP", "Kartu Keluarga (KK)"):
        upload(page, paper)
    show(page, "Formulir pendataan keluarga")
    take_step(page, "Ajukan ke musdes")
    expect(page.locator("#next")).to_contain_text("musyawarah desa khusus")
    accessible(page)


def call_the_musdes(page: Page) -> None:
    page.get_by_role("navigation", name="Navigasi utama").first.get_by_role("link", name="Musdes").click()
    expect(page.get_by_text("calon menunggu musdes")).to_be_visible()
    accessible(page)
    follow(page, "Musdes baru")
    accessible(page)
    fill(page, {"Pimpinan musyawarah": "H. Odang (BPD)", "Notulis": "Wiwin Winarti"})
    press(page, "Simpan")
    heading(page, "Tambah calon")
    accessible(page)
    tick(page, MOTHER)
    press(page, "Masukkan ke daftar")
    heading(page, "Rincian BLT Dana Desa")
    accessible(page)
    this_month = page.get_by_label("Bulan pertama yang dibayar").locator("option").nth(today().month - 1)
    for field in ("Bulan pertama yang dibayar", "Bulan terakhir yang dibayar"):
        choose(page, field, this_month.inner_text())
    press(page, "Simpan")
    expect(page.locator("#candidates")).to_contain_text("belum diputuskan")
    accessible(page)


def record_who_came(page: Page) -> None:
    page.locator("#attendance").get_by_role("link", name="Catat").click()
    accessible(page)
    fill(
        page, {"Yang hadir": "H. Odang; BPD\nPak Ujang; RT/RW\nAjengan Soleh; tokoh\nIbu Neneng; perwakilan perempuan"}
    )
    press(page, "Tambahkan")
    expect(page.locator("#attendance").get_by_role("listitem")).to_have_count(4)


def record_the_decision(page: Page) -> None:
    follow(page, "Catat keputusan")
    accessible(page)
    page.get_by_role("group", name=MOTHER).get_by_label("Diterima musdes").check()
    press(page, "Simpan keputusan")
    expect(page.locator("#candidates")).to_contain_text("Diterima musdes")
    expect(page.get_by_text("Kepala desa menutup musdes")).to_be_visible()
    expect(page.get_by_role("button", name="Tutup musdes")).to_have_count(0)


def close_the_musdes(page: Page) -> None:
    expect(page.get_by_role("link", name="Musdes yang belum ditutup")).to_be_visible()
    page.get_by_text("Menu lain").click()
    page.get_by_role("link", name="Musdes", exact=True).locator("visible=true").click()
    accessible(page)
    page.get_by_role("rowheader").get_by_role("link").click()
    accessible(page)
    press(page, "Tutup musdes")
    expect(page.locator("#letters")).to_contain_text("belum dibuat")
    accessible(page)


def issue_the_letters(page: Page) -> None:
    page.reload()
    for _letter in ("Berita Acara", "Keputusan Kepala Desa"):
        press(page, "Buat surat")
    letters = page.locator("#letters")
    expect(letters.get_by_text("menunggu tanda tangan kepala desa")).to_have_count(2)
    for link in letters.get_by_role("link", name="Cetak").all():
        pdf = page.request.get(link.get_attribute("href") or "")
        assert pdf.body().startswith(b"%PDF-")
    accessible(page)


def sign_the_letters(page: Page) -> None:
    """The months to pay begin with the one under the decree."""
    page.reload()
    accessible(page)
    sign(page, "Berita Acara")
    expect(page.locator("#letters").get_by_text("menunggu tanda tangan kepala desa")).to_have_count(1)
    sign(page, "Keputusan Kepala Desa")
    expect(page.locator("#letters").get_by_text("menunggu tanda tangan kepala desa")).to_have_count(0)
    accessible(page)


def sign(page: Page, letter: str) -> None:
    line = page.locator("#letters li").filter(has_text=letter)
    line.get_by_role("button", name="Sudah saya tanda tangani").click()


def pay_the_month(page: Page) -> None:
    page.reload()
    follow(page, "Lanjutkan BLT Dana Desa")
    accessible(page)
    page.get_by_role("rowheader").get_by_role("link").click()
    heading(page, "Pembayaran BLT")
    expect(page.get_by_text("keluarga menerima")).to_be_visible()
    accessible(page)
    page.locator("table.matrix").get_by_role("link", name=f"Bayar {MOTHER}").click()
    accessible(page)
    page.locator("input[name=months]").first.check()
    fill(page, {"Nama penerima": MOTHER})
    press(page, "Catat pembayaran")
    expect(page.get_by_text("Rp300.000").first).to_be_visible()
    accessible(page)


def finish_the_blt_case(page: Page) -> None:
    page.goto(f"/{NEW}/cases")
    accessible(page)
    page.get_by_role("link", name=MOTHER).first.click()
    accessible(page)
    take_step(page, "Selesaikan")
    expect(page.get_by_text("Ditutup").first).to_be_visible()


# ---- PBI-JK: others decide ----


def open_a_pbi_case(page: Page) -> str:
    find_the_mother(page, "pbi_jk.reactivation")
    choose(page, "Keperluan berobat", "Sedang dirawat inap")
    fill(page, {"Rumah sakit, puskesmas, atau klinik": "RSUD Leuwiliang", "Nomor kartu BPJS": "0001 2345 67890"})
    fill(page, {"Nomor HP yang dapat dihubungi": "0812 0000 0042"})
    ticket = ticket_of_the_new_case(page)
    expect(page.get_by_text("Kasus mendesak")).to_be_visible()
    expect(page.locator("#paper-ktp")).to_contain_text("masih berlaku")
    return ticket


def refer_to_the_dinas_sosial(page: Page) -> None:
    take_step(page, "Mulai penanganan")
    upload(page, "Surat keterangan berobat")
    show(page, "Kartu BPJS")
    press(page, "Rujuk ke Dinas Sosial")
    heading(page, "Dinas Sosial Kabupaten Bogor")
    expect(page.locator("#shared")).to_contain_text("RSUD Leuwiliang")
    accessible(page)
    press(page, "Kirim rujukan")
    expect(page.get_by_text("Rujukan dikirim ke Dinas Sosial Kabupaten Bogor.")).to_be_visible()
    take_step(page, "Catat: sudah dikirim ke Dinas Sosial")
    accessible(page)


def answer_with_evidence(page: Page) -> None:
    page.goto(f"/{DISTRICT}/inbox")
    accessible(page)
    follow(page, MOTHER)
    accessible(page)
    press(page, "Terima")
    press(page, "Lihat NIK lengkap")
    expect(page.get_by_text(NIK)).to_be_visible()
    answer = page.locator("#finish")
    answer.locator("summary").click()
    answer.get_by_label("Jawaban dan alasannya").fill("Direkomendasikan, diusulkan di SIKS-NG bulan ini.")
    answer.get_by_label("Bukti: foto atau PDF").set_input_files(PAPER)
    accessible(page)
    answer.locator("button").click()
    expect(page.get_by_text("tidak lagi di tangan lembaga Anda")).to_be_visible()
    expect(page.get_by_text(NIK)).to_have_count(0)
    accessible(page)


def follow_the_decision(page: Page) -> None:
    """The village sees the answer, and then in other systems what becomes of it."""
    page.reload()
    expect(page.locator("#next")).to_contain_text("Direkomendasikan, diusulkan di SIKS-NG bulan ini.")
    accessible(page)
    take_step(page, "Catat: Direkomendasikan Dinas Sosial")
    for step, seen in (
        ("Diusulkan di SIKS-NG", {"Catatan": "Usulan 77, terlihat di SIKS-NG."}),
        ("Diproses kementerian", {"Catatan": "Masuk daftar verifikasi Kemensos."}),
        ("Kepesertaan aktif", {"Hasil": "Aktif di Mobile JKN."}),
    ):
        take_step(page, f"Catat: {step}", {"Tanggal": today().isoformat(), **seen})
    expect(page.locator("#next")).to_contain_text("Warga sudah diberi tahu")
    accessible(page)


def tell_the_resident(page: Page) -> None:
    follow(page, "Warga sudah diberi tahu")
    accessible(page)
    page.get_by_role("group", name="Warga diberi tahu lewat").get_by_role("radio").first.check()
    press(page, "Warga sudah diberi tahu")
    expect(page.get_by_text("Ditutup").first).to_be_visible()
    accessible(page)


# ---- the resident ----


def read_the_status(page: Page, ticket: str, state: str) -> None:
    ask_for_the_status(page, ticket, NIK[-4:])
    heading(page, f"Perkembangan {ticket}")
    expect(page.locator(".facts")).to_contain_text(state)
    for hidden in (MOTHER, NIK):
        expect(page.get_by_text(hidden)).to_have_count(0)
    accessible(page)


def nobody_else_reads_it(page: Page, ticket: str) -> None:
    ask_for_the_status(page, ticket, SONS_NIK[-4:])
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_text("Kepesertaan aktif")).to_have_count(0)


def ask_for_the_status(page: Page, ticket: str, digits: str) -> None:
    page.goto(f"/{NEW}/status")
    fill(page, {"Nomor tiket": ticket, "Empat angka terakhir NIK": digits})
    press(page, "Lihat")
