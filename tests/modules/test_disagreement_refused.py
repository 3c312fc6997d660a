"""Undoing a change, applying a district's file and adding a village never leave a village with a module whose
requirement is off, or with two that must not run together; what the same deed repairs is not held against it."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.areas.code import AreaCode
from core.areas.models import Area, ModuleChange
from core.areas.modules import set_module
from core.database.session import commit, db, scope
from core.modules.agreement import Discord, ModulesDisagree, Place
from core.modules.changes import undo
from core.plugins.suspending import suspend
from core.testing import SIBLING, VILLAGE, at
from tenants.apply import Applied, provision
from tenants.catalogue import find
from tenants.cli import districts
from tenants.cli.problems import explain
from tenants.manifest import Manifest, ModuleChoice
from tenants.plan import plan
from tenants.villages import NewVillages, add_villages

from .conftest import Put
from .test_module_pages import apply, cell, enabled
from .test_needed_and_clashing import DISTRICT, KECAMATAN, MANIFESTS, admin, all_off, app, runs

__all__ = ["admin", "all_off", "app"]

pytestmark = pytest.mark.usefixtures("all_off")

ALMS_NEEDS_PANTRY = "Modul Alms membutuhkan Modul Pantry, yang akan mati di Desa Cibadak, Desa Cihideung Ilir."
PANTRY_AGAINST_RIVAL = "Modul Pantry dan Modul Rival tidak boleh menyala bersama, dan itu akan terjadi di Desa Cibadak."
NEW = AreaCode.parse("32.01.15.2003")


def last_change(app: Flask) -> UUID:
    with app.app_context():
        return db.session.scalars(select(ModuleChange.id).order_by(ModuleChange.id.desc()).limit(1)).one()


# ---- taking a change back ----


def test_what_would_leave_a_module_without_what_it_requires_is_not_undone(
    app: Flask, admin: FlaskClient, put: Put
) -> None:
    assert apply(admin, cell(DISTRICT, "pantry"), state="on").status_code == 302
    change = last_change(app)
    assert apply(admin, cell(DISTRICT, "alms"), state="on").status_code == 302
    answer = admin.post(f"/{DISTRICT}/modules/changes/{change}/undo")
    assert answer.status_code == 409
    assert "Tidak diurungkan." in answer.text
    assert ALMS_NEEDS_PANTRY in answer.text
    assert "matikan dulu Modul Alms" in answer.text
    assert enabled(app, VILLAGE) == {"alms", "pantry"}
    put(DISTRICT, "alms", False)
    assert admin.post(f"/{DISTRICT}/modules/changes/{change}/undo").status_code == 302
    assert enabled(app, VILLAGE) == set()


def test_what_would_bring_two_together_that_do_not_agree_is_not_undone(
    app: Flask, admin: FlaskClient, put: Put
) -> None:
    put(DISTRICT, "pantry", True)
    assert apply(admin, cell(DISTRICT, "pantry"), state="off").status_code == 302
    change = last_change(app)
    assert apply(admin, cell(VILLAGE, "rival"), state="on").status_code == 302
    answer = admin.post(f"/{DISTRICT}/modules/changes/{change}/undo")
    assert answer.status_code == 409
    assert (
        "Modul Pantry dan Modul Rival tidak boleh menyala bersama, dan itu akan terjadi di Desa Cibadak." in answer.text
    )
    assert runs(app, VILLAGE) == {"rival"}


def test_one_change_that_is_undone_as_a_whole_repairs_itself(app: Flask, admin: FlaskClient) -> None:
    both = [cell(DISTRICT, name) for name in ("alms", "pantry")]
    assert apply(admin, *both, state="on").status_code == 302
    assert admin.post(f"/{DISTRICT}/modules/changes/{last_change(app)}/undo").status_code == 302
    assert enabled(app, VILLAGE) == set()


def test_what_did_not_agree_before_does_not_forbid_to_undo_something_else(
    app: Flask, admin: FlaskClient, put: Put
) -> None:
    put(DISTRICT, "pantry", True)
    put(DISTRICT, "rival", True)
    assert apply(admin, cell(DISTRICT, "alms"), state="on").status_code == 302
    assert admin.post(f"/{DISTRICT}/modules/changes/{last_change(app)}/undo").status_code == 302
    assert enabled(app, VILLAGE) == {"pantry", "rival"}


def test_a_module_that_is_only_suspended_counts_as_on(app: Flask, admin: FlaskClient) -> None:
    """Otherwise its end would bring together what was refused before."""
    assert apply(admin, cell(DISTRICT, "rival"), state="on").status_code == 302
    assert apply(admin, cell(DISTRICT, "rival"), state="off").status_code == 302
    change = last_change(app)
    assert apply(admin, cell(DISTRICT, "pantry"), state="on").status_code == 302
    with at(app, DISTRICT):
        suspend(AreaCode.parse(DISTRICT), "pantry", "Sedang diperiksa")
        commit()
        found = db.session.get_one(ModuleChange, change)
        with pytest.raises(ModulesDisagree):
            undo(found)


# ---- a district's file ----


def district_file(*modules: str, villages: tuple[str, ...] = (VILLAGE, SIBLING), **overrides: bool) -> Manifest:
    """The district with these modules on; ``alms=False`` in the first village."""
    district, chosen = find(AreaCode.parse(DISTRICT)), [find(AreaCode.parse(code)) for code in villages]
    assert district
    return Manifest(
        source=Path("bogor.toml"),
        district=district,
        villages=tuple(village for village in chosen if village),
        modules=(
            *(ModuleChoice(district.code, name, name in modules) for name in MANIFESTS),
            *(ModuleChoice(AreaCode.parse(VILLAGE), name, enabled) for name, enabled in overrides.items()),
        ),
    )


def applied(app: Flask, manifest: Manifest, **options: bool) -> Applied:
    with app.app_context(), scope(manifest.district.code):
        return provision(manifest, **options)


def test_a_file_that_leaves_out_what_a_module_requires_is_not_applied(app: Flask) -> None:
    with pytest.raises(ModulesDisagree) as refused:
        applied(app, district_file("alms"))
    assert ALMS_NEEDS_PANTRY in str(refused.value)
    assert enabled(app, VILLAGE) == set()
    applied(app, district_file("alms", "pantry"))
    assert runs(app, VILLAGE) == {"alms", "pantry"}


def test_a_file_with_two_that_do_not_agree_is_not_applied_unless_it_keeps_them_apart(app: Flask) -> None:
    with pytest.raises(ModulesDisagree, match=r"Modul Pantry dan Modul Rival .* Desa Cibadak, Desa Cihideung Ilir"):
        applied(app, district_file("pantry", "rival"))
    with pytest.raises(ModulesDisagree, match=r"akan terjadi di Desa Cihideung Ilir\."):
        applied(app, district_file("pantry", "rival", pantry=False))
    applied(app, district_file("pantry", pantry=False, rival=True))
    assert (runs(app, VILLAGE), runs(app, SIBLING)) == ({"rival"}, {"pantry"})


def test_a_village_that_deviates_from_the_file_is_named_too(app: Flask, put: Put) -> None:
    put(SIBLING, "rival", True)
    with pytest.raises(ModulesDisagree, match=r"akan terjadi di Desa Cihideung Ilir\."):
        applied(app, district_file("pantry"))
    applied(app, district_file("pantry"), prune=True)
    assert runs(app, SIBLING) == {"pantry"}


def test_a_file_repairs_what_did_not_agree_before_or_leaves_it(app: Flask, put: Put) -> None:
    for name in ("pantry", "rival"):
        put(DISTRICT, name, True)
    applied(app, district_file("pantry", "rival", "alms"))
    assert runs(app, VILLAGE) == {"alms", "pantry"}
    applied(app, district_file("rival"))
    assert runs(app, VILLAGE) == {"rival"}


def test_a_village_that_is_new_in_the_file_begins_with_modules_that_agree(app: Flask, put: Put) -> None:
    for name in ("pantry", "rival"):
        put(DISTRICT, name, True)
    wider = district_file("pantry", "rival", villages=(VILLAGE, SIBLING, str(NEW)))
    with pytest.raises(ModulesDisagree) as refused:
        applied(app, wider)
    assert [place.id for place in refused.value.discords[0].places] == [NEW.id]
    with app.app_context():
        assert db.session.get(Area, NEW.id) is None


def test_the_plan_tells_it_and_the_tool_says_what_to_do(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = district_file("alms")
    with at(app, DISTRICT):
        assert [(found.one, found.other, found.required) for found in plan(manifest).discords] == [
            ("alms", "pantry", True)
        ]
    monkeypatch.setattr(districts, "application", app.app_context)
    monkeypatch.setattr(districts, "_manifests", lambda _files: [manifest])
    shown = CliRunner().invoke(districts.districts, ["plan", "bogor.toml"])
    assert shown.exit_code == 0
    assert f"Tidak akan diterapkan. {ALMS_NEEDS_PANTRY}" in shown.output
    refused = CliRunner().invoke(districts.districts, ["apply", "bogor.toml"])
    assert refused.exit_code == 1
    assert "bogor.toml: tidak diterapkan." in refused.output
    assert ALMS_NEEDS_PANTRY in refused.output
    assert "Sesuaikan [modules] atau [[override]]" in refused.output


# ---- a village of its own ----


def test_a_village_is_not_added_with_modules_that_do_not_agree(app: Flask, admin: FlaskClient) -> None:
    found = find(NEW)
    assert found
    with app.app_context(), pytest.raises(ModulesDisagree) as refused:
        add_villages(NewVillages((found,), modules={"alms": True}))
    assert f"yang akan mati di {found.name}" in str(refused.value).replace("Desa ", "")
    with app.app_context():
        assert db.session.get(Area, NEW.id) is None
        assert explain(refused.value).message == str(refused.value)
        set_module(AreaCode.parse(KECAMATAN), "pantry", enabled=True)
        commit()
        add_villages(NewVillages((found,), modules={"alms": True}))
    assert runs(app, str(NEW)) == {"alms", "pantry"}


# ---- the words ----


def test_a_few_villages_are_named_and_the_others_counted(app: Flask) -> None:
    places = tuple(Place(number, f"Desa {number}") for number in range(1, 13))
    with app.test_request_context():
        told = str(Discord("pantry", "rival", places))
        few = str(replace(Discord("alms", "pantry", places[:2]), required=True))
    assert "akan terjadi di Desa 1, Desa 2, Desa 3 dan 9 desa lagi." in told
    assert "akan mati di Desa 1, Desa 2." in few
