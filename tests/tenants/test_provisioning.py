"""Plan and apply: what a district's file changes in the database, and what it never does."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from core.areas.code import AreaCode
from core.areas.current import find_area
from core.areas.models import Area, ModuleSetting
from core.areas.modules import set_module
from core.audit import AuditEntry
from core.database.session import commit, db, scope
from core.platform import platform
from core.users.accounts import create_user, end_account, find_user, grant, reset_password
from core.users.models import Membership
from core.users.passwords import verify_password
from tenants.apply import Applied, provision
from tenants.catalogue import find, villages_in
from tenants.demo import MANIFEST
from tenants.manifest import Manifest, ModuleChoice, read_manifest
from tenants.plan import Plan, plan

BOGOR = AreaCode.parse("32.01")
CIBADAK, CIHIDEUNG = AreaCode.parse("32.01.15.2008"), AreaCode.parse("32.01.15.2010")
ON = '[modules]\nenabled = ["sktm"]\n'
HEAD = '[[staff]]\nusername = "kades"\nname = "Ade"\nrole = "village_head"\narea = "32.01.15.2008"\n'

WriteFile = Callable[..., Path]
pytestmark = pytest.mark.usefixtures("bogor")


def read(path: Path) -> Manifest:
    return read_manifest(path, platform().plugins.plugins)


def apply_file(path: Path, *, prune: bool = False) -> Applied:
    return provision(read(path), prune=prune)


def plan_file(path: Path, *, prune: bool = False) -> Plan:
    return plan(read(path), prune=prune)


def area(code: AreaCode) -> Area:
    return db.session.get_one(Area, code.id)


def test_a_whole_district_is_provisioned_with_its_parents() -> None:
    provision(read(MANIFEST))
    levels = dict(db.session.execute(select(Area.level, func.count()).group_by(Area.level)).all())
    assert levels == {1: 1, 2: 1, 3: 40, 4: 435}
    cibadak = find_area(CIBADAK)
    assert cibadak
    assert (cibadak.title, cibadak.path) == ("Desa Cibadak", "Kec. Ciampea · Kabupaten Bogor")
    assert (cibadak.ticket_prefix, cibadak.postal_code, cibadak.timezone) == ("CBD", "16620", "Asia/Jakarta")
    assert cibadak.enabled == {"balita", "bansos", "blt_desa", "complaints", "dtsen", "pbi_jk", "pip", "pkh", "sktm", "uhc"}


def test_applying_again_changes_nothing() -> None:
    provision(read(MANIFEST))
    entries = db.session.scalar(select(func.count()).select_from(AuditEntry))
    again = provision(read(MANIFEST))
    assert again.plan.is_empty
    assert again.accounts == ()
    assert again.plan.areas.unchanged == 477
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == entries


def test_a_plan_changes_nothing(district_file: WriteFile) -> None:
    todo = plan_file(district_file(ON + HEAD))
    assert [str(row.code) for row in todo.areas.added] == ["32", "32.01", "32.01.15", "32.01.15.2008", "32.01.15.2010"]
    assert [member.username for member in todo.accounts] == ["kades"]
    assert not todo.is_empty
    assert db.session.scalar(select(func.count()).select_from(Area)) == 0


def test_a_village_that_vanished_from_the_file_is_told_and_kept(district_file: WriteFile) -> None:
    apply_file(district_file(ON))
    applied = apply_file(district_file(ON, villages='["32.01.15.2008"]'))
    assert [row.code for row in applied.plan.areas.gone] == [CIHIDEUNG]
    assert applied.plan.is_empty
    assert area(CIHIDEUNG).enabled == ["sktm"]


def test_a_name_that_the_ministry_changed_is_updated_and_its_ticket_kept(district_file: WriteFile) -> None:
    apply_file(district_file())
    db.session.execute(update(Area).where(Area.id == CIBADAK.id).values(name="Tjibadak", ticket_prefix="TJB"))
    applied = apply_file(district_file())
    assert [row.name for row in applied.plan.areas.changed] == ["Cibadak"]
    db.session.expire_all()
    assert (area(CIBADAK).name, area(CIBADAK).ticket_prefix) == ("Cibadak", "TJB")


def test_prefixes_stay_when_villages_are_added(district_file: WriteFile) -> None:
    apply_file(district_file(villages='["32.01.36.2006"]'))
    apply_file(district_file(villages='["32.01.36.2006", "32.01.15.2008", "32.01.09.2005"]'))
    prefixes = db.session.execute(select(Area.code, Area.ticket_prefix).where(Area.name == "Cibadak").order_by(Area.id))
    assert dict(prefixes.all()) == {
        "32.01.09.2005": "CBD2",
        "32.01.15.2008": "CBD3",
        "32.01.36.2006": "CBD",
    }


def test_a_prefix_in_the_file_is_for_a_village_that_has_none_yet(district_file: WriteFile) -> None:
    apply_file(district_file('[tickets]\n"32.01.15.2008" = "CIB"\n'))
    assert area(CIBADAK).ticket_prefix == "CIB"
    todo = plan_file(district_file('[tickets]\n"32.01.15.2008" = "CBD"\n'))
    assert todo.is_empty
    assert "tetap CIB" in todo.notes[0]


def test_a_prefix_that_another_village_has_is_not_taken_away(district_file: WriteFile) -> None:
    apply_file(district_file(villages='["32.01.15.2008"]'))
    applied = apply_file(district_file('[tickets]\n"32.01.15.2010" = "CBD"\n'))
    assert "sudah dipakai 32.01.15.2008" in applied.plan.notes[0]
    assert area(CIHIDEUNG).ticket_prefix == "CHD"


def test_an_override_turns_a_module_off_in_one_village(district_file: WriteFile) -> None:
    off = '[[override]]\narea = "32.01.15.2010"\nmodule = "sktm"\nenabled = false\n'
    apply_file(district_file(ON + off))
    assert (area(CIBADAK).enabled, area(CIHIDEUNG).enabled) == (["sktm"], [])


def test_a_lock_holds_against_a_village(district_file: WriteFile) -> None:
    apply_file(district_file(ON))
    set_module(CIHIDEUNG, "sktm", enabled=False)
    commit()
    applied = apply_file(district_file('[modules]\nenabled = ["sktm"]\nlocked = ["sktm"]\n'))
    assert [setting.locked for setting in applied.plan.settings.changed] == [True]
    db.session.expire_all()
    assert area(CIHIDEUNG).enabled == ["sktm"]


def test_a_setting_that_is_not_in_the_file_is_kept_unless_it_is_to_be_pruned(district_file: WriteFile) -> None:
    apply_file(district_file(ON))
    set_module(CIHIDEUNG, "sktm", enabled=False)
    commit()
    kept = apply_file(district_file(ON))
    assert kept.plan.is_empty
    assert [setting.area_id for setting in kept.plan.settings.gone] == [CIHIDEUNG.id]
    db.session.expire_all()
    assert area(CIHIDEUNG).enabled == []
    pruned = apply_file(district_file(ON), prune=True)
    assert not pruned.plan.is_empty
    db.session.expire_all()
    assert area(CIHIDEUNG).enabled == ["sktm"]
    assert db.session.scalars(select(ModuleSetting.area_id)).all() == [BOGOR.id]


def test_a_new_account_gets_a_password_once_and_an_old_one_keeps_its_own(district_file: WriteFile) -> None:
    first = apply_file(district_file(HEAD))
    assert [account.username for account in first.accounts] == ["kades"]
    password = first.accounts[0].password
    assert verify_password(find_user("kades").password_hash, password)
    second = apply_file(district_file(HEAD + HEAD.replace("2008", "2010")))
    assert second.accounts == ()
    assert verify_password(find_user("kades").password_hash, password)
    assert set(db.session.scalars(select(Membership.area_id))) == {CIBADAK.id, CIHIDEUNG.id}


def test_a_persons_new_name_and_last_day_are_carried_over(district_file: WriteFile) -> None:
    apply_file(district_file(HEAD))
    applied = apply_file(district_file(HEAD.replace('"Ade"', '"Ade Sopyan"') + "until = 2027-12-31\n"))
    assert len(applied.plan.staff.changed) == 1
    assert find_user("kades").name == "Ade Sopyan"
    assert str(db.session.scalar(select(Membership.until))) == "2027-12-31"


def test_a_role_given_on_the_spot_is_told_and_kept(district_file: WriteFile) -> None:
    apply_file(district_file(HEAD))
    user, _password = create_user("kader", "Euis")
    grant(user, CIBADAK, "field_worker")
    commit()
    applied = apply_file(district_file(HEAD))
    assert [member.username for member in applied.plan.staff.gone] == ["kader"]
    assert db.session.scalar(select(func.count()).select_from(Membership)) == 2


def test_an_ended_account_is_not_opened_again(district_file: WriteFile) -> None:
    apply_file(district_file(HEAD))
    end_account(find_user("kades"))
    commit()
    applied = apply_file(district_file(HEAD))
    assert applied.plan.is_empty
    assert "kades sudah diakhiri" in applied.plan.notes[0]
    assert find_user("kades").ended_at is not None


def test_what_was_applied_is_in_the_audit(district_file: WriteFile) -> None:
    apply_file(district_file(ON + HEAD))
    entries = {entry.action: entry for entry in db.session.scalars(select(AuditEntry))}
    assert set(entries) == {"tenants.applied", "users.created", "users.granted"}
    assert entries["tenants.applied"].area_id == BOGOR.id
    assert entries["tenants.applied"].detail["areas"] == {"added": 5, "changed": 0, "removed": 0}
    assert all("password" not in str(entry.detail) for entry in entries.values())


def test_nothing_is_kept_of_an_application_that_fails(
    district_file: WriteFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("tenants.apply.grant", fail)
    with pytest.raises(RuntimeError):
        apply_file(district_file(ON + HEAD))
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Area)) == 0


def test_two_districts_share_their_province() -> None:
    manifest = read(MANIFEST)
    provision(replace(manifest, staff=()))
    sukabumi = AreaCode.parse("32.02")
    found = find(sukabumi)
    assert found
    villages = tuple(villages_in(sukabumi))
    other = Manifest(MANIFEST, found, villages, modules=(ModuleChoice(sukabumi, "sktm", enabled=True),))
    with scope(sukabumi):
        applied = provision(other)
        assert applied.plan.areas.unchanged == 1
        assert applied.plan.areas.gone == ()
        # Both districts have a Cibadak, and so both have a CBD.
        assert len(db.session.scalars(select(Area.id).where(Area.ticket_prefix == "CBD")).all()) == 2


def test_a_reset_password_survives_the_next_application(district_file: WriteFile) -> None:
    apply_file(district_file(HEAD))
    password = reset_password(find_user("kades"))
    commit()
    apply_file(district_file(HEAD))
    assert verify_password(find_user("kades").password_hash, password)
