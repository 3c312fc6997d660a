"""The chain of an area: linked at the commit, without gaps, however many write at once; and what tampering shows."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from hashlib import sha256
from random import Random
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import ProgrammingError

from core.areas.code import AreaCode
from core.areas.current import CurrentArea
from core.audit import AuditEntry, record
from core.audit.chain import GENESIS, Draft, Head, append, canonical_json, digest
from core.audit.verification import Fault, FaultKind, heads, verify
from core.database.session import commit, db, scope
from core.testing import FOREIGN, SIBLING, VILLAGE, at

CIBADAK = AreaCode.parse(VILLAGE)
NATION = AreaCode.from_id(0)

Tamper = Callable[[str], None]


@pytest.fixture
def tamper(owner_engine: Engine) -> Tamper:
    """Run a statement on the audit as somebody who may do everything: the owner of the schema."""

    def run(statement: str) -> None:
        with owner_engine.begin() as connection:
            connection.execute(text("ALTER TABLE audit_entries NO FORCE ROW LEVEL SECURITY"))
            result = connection.execute(text(statement))
            connection.execute(text("ALTER TABLE audit_entries FORCE ROW LEVEL SECURITY"))
            assert result.rowcount > 0

    return run


@pytest.fixture
def ten(app: Flask, areas: None) -> list[int]:
    """Ten entries of Cibadak."""
    with at(app, VILLAGE):
        for number in range(10):
            record("cases.opened", "case", number, ticket=f"CBD-26-{number:04d}")
            commit()
    return list(range(1, 11))


def entries(area: CurrentArea) -> list[AuditEntry]:
    query = select(AuditEntry).where(AuditEntry.area_id == area.id).order_by(AuditEntry.seq)
    return list(db.session.scalars(query))


def faults(app: Flask, *noted: Head) -> list[Fault]:
    with app.app_context(), scope(NATION):
        return list(verify(NATION, noted).faults)


def test_an_entry_says_who_did_what_to_which_object_when_and_from_where(village: CurrentArea) -> None:
    record("cases.opened", "case", UUID(int=7), ticket="CBD-26-0001")
    commit()
    (entry,) = entries(village)
    assert (entry.seq, entry.area_id, entry.user_name, entry.action) == (1, village.id, "uji", "cases.opened")
    assert (entry.object_type, entry.object_id) == ("case", str(UUID(int=7)))
    assert entry.detail == {"ticket": "CBD-26-0001"}
    assert entry.prev_hash == GENESIS


def test_the_entries_of_one_transaction_are_linked_in_the_order_in_which_they_were_made(village: CurrentArea) -> None:
    for action in ("a.first", "a.second", "a.third"):
        record(action)
    commit()
    record("a.fourth")
    commit()
    found = entries(village)
    assert [entry.action for entry in found] == ["a.first", "a.second", "a.third", "a.fourth"]
    assert [entry.prev_hash for entry in found[1:]] == [entry.hash for entry in found[:-1]]


def test_the_form_that_is_hashed_never_changes() -> None:
    draft = Draft(
        area_id=3201152008,
        at=datetime(2026, 11, 12, 8, 5, tzinfo=UTC),
        user_id=UUID(int=1),
        user_name="Siti “Titi” Aminah",
        action="people.nik_shown",
        object_type="person",
        object_id=str(UUID(int=2)),
        address=None,
        request_id="0123456789ab",
        detail=canonical_json({"b": [1, None], "a": "é"}),
    )
    assert draft.detail == '{"a":"é","b":[1,null]}'
    written_down = (
        '[1,3201152008,1,"2026-11-12T08:05:00.000000+00:00","00000000-0000-0000-0000-000000000001",'
        '"Siti “Titi” Aminah","people.nik_shown","person","00000000-0000-0000-0000-000000000002",null,"0123456789ab",'
        '"{\\"a\\":\\"é\\",\\"b\\":[1,null]}","' + "00" * 32 + '"]'
    )
    assert digest(draft, 1, GENESIS) == sha256(written_down.encode()).digest()


def test_any_detail_that_can_be_recorded_can_be_verified(app: Flask, village: CurrentArea) -> None:
    record("a.odd", tiny=1e-7, huge=1e16, whole=1.0, text='é"\\\n\u0000\u2028😀', nested={"z": [{"b": 1, "a": None}]})
    record("a.odd", when=datetime(2026, 1, 1, tzinfo=UTC), who=UUID(int=3), big=2**70)
    commit()
    assert verify(village).intact


def test_a_rolled_back_deed_leaves_neither_an_entry_nor_a_gap(village: CurrentArea) -> None:
    record("a.kept")
    commit()
    record("a.undone")
    db.session.rollback()
    record("a.closed")
    db.session.close()
    record("a.kept")
    commit()
    assert [(entry.seq, entry.action) for entry in entries(village)] == [(1, "a.kept"), (2, "a.kept")]


def test_a_rolled_back_savepoint_takes_its_entries_along_and_no_others(village: CurrentArea) -> None:
    record("a.before")
    outer = db.session.begin_nested()
    record("a.outer")
    with db.session.begin_nested():
        record("a.inner_released")
    outer.rollback()
    with db.session.begin_nested():
        record("a.released")
    record("a.after")
    commit()
    assert [entry.action for entry in entries(village)] == ["a.before", "a.released", "a.after"]


def test_what_happens_before_any_area_is_known_has_a_chain_of_its_own(app: Flask, areas: None) -> None:
    with app.app_context():
        record("users.sign_in_failed", "user")
        commit()
        assert db.session.scalars(select(AuditEntry)).all() == []
    with app.app_context(), scope(NATION):
        (entry,) = db.session.scalars(select(AuditEntry)).all()
        assert (entry.area_id, entry.seq) == (0, 1)
        assert verify(NATION).chains == 1


def test_eight_clerks_writing_and_rolling_back_at_once_make_one_chain_without_gaps(app: Flask, areas: None) -> None:
    def clerk(seed: int) -> int:
        rng, kept = Random(seed), 0  # noqa: S311 - no secrets
        for turn in range(15):
            with at(app, rng.choice([VILLAGE, VILLAGE, SIBLING])):
                for step in range(count := rng.randint(1, 3)):
                    record("cases.edited", "case", turn, clerk=seed, step=step)
                db.session.execute(text("SELECT 1"))
                if rng.random() < 0.3:
                    db.session.rollback()
                else:
                    commit()
                    kept += count
        return kept

    with ThreadPoolExecutor(8) as clerks:
        kept = sum(clerks.map(clerk, range(8)))
    with app.app_context(), scope(NATION):
        report = verify(NATION)
    assert report.faults == ()
    assert (report.chains, report.entries) == (2, kept)


def test_a_deed_that_is_not_committed_yet_keeps_nobody_waiting(app: Flask, areas: None) -> None:
    with at(app, VILLAGE):
        record("a.slow")
        db.session.flush()
        db.session.execute(text("SELECT 1"))
        with ThreadPoolExecutor(1) as other:
            other.submit(in_village, app, record_impatiently).result()
        commit()
        found = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)).all()
    assert found == ["a.impatient", "a.slow"]


def test_readers_and_other_villages_do_not_wait_for_a_chain_that_is_being_written(app: Flask, ten: list[int]) -> None:
    draft = Draft(CIBADAK.id, datetime.now(UTC), None, "uji", "a.b", "", "", None, None, "{}")
    with app.app_context(), scope(CIBADAK), db.engine.connect() as holder:
        append(holder, [draft])
        with ThreadPoolExecutor(1) as other:
            assert other.submit(in_village, app, lambda: verify(CIBADAK).entries).result() == len(ten)
            other.submit(in_village, app, record_impatiently, SIBLING).result()
            blocked = other.submit(in_village, app, record_impatiently)
            assert "lock timeout" in str(blocked.exception())


def record_impatiently() -> None:
    db.session.execute(text("SET LOCAL lock_timeout = '50ms'"))
    record("a.impatient")
    commit()


def in_village(app: Flask, work: Callable[[], object], code: str = VILLAGE) -> object:
    with at(app, code):
        return work()


def test_an_untouched_chain_is_intact(app: Flask, ten: list[int]) -> None:
    with app.app_context(), scope(CIBADAK):
        report = verify(CIBADAK, heads(CIBADAK))
    assert report.intact
    assert (report.chains, report.entries) == (1, 10)


@pytest.mark.parametrize(
    ("statement", "seq", "kind"),
    [
        ("UPDATE audit_entries SET user_name = 'Orang lain' WHERE seq = 4", 4, FaultKind.CHANGED),
        ('UPDATE audit_entries SET detail = \'{"ticket": "CBD-26-0003"}\' WHERE seq = 4', 4, FaultKind.CHANGED),
        ("UPDATE audit_entries SET at = at + interval '1 microsecond' WHERE seq = 4", 4, FaultKind.CHANGED),
        ("UPDATE audit_entries SET address = '' WHERE seq = 10", 10, FaultKind.CHANGED),
        ("UPDATE audit_entries SET hash = sha256('x') WHERE seq = 4", 4, FaultKind.CHANGED),
        ("UPDATE audit_entries SET seq = seq + 1 WHERE seq = 10", 10, FaultKind.MISSING),
        ("DELETE FROM audit_entries WHERE seq = 4", 4, FaultKind.MISSING),
        ("DELETE FROM audit_entries WHERE seq = 1", 1, FaultKind.MISSING),
        ("DELETE FROM audit_entries WHERE seq IN (3, 4, 9)", 3, FaultKind.MISSING),
    ],
)
@pytest.mark.usefixtures("ten")
def test_an_entry_that_was_changed_or_removed_is_named(
    app: Flask, tamper: Tamper, statement: str, seq: int, kind: FaultKind
) -> None:
    tamper(statement)
    assert faults(app) == [Fault(CIBADAK.id, seq, kind)]


def test_an_entry_that_was_put_in_is_named(app: Flask, ten: list[int], tamper: Tamper) -> None:
    tamper(
        "INSERT INTO audit_entries SELECT area_id, 11, at, user_id, user_name, action, object_type, object_id, address,"
        " request_id, detail, hash, sha256(hash) FROM audit_entries WHERE seq = 10"
    )
    assert faults(app) == [Fault(CIBADAK.id, 11, FaultKind.CHANGED)]


def test_an_entry_moved_to_another_village_is_named_in_both(app: Flask, ten: list[int], tamper: Tamper) -> None:
    tamper(f"UPDATE audit_entries SET area_id = {AreaCode.parse(SIBLING).id}, seq = 1 WHERE seq = 4")
    assert [(fault.area, fault.seq) for fault in faults(app)] == [(VILLAGE, 4), (SIBLING, 1)]


def test_an_entry_replaced_together_with_its_hash_breaks_the_link_of_the_next(
    app: Flask, ten: list[int], tamper: Tamper
) -> None:
    with at(app, VILLAGE) as area:
        fourth = entries(area)[3]
        forged = Draft(area.id, fourth.at, None, "Orang lain", "cases.opened", "case", "3", None, None, "{}")
        new_hash = digest(forged, 4, fourth.prev_hash).hex()
    tamper(
        "UPDATE audit_entries SET user_name = 'Orang lain', detail = '{}', "
        f"hash = decode('{new_hash}', 'hex') WHERE seq = 4"
    )
    assert faults(app) == [Fault(CIBADAK.id, 5, FaultKind.UNLINKED)]


def test_a_cut_end_shows_only_against_a_head_that_was_noted_before(app: Flask, ten: list[int], tamper: Tamper) -> None:
    with app.app_context(), scope(NATION):
        (noted,) = heads(NATION)
    assert noted.seq == 10
    tamper("DELETE FROM audit_entries WHERE seq > 7")
    assert faults(app) == []
    assert faults(app, noted) == [Fault(CIBADAK.id, 10, FaultKind.CUT)]
    tamper("DELETE FROM audit_entries")
    assert faults(app, noted) == [Fault(CIBADAK.id, 10, FaultKind.CUT)]


def test_a_recomputed_end_shows_only_against_a_head_that_was_noted_before(
    app: Flask, ten: list[int], tamper: Tamper
) -> None:
    with app.app_context(), scope(NATION):
        (noted,) = heads(NATION)
    tamper("DELETE FROM audit_entries WHERE seq = 10")
    with at(app, VILLAGE):
        record("cases.opened", "case", "other")
        commit()
    assert faults(app) == []
    assert faults(app, noted) == [Fault(CIBADAK.id, 10, FaultKind.REPLACED)]


def test_one_broken_chain_does_not_hide_another(app: Flask, ten: list[int], tamper: Tamper) -> None:
    for code in (SIBLING, FOREIGN):
        with at(app, code):
            record("a.first")
            record("a.second")
            commit()
    tamper("DELETE FROM audit_entries WHERE seq = 1")
    with app.app_context(), scope(NATION):
        report = verify(NATION)
    assert [fault.area for fault in report.faults] == [VILLAGE, SIBLING, FOREIGN]
    assert (report.chains, report.entries) == (3, 11)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_entries SET user_name = 'x'", "DELETE FROM audit_entries", "TRUNCATE audit_entries"],
)
def test_the_application_can_neither_change_nor_remove_an_entry(app: Flask, ten: list[int], statement: str) -> None:
    with at(app, VILLAGE), pytest.raises(ProgrammingError, match="permission denied"):
        db.session.execute(text(statement))


@pytest.mark.parametrize("writer", [SIBLING, "32.01", "32"])
def test_the_application_writes_to_no_chain_but_that_of_its_scope(app: Flask, ten: list[int], writer: str) -> None:
    statement = (
        "INSERT INTO audit_entries SELECT {}, 11, now(), NULL, '', '', '', '', NULL, NULL, '{{}}', ''::bytea, ''::bytea"
    )
    with at(app, writer), pytest.raises(ProgrammingError, match="row-level security"):
        db.session.execute(text(statement.format(CIBADAK.id)))
