"""A copy of a resident's data: complete, in words, for who may ask for it, and about nobody else."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.audit import AuditEntry
from core.database.session import commit, db
from core.jobs import run_waiting
from core.testing import FOREIGN, SIBLING, VILLAGE, SignInAs, at, make_person

from .conftest import NAME, NIK, SECRET, Resident


def url(person_id: object, village: str = VILLAGE) -> str:
    return f"/{village}/people/{person_id}/copy"


def fetched(app: Flask, client: FlaskClient, resident: Resident) -> dict:
    page = client.post(url(resident.id)).location
    run_waiting(app)
    with client.get(f"{page}/file") as file:
        assert file.status_code == 200
        assert file.mimetype == "application/json"
        assert NAME not in file.headers["Content-Disposition"]
        return json.loads(file.data)


def test_the_copy_holds_everything_in_words(app: Flask, resident: Resident, sign_in: SignInAs) -> None:
    copy = fetched(app, sign_in("village_staff"), resident)
    assert copy["Data diri"][0]["nama"] == NAME
    assert copy["Data diri"][0]["NIK"] == NIK
    assert copy["Data diri"][0]["jenis kelamin"] == "Perempuan"
    assert copy["Keluarga"][0]["alamat"] == SECRET
    [case] = copy["Kasus"]
    assert case["layanan"] == "Surat Keterangan Tidak Mampu"
    assert case["keadaan"] == "Selesai"
    assert list(case["isian"].values()).count(SECRET) == 2
    assert case["nama pelapor"] == SECRET
    assert copy["Berkas yang diunggah"][0]["nama berkas"] == f"{SECRET}.pdf"
    assert copy["Surat"][0]["perihal"].endswith(NAME)
    assert copy["Rujukan"][0]["hasil"] == SECRET
    assert SECRET in [task["judul"] for task in copy["Tugas"]]
    assert SECRET in [event.get("catatan") for event in copy["Riwayat kasus"]]
    assert copy["Data diri sebelum impor"] == [{"nama": SECRET}]


def test_the_copy_is_about_nobody_else(app: Flask, resident: Resident, sign_in: SignInAs) -> None:
    with at(app, VILLAGE) as area:
        make_person(area.id, "Odah", phone="tetangga")
        commit()
    assert "tetangga" not in json.dumps(fetched(app, sign_in("village_head"), resident))


def test_asking_and_fetching_are_recorded_without_the_data(app: Flask, resident: Resident, sign_in: SignInAs) -> None:
    fetched(app, sign_in("village_head"), resident)
    with at(app, VILLAGE):
        entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq)).all()
    actions = [entry.action for entry in entries]
    assert {"people.copy_requested", "exports.requested", "exports.made", "exports.downloaded"} <= set(actions)
    assert next(e for e in entries if e.action == "people.copy_requested").object_id == str(resident.id)
    assert not any(NAME in str(entry.detail) for entry in entries)


@pytest.mark.parametrize("role", ["field_worker", "district_officer", "auditor"])
def test_who_may_not_ask_for_it(role: str, resident: Resident, sign_in: SignInAs) -> None:
    client = sign_in(role, VILLAGE if role == "field_worker" else "32.01")
    assert client.post(url(resident.id)).status_code == 403


@pytest.mark.parametrize("village", [SIBLING, FOREIGN])
def test_a_resident_of_another_village_is_not_there(village: str, resident: Resident, sign_in: SignInAs) -> None:
    assert sign_in("village_head", village).post(url(resident.id, village)).status_code == 404
