"""Entering and changing residents by hand."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import IntegrityError

from core.areas.code import AreaCode
from core.areas.current import CurrentArea
from core.audit.models import AuditEntry
from core.database.session import commit, db, scope
from core.people import registry
from core.people.identity import Sex
from core.people.models import Household, Person
from core.people.registry import Decile, HouseholdInput, PersonInput
from core.testing import make_person

SITI = PersonInput(
    name="Siti Aminah", sex=Sex.P, birth_date=date(1990, 7, 15), nik="3201155507900001", mother_name="Encum"
)
FAMILY = HouseholdInput(kk_number="3201151507100001", address="Kp. Cibadak Girang", rt="002", rw="005")


def create(village: CurrentArea, **changes: object) -> Person:
    person = registry.create_person(village.id, replace(SITI, **changes), is_new_for_sure=True)
    commit()
    return person


def audit(action: str) -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


def test_a_new_resident_gets_a_name_key_and_is_audited(village: CurrentArea) -> None:
    person = create(village, name="H. Moch. Soedjana")
    assert (person.name_key, person.registry_match, person.version) == ("MUHAMADSUJANA", "unchecked", 1)
    assert [entry.object_id for entry in audit("people.created")] == [str(person.id)]


def test_a_nik_belongs_to_one_person_of_a_village(village: CurrentArea) -> None:
    first = create(village)
    with pytest.raises(registry.NikTaken) as taken:
        registry.create_person(village.id, replace(SITI, name="Dedi"), is_new_for_sure=True)
    assert taken.value.person.id == first.id


def test_two_people_without_a_nik_are_not_the_same(village: CurrentArea) -> None:
    create(village, nik=None)
    create(village, nik=None, name="Dedi", birth_date=date(1980, 1, 1))
    assert db.session.query(Person).count() == 2


def test_a_nik_that_another_clerk_entered_in_the_same_moment_is_refused(
    village: CurrentArea, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check before finds nobody yet; the database's unique index decides."""
    first = create(village).id
    looks: list[tuple[object, ...]] = []
    look = registry.person_with_nik

    def blind_at_first(village_id: int, nik: str) -> Person | None:
        looks.append((village_id, nik))
        return None if len(looks) == 1 else look(village_id, nik)

    monkeypatch.setattr(registry, "person_with_nik", blind_at_first)
    with pytest.raises(registry.NikTaken) as taken:
        registry.create_person(village.id, replace(SITI, name="Dedi"), is_new_for_sure=True)
    assert taken.value.person.id == first


def test_a_probable_duplicate_is_shown_before_saving_and_can_be_saved_anyway(village: CurrentArea) -> None:
    known = create(village)
    again = replace(SITI, name="SITI AMINNAH", nik=None)
    with pytest.raises(registry.ProbablyKnown) as probable:
        registry.create_person(village.id, again)
    assert [(item.person.id, bool(item.match.reasons)) for item in probable.value.similar] == [(known.id, True)]
    registry.create_person(village.id, again, is_new_for_sure=True)
    assert db.session.query(Person).count() == 2


def test_somebody_with_another_name_and_birth_date_is_no_duplicate(village: CurrentArea) -> None:
    create(village)
    registry.create_person(village.id, replace(SITI, name="Dedi", birth_date=date(1970, 1, 2), nik=None))


def test_duplicates_are_looked_for_in_one_query(village: CurrentArea) -> None:
    create(village)
    commit()
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    registry.similar_people(village.id, replace(SITI, nik=None))
    selects = [s for s in statements if s.startswith("SELECT")]
    assert len(selects) == 1


def test_a_stale_edit_is_refused_with_what_is_stored_now(village: CurrentArea) -> None:
    person = create(village)
    registry.update_person(village.id, person.id, replace(SITI, phone="0812"), version=1)
    commit()
    with pytest.raises(registry.StaleRow) as stale:
        registry.update_person(village.id, person.id, replace(SITI, phone="0899"), version=1)
    assert stale.value.stored.version == 2
    stored = db.session.get_one(Person, (village.id, person.id))
    assert stored.phone == "0812"


def test_the_audit_names_changed_fields_and_never_the_nik(village: CurrentArea) -> None:
    person = create(village)
    registry.update_person(village.id, person.id, replace(SITI, nik="3201155507900002", phone="0812"), version=1)
    commit()
    (entry,) = audit("people.changed")
    assert entry.detail == {"fields": ["nik", "phone"]}
    everything = db.session.scalars(text("SELECT row_to_json(a)::text FROM audit_entries a")).all()
    assert not any("320115550790" in row for row in everything)


def test_saving_without_a_change_writes_nothing(village: CurrentArea) -> None:
    person = create(village)
    registry.update_person(village.id, person.id, SITI, version=1)
    commit()
    assert (audit("people.changed"), person.version) == ([], 1)


def test_a_resident_of_another_village_cannot_be_changed(village: CurrentArea) -> None:
    with pytest.raises(registry.Gone):
        registry.update_person(village.id, uuid4(), SITI, version=1)


def test_a_resident_moves_into_another_family(village: CurrentArea) -> None:
    person = create(village)
    family = registry.create_household(village.id, FAMILY)
    registry.move_person(village.id, person.id, family.id, "wife", version=1)
    commit()
    assert (person.household_id, person.family_role) == (family.id, "wife")
    assert audit("people.changed")[-1].detail == {"fields": ["family_role", "household_id"]}


def test_a_family_number_belongs_to_one_family(village: CurrentArea) -> None:
    first = registry.create_household(village.id, FAMILY)
    with pytest.raises(registry.KkTaken) as taken:
        registry.create_household(village.id, replace(FAMILY, address="lain"))
    assert taken.value.household.id == first.id


def test_two_families_without_a_number_are_not_the_same(village: CurrentArea) -> None:
    registry.create_household(village.id, replace(FAMILY, kk_number=None))
    registry.create_household(village.id, replace(FAMILY, kk_number=None))
    assert db.session.query(Household).count() == 2


def test_the_official_decile_comes_with_its_date_and_source(village: CurrentArea) -> None:
    decile = Decile(3, date(2026, 1, 15), "SIKS-NG")
    family = registry.create_household(village.id, replace(FAMILY, decile=decile))
    assert (family.decile, family.decile_on, family.decile_source) == (3, date(2026, 1, 15), "SIKS-NG")
    registry.update_household(village.id, family.id, FAMILY, version=1)
    assert (family.decile, family.decile_on, family.decile_source) == (None, None, None)


def test_a_stale_edit_of_a_family_is_refused(village: CurrentArea) -> None:
    family = registry.create_household(village.id, FAMILY)
    registry.update_household(village.id, family.id, replace(FAMILY, rt="003"), version=1)
    with pytest.raises(registry.StaleRow):
        registry.update_household(village.id, family.id, replace(FAMILY, rt="004"), version=1)


def test_the_family_of_a_number_is_found_or_made(village: CurrentArea) -> None:
    made, is_new = registry.household_for_number(village.id, "3201151507100001")
    found, is_new_again = registry.household_for_number(village.id, "3201151507100001")
    assert (is_new, is_new_again, found.id) == (True, False, made.id)


def test_a_database_error_that_is_no_taken_number_is_not_hidden(village: CurrentArea) -> None:
    with pytest.raises(IntegrityError):
        registry.create_person(village.id, SITI, household_id=uuid4(), is_new_for_sure=True)


def test_nobody_writes_from_a_district(village: CurrentArea) -> None:
    person = make_person(village.id)
    commit()
    person_id = person.id
    with scope(AreaCode.parse("32.01")), pytest.raises(registry.Gone):
        registry.update_person(village.id, person_id, SITI, version=1)
