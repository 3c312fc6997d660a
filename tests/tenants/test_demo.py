"""The demonstration: made up, the same every time, made once, and never beside real data."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Engine, func, select, text

from core.aid.exclusions import clashes_of_cases
from core.aid.models import ToldAid
from core.areas.code import AreaCode, Level
from core.areas.current import find_area
from core.areas.models import ModuleChange, ModuleSetting
from core.audit import AuditEntry
from core.cases.catalogue import find_service
from core.cases.models import Case, CaseEvent, CaseRequirement, LetterRecord, Task
from core.clock import now
from core.database.session import OwnRows, commit, db, scope
from core.people.models import Household, Person
from core.referrals.models import Referral
from core.testing import clear
from core.users.accounts import create_user
from core.users.models import Membership, User
from core.villages.opening_hours import Interval
from core.villages.profile import profile_of
from tenants.demo import SERVICE, DemoRefused, fill_demo
from tenants.demo_clock import moved_to
from tenants.demo_modules import DECISIONS
from tenants.demo_sign_ins import NEIGHBOUR, SIGN_INS, VILLAGE
from tenants.demo_stories import CIBADAK, deeds

Run = Callable[..., Result]
MOMENT = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)


def fill() -> bool:
    return fill_demo(moment=MOMENT, village_size=300, neighbour_size=40)


def stories(code: str) -> list[tuple[object, ...]]:
    """What can be seen of a village's cases, without ids and tokens."""
    with scope(AreaCode.parse(code)):
        rows = db.session.execute(
            select(Case.ticket, Case.state, Case.due_on, Case.opened_at, Case.data, Person.name, Person.nik)
            .join(Person, (Person.village_id == Case.village_id) & (Person.id == Case.person_id))
            .order_by(Case.ticket)
        )
        return [tuple(row) for row in rows]


pytestmark = pytest.mark.story  # each fills a whole demonstration


@pytest.fixture(scope="class")
def filled(app: Flask, owner_engine: Engine) -> Iterator[None]:
    """Made once for all tests of the class: it takes seconds, and each leaves it as it was."""
    with app.app_context():
        assert fill()
        yield
    clear(owner_engine)


@pytest.mark.usefixtures("filled")
class TestFilled:
    def test_the_desk_of_cibadak_is_open_on_wednesdays_and_its_neighbours_hours_are_not_known(self) -> None:
        told = {}
        for code in (VILLAGE, NEIGHBOUR):
            area = find_area(AreaCode.parse(code))
            assert area
            with scope(area):
                told[code] = profile_of(area).hours.week
        assert told == {VILLAGE: {2: (Interval(time(8), time(14)),)}, NEIGHBOUR: {}}

    def test_there_is_a_sign_in_for_each_role(self) -> None:
        rows = db.session.execute(
            select(User.username, Membership.role, User.is_demo, User.must_change_password).join(
                Membership, Membership.user_id == User.id
            )
        )
        assert {tuple(row) for row in rows} == {(person.username, person.role, True, False) for person in SIGN_INS}
        assert len({person.role for person in SIGN_INS}) == 8

    def test_sixty_cases_stand_in_every_state(self) -> None:
        with scope(AreaCode.parse(VILLAGE)):
            of_letters = select(Case.state, func.count()).where(Case.service == SERVICE).group_by(Case.state)
            states = dict(db.session.execute(of_letters).all())
            assert sum(states.values()) == 60
            assert set(states) == {
                "registered", "handling", "recommended", "approved", "done", "refused", "cancelled",
            }  # fmt: skip
            papers = set(db.session.scalars(select(CaseRequirement.state)))
            assert papers == {"wanted", "given", "waived"}
            today = MOMENT.date()
            open_due = db.session.scalars(select(Case.due_on).where(Case.closed_at.is_(None))).all()
            assert any(due < today for due in open_due)
            assert any(due >= today for due in open_due)

    def test_what_is_decided_outside_stands_everywhere_on_its_way(self) -> None:
        """One cannot wait, one was answered, one is silent for too long, one has to be looked at again."""
        with scope(AreaCode.parse(VILLAGE)):
            cases = db.session.scalars(select(Case).where(Case.service.startswith("pbi_jk."))).all()
            assert {case.state for case in cases} == {
                "registered", "handling", "sent", "proposed", "done", "refused",
            }  # fmt: skip
            assert {case.state for case in cases if case.urgent} == {"registered", "sent"}
            assert any(case.waiting and case.due_on < MOMENT.date() for case in cases)
            decisions = db.session.execute(select(Referral.decision, Referral.state)).all()
            assert {("done", "done"), ("done", "told"), ("refused", "told")} <= {tuple(row) for row in decisions}
            soon = Task.due_on.between(MOMENT.date(), MOMENT.date() + timedelta(days=31))
            assert db.session.scalar(select(func.count()).where(soon))

    def test_families_that_asked_for_blt_stand_from_the_desk_to_the_first_payment(self) -> None:
        with scope(AreaCode.parse(VILLAGE)):
            states = set(db.session.scalars(select(Case.state).where(Case.service == "blt_desa.aid")))
            assert states == {"registered", "candidate", "receiving", "reserve", "not_chosen"}
            signed = select(LetterRecord.key).where(
                LetterRecord.object_id.is_not(None), LetterRecord.signed_at.is_not(None)
            )
            assert set(db.session.scalars(signed)) == {"minutes", "decree"}

    def test_pupils_stand_on_the_way_to_their_money_with_a_deadline_missed_near_and_far(self) -> None:
        with scope(AreaCode.parse(VILLAGE)):
            cases = db.session.scalars(select(Case).where(Case.service == "pip.school")).all()
            assert {case.state for case in cases} == {
                "registered", "handling", "sent", "nominated", "account_activated", "decreed", "done", "refused",
            }  # fmt: skip
            left = sorted((case.due_on - MOMENT.date()).days for case in cases if case.state == "nominated")
            assert left == [-2, 6, 19]
            assert any(case.state == "sent" and case.due_on < MOMENT.date() for case in cases)
            assert all(case.person.age(MOMENT.date()) < 22 for case in cases)
            colleges = db.session.scalars(select(Case.state).where(Case.service == "pip.college"))
            assert sorted(colleges) == ["registered", "verified"]

    def test_families_of_pkh_are_on_the_list_with_what_was_verified_and_what_is_asked(self) -> None:
        with scope(AreaCode.parse(VILLAGE)):
            of_pkh = select(Case.service, Case.state).where(Case.service.startswith("pkh."))
            assert {tuple(row) for row in db.session.execute(of_pkh)} == {
                ("pkh.proposal", "registered"), ("pkh.proposal", "handling"),
                ("pkh.update", "registered"), ("pkh.update", "handling"),
            }  # fmt: skip
            states = set(db.session.scalars(text("SELECT state FROM pkh_families")))
            assert states == {"active", "left"}
            assert db.session.scalar(text("SELECT count(*) FROM pkh_checks WHERE value < 85 AND value > 31"))

    def test_aid_is_being_handed_out_and_some_of_it_went_back(self) -> None:
        with scope(AreaCode.parse(VILLAGE)):
            told = db.session.execute(text("SELECT title, closed_at IS NULL, returned_to FROM bansos_distributions"))
            assert {tuple(row) for row in told} == {
                ("Bantuan Pangan Beras (contoh)", True, ""),
                ("Paket sembako Baznas (contoh)", False, "Kantor Baznas kabupaten"),
            }
            fetched = set(db.session.scalars(text("SELECT fetched FROM bansos_recipients")))
            assert fetched == {True, False}
            states = db.session.scalars(select(Case.service).where(Case.service.startswith("bansos.")))
            assert sorted(states) == ["bansos.card", "bansos.card", "bansos.food", "bansos.food"]

    def test_two_families_told_of_aid_and_one_of_it_excludes_blt(self) -> None:
        with scope(AreaCode.parse(VILLAGE)):
            told = db.session.scalars(select(ToldAid).order_by(ToldAid.id)).all()
            assert [(row.programme, row.state) for row in told] == [("", "received"), ("pkh", "decided")]
            area, aid = find_area(AreaCode.parse(VILLAGE)), find_service("blt_desa.aid")
            assert area
            assert aid
            cases = db.session.scalars(select(Case).where(Case.service == aid.name).order_by(Case.id)).all()
            at_odds = clashes_of_cases(area, aid, cases, {"people.read"})
            assert [bool(at_odds[case.id]) for case in cases].count(True) == 1

    def test_complaints_stand_in_every_way_in_which_one_can(self) -> None:
        with scope(AreaCode.parse(VILLAGE)):
            complaints = db.session.execute(text("SELECT state, count(*) FROM complaints_complaints GROUP BY state"))
            assert dict(tuple(row) for row in complaints) == {"open": 6, "answered": 2, "closed": 1}
            late = "state = 'open' AND first_answer_on IS NULL AND answer_by < :day"
            count = text(f"SELECT count(*) FROM complaints_complaints WHERE {late}")
            assert db.session.scalar(count, {"day": MOMENT.date()}) == 2

    def test_a_list_of_the_switched_off_is_being_called_and_a_patient_is_enrolled_at_once(self) -> None:
        with scope(AreaCode.parse(VILLAGE)):
            results = set(db.session.scalars(text("SELECT result FROM pbi_jk_lines")))
            assert {"", "wants", "in_care", "unreachable", "moved"} <= results
            assert db.session.scalar(text("SELECT count(*) FROM pbi_jk_lines WHERE doubtful")) == 1
            of_uhc = db.session.execute(select(Case.state, Case.priority).where(Case.service == "uhc.enrolment"))
            assert {tuple(row) for row in of_uhc} == {
                ("handling", "urgent"), ("handling", "normal"), ("registered", "normal")
            }  # fmt: skip

    def test_children_were_measured_and_one_is_to_be_seen_by_the_puskesmas(self) -> None:
        with scope(AreaCode.parse(VILLAGE)):
            measured = "SELECT count(DISTINCT person_id), count(*) FROM balita_measurements"
            children, visits = db.session.execute(text(measured)).one()
            assert children == 12
            assert visits > 40
            assert db.session.scalar(text("SELECT count(*) FROM balita_rations")) == 2
            states = db.session.scalars(select(Case.state).where(Case.service == "balita.referral"))
            assert list(states) == ["handling"]

    def test_houses_are_proposed_under_repair_and_were_aided_before(self) -> None:
        with scope(AreaCode.parse(VILLAGE)):
            works = db.session.execute(text("SELECT progress, handed_on IS NULL FROM rtlh_works ORDER BY progress"))
            assert [tuple(row) for row in works] == [(30, True), (100, False)]
            assert db.session.scalar(text("SELECT count(*) FROM rtlh_expenses")) == 3
            states = db.session.scalars(select(Case.state).where(Case.service == "rtlh.repair"))
            assert sorted(states) == ["handling", "registered"]

    def test_patients_were_escorted_one_is_on_the_way_and_two_wait_for_their_case(self) -> None:
        with scope(AreaCode.parse(VILLAGE)):
            states = "SELECT state, count(*) FROM emergency_escorts GROUP BY state ORDER BY state"
            assert [tuple(row) for row in db.session.execute(text(states))] == [
                ("cancelled", 1),
                ("ended", 7),
                ("running", 1),
            ]
            waiting = "SELECT count(*) FROM emergency_escorts WHERE state = 'ended' AND follow_up = 'pending'"
            assert db.session.scalar(text(waiting)) == 2
            assert db.session.scalar(text("SELECT count(*) FROM emergency_shifts")) == 28

    def test_referrals_go_up_by_routes_with_a_note_and_figures(self) -> None:
        with scope(AreaCode.parse(VILLAGE[:5])):
            routes = db.session.scalars(text("SELECT DISTINCT village_id FROM slrt_routes")).all()
            assert routes == [AreaCode.parse(VILLAGE[:5]).id]
            counted = "SELECT count(DISTINCT village_id), sum(opened) > 0, sum(closed) >= sum(local) FROM slrt_months"
            assert tuple(db.session.execute(text(counted)).one()) == (1, True, True)
            assert db.session.scalar(text("SELECT count(*) FROM slrt_notes")) == 1

    def test_a_training_was_held_and_another_is_planned(self) -> None:
        district = AreaCode.parse(VILLAGE[:5])
        with scope(OwnRows(district.id)):
            states = "SELECT state, count(*) FROM training_sessions GROUP BY state ORDER BY state"
            assert [tuple(row) for row in db.session.execute(text(states))] == [("held", 1), ("planned", 1)]
            certified = "SELECT count(*) FROM training_participants WHERE token IS NOT NULL"
            assert db.session.scalar(text(certified)) == 2
        with scope(AreaCode.parse(VILLAGE)):
            assert db.session.scalar(text("SELECT count(*) FROM training_qualifications")) == 6

    def test_a_year_of_satisfaction_is_there_with_comments_and_actions_of_each_state(self) -> None:
        with scope(AreaCode.parse(VILLAGE)):
            months = db.session.scalars(text("SELECT count(*) FROM feedback_answers GROUP BY month")).all()
            assert (len(months), min(months)) == (13, 6)
            told = {"comments": {"published", "waiting", "withheld"}, "actions": {"done", "planned", "running"}}
            for table, states in told.items():
                assert set(db.session.scalars(text(f"SELECT state FROM feedback_{table}"))) == states
            assert db.session.scalar(text("SELECT count(*) FROM feedback_rated")) == 2

    def test_a_field_worker_has_her_area_with_visits_findings_and_a_check(self) -> None:
        with scope(AreaCode.parse(VILLAGE)):
            states = "SELECT state, count(*) FROM kader_findings GROUP BY state ORDER BY state"
            assert db.session.execute(text(states)).all() == [("answered", 1), ("new", 2), ("seen", 1)]
            states = "SELECT state, count(*) FROM kader_visits GROUP BY state ORDER BY state"
            assert db.session.execute(text(states)).all() == [("done", 3), ("planned", 3)]
            assert db.session.scalar(text("SELECT count(*) FROM kader_assignments")) == 3
            assert db.session.scalar(text("SELECT count(*) FROM kader_prechecks")) == 1

    def test_messages_were_sent_one_failed_and_one_waits(self) -> None:
        with scope(AreaCode.parse(VILLAGE)):
            states = "SELECT state, count(*) FROM whatsapp_messages GROUP BY state ORDER BY state"
            assert [tuple(row) for row in db.session.execute(text(states))] == [
                ("delivered", 2), ("failed", 1), ("read", 1), ("sent", 1), ("unclear", 1), ("waiting", 1),
            ]  # fmt: skip
            stopped = "SELECT count(*), count(stopped_at) FROM whatsapp_consents"
            assert tuple(db.session.execute(text(stopped)).one()) == (4, 1)

    def test_partners_have_met_one_agreement_ends_soon_and_the_next_meeting_has_its_agenda(self) -> None:
        with scope(AreaCode.parse(VILLAGE)):
            assert db.session.scalar(text("SELECT count(*) FROM partnership_partners")) == 4
            states = "SELECT state FROM partnership_meetings ORDER BY month"
            assert list(db.session.scalars(text(states))) == ["closed", "planned"]
            agenda = "SELECT count(*) FROM partnership_points JOIN partnership_meetings m ON m.id = meeting_id"
            assert db.session.scalar(text(f"{agenda} WHERE m.state = 'planned'"))
            assert db.session.scalar(text("SELECT count(DISTINCT month) FROM partnership_scorecards")) == 2

    def test_homes_were_surveyed_and_one_waits_for_a_second_person(self) -> None:
        with scope(AreaCode.parse(VILLAGE)):
            states = "SELECT state, count(*) FROM survey_surveys GROUP BY state ORDER BY state"
            assert db.session.execute(text(states)).all() == [("final", 1), ("open", 3), ("signed", 1)]
            counted = "SELECT outcome->'met', outcome->'poor' FROM survey_surveys WHERE outcome <> '{}' ORDER BY state"
            assert [row[1] for row in db.session.execute(text(counted))] == [True, False]

    def test_months_are_counted_one_report_was_sent_and_one_waits(self) -> None:
        with scope(AreaCode.parse(VILLAGE)):
            reports = db.session.execute(text("SELECT month::text, state FROM monitoring_reports ORDER BY month"))
            assert [tuple(row) for row in reports] == [("2026-09-01", "sent"), ("2026-10-01", "open")]
            counted = (
                "SELECT (figures->'monitoring.received'->>0)::int FROM monitoring_months WHERE month = '2026-11-01'"
            )
            assert db.session.scalar(text(counted)) > 5
            aid = "SELECT detail->'aid' ? 'pkh' FROM monitoring_months WHERE month = '2026-11-01'"
            assert db.session.scalar(text(aid))

    def test_restricted_cases_of_atensi_are_on_their_way_with_a_plan_and_a_visit(self) -> None:
        with scope(AreaCode.parse(VILLAGE)):
            found = select(Case.service, Case.state, Case.readers).where(Case.service.startswith("atensi."))
            assert {tuple(row[:2]) for row in db.session.execute(found)} == {
                ("atensi.child", "handling"), ("atensi.elderly", "handling"), ("atensi.aid", "handling"),
                ("atensi.emergency", "registered"),
            }  # fmt: skip
            assert all(row[2] == ["atensi.read"] for row in db.session.execute(found))
            planned = "SELECT (SELECT count(*) FROM atensi_supports), (SELECT count(*) FROM atensi_visits)"
            assert tuple(db.session.execute(text(planned)).one()) == (1, 1)

    def test_deciles_moved_and_proposals_are_on_their_way(self) -> None:
        with scope(AreaCode.parse(VILLAGE)):
            families, moved = db.session.execute(
                text("SELECT count(*), count(*) FILTER (WHERE moved) FROM dtsen_moves")
            ).one()
            assert (families, moved) == (48, 16)
            states = db.session.scalars(select(Case.state).where(Case.service == "dtsen.proposal").order_by(Case.state))
            assert list(states) == ["handling", "handling", "sent", "sent"]
            assert db.session.scalar(text("SELECT count(*) FROM dtsen_entries")) == 3
            results = db.session.scalars(text("SELECT result FROM dtsen_checks ORDER BY result"))
            assert list(results) == ["matched", *["unmatched"] * 3]

    def test_a_morning_of_the_queue_is_under_way_with_weeks_behind_it(self) -> None:
        with scope(AreaCode.parse(VILLAGE)):
            day = db.session.scalar(text("SELECT max(day) FROM queue_tickets"))
            states = db.session.execute(
                text("SELECT state, count(*) FROM queue_tickets WHERE day = :day GROUP BY state"), {"day": day}
            )
            expected = {"done": 1, "serving": 1, "called": 1, "skipped": 1, "waiting": 5}
            assert dict(tuple(row) for row in states) == expected
            assert db.session.scalar(text("SELECT count(DISTINCT day) FROM queue_tickets")) == 7
            bookings = text("SELECT count(*), count(case_id) FROM queue_bookings WHERE state = 'booked'")
            assert tuple(db.session.execute(bookings).one()) == (3, 2)
            assert db.session.scalar(text("SELECT count(*) FROM queue_requests WHERE state = 'open'")) == 1

    def test_letters_are_numbered_in_the_order_of_their_days(self) -> None:
        with scope(AreaCode.parse(VILLAGE)):
            letters = db.session.scalars(select(LetterRecord).order_by(LetterRecord.number)).all()
            assert [letter.number for letter in letters] == list(range(1, len(letters) + 1))
            assert [letter.issued_on for letter in letters] == sorted(letter.issued_on for letter in letters)
            assert any(letter.revoked_at for letter in letters)
            assert any(letter.signed_at is None for letter in letters)

    def test_what_happened_happened_in_the_past_and_in_order(self) -> None:
        with scope(AreaCode.parse(VILLAGE)):
            assert all(moment <= MOMENT for moment in db.session.scalars(select(CaseEvent.at)))
            for case_id in db.session.scalars(select(Case.id)):
                moments = db.session.scalars(
                    select(CaseEvent.at).where(CaseEvent.case_id == case_id).order_by(CaseEvent.id)
                ).all()
                assert moments == sorted(moments)

    def test_every_deed_in_the_audit_has_a_person(self) -> None:
        with scope(AreaCode.parse(VILLAGE)):
            names = set(db.session.scalars(select(AuditEntry.user_name)))
        assert names == {
            person.name for person in SIGN_INS if person.username in ("petugas", "kader", "kades", "mitra", "dinsos")
        }

    def test_the_neighbour_sees_its_own_residents_alone(self) -> None:
        for code, size in ((VILLAGE, 300), (NEIGHBOUR, 40)):
            with scope(AreaCode.parse(code)):
                assert db.session.scalar(select(func.count()).select_from(Person)) == size
                assert db.session.scalar(select(func.count()).where(Household.decile.is_not(None)))

    def test_the_matrix_has_deviations_with_a_lock_and_a_history(self) -> None:
        settings = {AreaCode.from_id(s.area_id).level for s in db.session.scalars(select(ModuleSetting))}
        assert settings == {Level.DISTRICT, Level.KECAMATAN, Level.VILLAGE}
        assert db.session.scalar(select(func.count()).where(ModuleSetting.locked)) == 1
        changes = db.session.scalars(select(ModuleChange).order_by(ModuleChange.id)).all()
        assert [change.at for change in changes] == sorted(change.at for change in changes)
        assert all(change.reason and change.user_name == "Rina Wulandari" for change in changes)
        assert len(changes) == len(DECISIONS)

    def test_a_second_time_changes_nothing(self) -> None:
        before = stories(VILLAGE)
        assert not fill()
        assert stories(VILLAGE) == before

    def test_it_is_the_same_every_time(self, owner_engine: Engine) -> None:
        before = stories(VILLAGE), stories(NEIGHBOUR)
        db.session.remove()
        clear(owner_engine)
        fill()
        assert (stories(VILLAGE), stories(NEIGHBOUR)) == before

    # The last of the class: what the first filling has written into the register stays, so that the stories of
    # Cibadak's second one are others.
    def test_an_interrupted_one_is_taken_up_again(self, owner_engine: Engine) -> None:
        before = stories(NEIGHBOUR)
        with owner_engine.begin() as connection:
            tables = "case_events, case_requirements, documents, letters, tasks, counters, cases"
            connection.exec_driver_sql(f"TRUNCATE {tables} CASCADE")
        assert fill()
        assert stories(NEIGHBOUR) == before


def test_progress_goes_up_to_a_hundred(empty: Flask) -> None:
    told: list[int] = []
    fill_demo(told.append, moment=MOMENT, village_size=300, neighbour_size=40)
    assert told == sorted(told)
    assert told[-1] == 100


def test_production_refuses_it(empty: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    platform = empty.extensions["puskesos"]
    monkeypatch.setattr(platform, "config", replace(platform.config, environment="production"))
    with pytest.raises(DemoRefused, match="production"):
        fill()
    assert db.session.scalar(select(func.count()).select_from(User)) == 0


def test_production_refuses_it_at_the_terminal(puskesos: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUSKESOS_ENV", "production")
    result = puskesos("demo")
    assert result.exit_code == 1
    assert "PUSKESOS_ENV=production" in result.output


def test_it_does_not_mix_with_a_real_account_of_the_same_name(empty: Flask) -> None:
    create_user("admin", "Sungguhan")
    commit()
    with pytest.raises(DemoRefused, match="admin sudah dipakai"):
        fill()


def test_deeds_are_in_order_on_working_days_and_never_in_the_future() -> None:
    zone = ZoneInfo("Asia/Jakarta")
    todo = deeds(CIBADAK, MOMENT, "Asia/Jakarta", Random(1))  # noqa: S311 - no secrets
    assert [deed.moment for deed in todo] == sorted(deed.moment for deed in todo)
    assert all(deed.moment < MOMENT for deed in todo)
    assert {deed.moment.astimezone(zone).weekday() for deed in todo} == {0, 1, 2, 3, 4}
    assert len({deed.case for deed in todo if deed.action == "open"}) == 60


def test_on_a_sunday_the_last_cases_are_fridays() -> None:
    sunday = datetime(2026, 11, 29, 6, 0, tzinfo=UTC)
    todo = deeds(CIBADAK, sunday, "Asia/Jakarta", Random(1))  # noqa: S311 - no secrets
    assert max(deed.moment for deed in todo if deed.action == "open").date() == sunday.date() - timedelta(days=2)


def test_the_clock_is_moved_for_the_demonstration_and_set_right_again(empty: Flask) -> None:
    with moved_to(MOMENT):
        assert now() == MOMENT
    assert now() != MOMENT
