"""Papers: given once, used again; checked by what is in them; kept where no web server looks."""

import hashlib
import re
import stat
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from core.audit import AuditEntry
from core.cases import checklist
from core.cases.errors import CaseError
from core.cases.models import Case, Document
from core.clock import now
from core.config import ROOT
from core.database.session import commit, db
from core.files import MAX_BYTES, FileRefused
from core.people.models import Person
from core.platform import platform
from core.testing import SIBLING, VILLAGE, SignInAs, at, make_person

PDF = b"%PDF-1.7 synthetic"
JPEG, PNG, WEBP = b"\xff\xd8\xff\xe0 photo", b"\x89PNG\r\n\x1a\n photo", b"RIFF....WEBPVP8 photo"


def give(case: Case, key: str, content: bytes = PDF, filename: str = "kertas.pdf") -> Document:
    return checklist.give_document(
        case, key, stream=BytesIO(content), filename=filename, files_dir=platform().config.files_dir
    )


def states(case: Case, desk) -> dict[str, str]:
    return {item.requirement.key: item.row.state for item in checklist.checklist(case, desk.service)}


# ---- given once, used again ----


def test_a_paper_given_for_one_case_serves_the_next(village, desk) -> None:
    person = make_person(village.id)
    first = desk.open(village, person)
    give(first, "ktp")
    again = desk.open(village, person)
    db.session.flush()
    items = {item.requirement.key: item for item in checklist.checklist(again, desk.service)}
    assert items["ktp"].row.state == "given"
    assert items["ktp"].from_case == first.ticket
    assert items["rt_rw_letter"].row.state == "wanted"


def test_a_paper_for_one_case_only_is_asked_for_again(village, desk) -> None:
    person = make_person(village.id)
    give(desk.open(village, person), "rt_rw_letter")
    assert states(desk.open(village, person), desk)["rt_rw_letter"] == "wanted"


@pytest.mark.parametrize(("days", "state"), [(364, "given"), (366, "wanted")])
def test_a_paper_older_than_a_year_is_asked_for_again(village, desk, days: int, state: str) -> None:
    person = make_person(village.id)
    give(desk.open(village, person), "ktp").uploaded_at = now() - timedelta(days=days)
    assert states(desk.open(village, person), desk)["ktp"] == state


def test_a_family_card_serves_everybody_in_the_household_and_an_identity_card_nobody_else(village, desk) -> None:
    mother = make_person(village.id, "Aminah")
    child = Person(
        village_id=village.id,
        name="Dedi",
        name_key="dedi",
        sex="L",
        birth_date=mother.birth_date,
        household_id=mother.household_id,
    )
    db.session.add(child)
    db.session.flush()
    first = desk.open(village, mother)
    give(first, "kk")
    give(first, "ktp")
    of_child = states(desk.open(village, child), desk)
    assert (of_child["kk"], of_child["ktp"]) == ("given", "wanted")
    of_stranger = states(desk.open(village, make_person(village.id, "Orang lain")), desk)
    assert (of_stranger["kk"], of_stranger["ktp"]) == ("wanted", "wanted")


def test_a_photo_taken_back_is_not_handed_on(village, desk) -> None:
    person = make_person(village.id)
    first = desk.open(village, person)
    give(first, "ktp")
    checklist.take_back(first, "ktp")
    assert states(desk.open(village, person), desk)["ktp"] == "wanted"


# ---- undo ----


def test_a_tick_can_be_taken_back_and_the_file_ticked_again(village, desk) -> None:
    case = desk.open(village)
    document = give(case, "ktp")
    checklist.take_back(case, "ktp")
    assert states(case, desk)["ktp"] == "wanted"
    checklist.use_again(case, desk.service, "ktp")
    [item] = [item for item in checklist.checklist(case, desk.service) if item.requirement.key == "ktp"]
    assert item.document is not None
    assert item.document.id == document.id


def test_there_is_no_file_to_tick_where_none_was_given(village, desk) -> None:
    case = desk.open(village)
    with pytest.raises(CaseError, match="Tidak ada berkas lama"):
        checklist.use_again(case, desk.service, "ktp")


def test_a_paper_is_waived_only_with_a_reason(village, desk) -> None:
    case = desk.open(village)
    with pytest.raises(CaseError, match="alasannya"):
        checklist.waive(case, "kk", "  ")
    assert states(case, desk)["kk"] == "wanted"
    checklist.waive(case, "kk", " Hilang karena banjir ")
    [item] = [item for item in checklist.checklist(case, desk.service) if item.requirement.key == "kk"]
    assert (item.row.state, item.row.note) == ("waived", "Hilang karena banjir")


def test_a_case_asks_for_no_other_papers(village, desk) -> None:
    with pytest.raises(CaseError, match="tidak meminta"):
        checklist.confirm_seen(desk.open(village), "passport")


@pytest.mark.parametrize("state", ["done", "refused", "cancelled"])
def test_the_papers_of_a_closed_case_stay_as_they_are(village, desk, state: str) -> None:
    case = desk.at(village, state)
    before = states(case, desk)
    for change in (
        lambda: checklist.confirm_seen(case, "ktp"),
        lambda: checklist.waive(case, "ktp", "hilang"),
        lambda: checklist.take_back(case, "ktp"),
        lambda: checklist.use_again(case, desk.service, "ktp"),
        lambda: give(case, "ktp"),
    ):
        with pytest.raises(CaseError, match="sudah ditutup"):
            change()
    assert states(case, desk) == before
    assert db.session.query(Document).count() == 0


# ---- what is taken ----


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(PDF, "application/pdf"), (JPEG, "image/jpeg"), (PNG, "image/png"), (WEBP, "image/webp")],
)
def test_photos_and_pdfs_are_told_by_their_content(village, desk, content: bytes, media_type: str) -> None:
    assert give(desk.open(village), "ktp", content, "apa.saja").media_type == media_type


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "kosong"),
        (b"<html><script>alert(1)</script>", "Jenis berkas"),
        (b"MZ\x90\x00 program", "Jenis berkas"),
        (PDF + b"x" * MAX_BYTES, "lebih dari 5 MB"),
    ],
    ids=["empty", "page", "program", "too large"],
)
def test_what_is_no_photo_or_pdf_is_refused_whatever_its_name(village, desk, content: bytes, message: str) -> None:
    case = desk.open(village)
    db.session.flush()
    with pytest.raises(FileRefused, match=message):
        give(case, "ktp", content, "ktp.pdf")
    assert states(case, desk)["ktp"] == "wanted"
    assert db.session.query(Document).count() == 0
    assert not any(file.is_file() for file in platform().config.files_dir.rglob("tmp*"))


def test_a_file_of_exactly_five_megabytes_is_taken(village, desk) -> None:
    assert give(desk.open(village), "ktp", PDF.ljust(MAX_BYTES, b"x")).size == MAX_BYTES


# ---- where it is kept ----


def kept(document: Document) -> Path:
    return platform().config.files_dir / str(document.village_id) / document.sha256[:2] / document.sha256


def test_a_file_lies_under_the_hash_of_its_content_closed_to_others_and_outside_the_web(village, desk) -> None:
    document = give(desk.open(village), "ktp", JPEG, "../../etc/passwd.jpg")
    path = kept(document)
    assert document.sha256 == hashlib.sha256(JPEG).hexdigest()
    assert path.read_bytes() == JPEG
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in (path.parent, path.parent.parent)} == {0o700}
    assert not path.resolve().is_relative_to(ROOT / "core" / "web" / "static")


def test_the_same_photo_is_kept_once(village, desk) -> None:
    case = desk.open(village)
    one, other = give(case, "ktp", PNG), give(case, "kk", PNG)
    assert kept(one) == kept(other)
    assert len([file for file in kept(one).parent.iterdir() if file.name == one.sha256]) == 1


def test_each_village_has_its_own_files(app: Flask, areas: None, desk) -> None:
    paths = []
    for code in (VILLAGE, SIBLING):
        with at(app, code) as area:
            paths.append(kept(give(desk.open(area), "ktp", PNG)))
            commit()
    assert paths[0] != paths[1]
    assert paths[0].name == paths[1].name


# ---- the pages ----


@pytest.fixture
def opened(app: Flask, areas: None, desk) -> str:
    with at(app, VILLAGE) as area:
        return desk.save(desk.open(area))


def paper(case: str, key: str) -> str:
    return f"/{VILLAGE}/cases/{case}/papers/{key}"


def test_a_photo_is_uploaded_looked_at_and_the_look_recorded(app: Flask, opened: str, sign_in: SignInAs) -> None:
    staff = sign_in("village_staff")
    sent = staff.post(paper(opened, "ktp"), data={"file": (BytesIO(JPEG), "ktp.jpg"), "action": "upload"})
    assert sent.status_code == 302
    found = re.search(rf"/{VILLAGE}/documents/[0-9a-f-]+", staff.get(f"/{VILLAGE}/cases/{opened}").text)
    assert found
    with staff.get(found[0]) as shown:
        assert shown.data == JPEG
        assert shown.mimetype == "image/jpeg"
        assert shown.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
    with at(app, VILLAGE):
        looks = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "documents.opened")).all()
        assert [look.detail for look in looks] == [{"kind": "ktp"}]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"action": "upload"}, "Pilih dulu berkasnya"),
        ({"action": "upload", "file": (BytesIO(b"hello"), "ktp.pdf")}, "Jenis berkas ini tidak diterima"),
        ({"action": "waive", "reason": " "}, "Tulis alasannya"),
        ({"action": "reuse"}, "Tidak ada berkas lama"),
    ],
)
def test_what_is_wrong_with_a_paper_stands_beside_it(
    opened: str, sign_in: SignInAs, data: dict[str, object], message: str
) -> None:
    answer = sign_in("village_staff").post(paper(opened, "ktp"), data=data)
    assert answer.status_code == 422
    at_paper = answer.text.split('id="paper-ktp"')[1].split("</li>")[0]
    assert message in at_paper


def test_an_unknown_action_or_paper_is_refused(opened: str, sign_in: SignInAs) -> None:
    staff = sign_in("village_staff")
    assert staff.post(paper(opened, "ktp"), data={"action": "shred"}).status_code == 400
    assert staff.post(paper(opened, "passport"), data={"action": "seen"}).status_code == 422


def test_a_file_that_is_gone_from_the_disk_is_told_and_not_an_error(app: Flask, opened: str, sign_in: SignInAs) -> None:
    staff = sign_in("village_staff")
    with at(app, VILLAGE):
        case = db.session.query(Case).one()
        document = give(case, "ktp", PNG + b"lost")
        document_id, path = document.id, kept(document)
        commit()
    path.unlink()
    answer = staff.get(f"/{VILLAGE}/documents/{document_id}")
    assert answer.status_code == 404
    assert "tidak ada lagi di penyimpanan" in answer.text


@pytest.mark.parametrize(
    ("role", "status"), [("field_worker", 403), ("kecamatan_supervisor", 403), ("village_head", 200)]
)
def test_a_residents_paper_is_not_for_every_role(
    app: Flask, opened: str, sign_in: SignInAs, role: str, status: int
) -> None:
    with at(app, VILLAGE):
        document = give(db.session.query(Case).one(), "ktp", PNG)
        document_id = document.id
        commit()
    client = sign_in(role, "32.01.15" if role == "kecamatan_supervisor" else VILLAGE)
    with client.get(f"/{VILLAGE}/documents/{document_id}") as answer:
        assert answer.status_code == status


def test_a_paper_of_another_village_is_not_there(app: Flask, areas: None, desk, sign_in: SignInAs) -> None:
    with at(app, SIBLING) as area:
        document_id = give(desk.open(area), "ktp", PNG).id
        commit()
    staff = sign_in("village_staff")
    assert staff.get(f"/{VILLAGE}/documents/{document_id}").status_code == 404
    assert staff.get(f"/{SIBLING}/documents/{document_id}").status_code == 404
