"""The page of background work: the worker, the jobs of one's own areas, and trying a failed one again."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask
from sqlalchemy import Engine, select, text

from core.actor import Actor
from core.areas.current import CurrentArea
from core.audit import AuditEntry, record
from core.database.session import commit, db
from core.job_overview import reason_of
from core.jobs import TASKS, enqueue, job, run_waiting
from core.testing import FOREIGN, SIBLING, VILLAGE, SignInAs, at


@dataclass
class Work:
    """A job of the test's own: it fails as long as it is ``broken``, and notes in ``done`` where it succeeded."""

    app: Flask
    broken: bool = True
    done: list[str] = field(default_factory=list)

    def run(self, area: CurrentArea) -> None:
        if self.broken:
            raise OSError("No space left on device")
        self.done.append(area.code)
        db.session.rollback()

    def ask(self, code: str = VILLAGE, by: str = "Siti Aminah") -> None:
        with at(self.app, code, Actor(None, by)) as area:
            enqueue("test.work", area)
            commit()


@pytest.fixture
def work(app: Flask, areas: None, owner_engine: Engine) -> Iterator[Work]:
    made = Work(app)
    job("test.work", on_failure=lambda _area, _error: commit())(made.run)
    yield made
    del TASKS["test.work"]
    with owner_engine.begin() as owner:
        owner.execute(text("TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE"))


def retry_links(page: str) -> list[str]:
    return re.findall(r'action="([^"]+/retry)"', page)


@pytest.mark.parametrize(
    ("role", "area", "status"),
    [
        ("district_admin", "32.01", 200),
        ("district_admin", "32.01.15", 200),
        ("auditor", "32.01", 403),
        ("district_officer", "32.01", 403),
        ("district_admin", VILLAGE, 404),
        ("village_head", "32.01", 404),
    ],
)
def test_background_work_is_the_districts_admins(sign_in: SignInAs, role: str, area: str, status: int) -> None:
    home = VILLAGE if role == "village_head" else "32.01"
    assert sign_in(role, home).get(f"/{area}/jobs").status_code == status


def test_waiting_jobs_are_listed_with_village_and_who_asked(work: Work, sign_in: SignInAs) -> None:
    work.ask()
    page = sign_in("district_admin", "32.01").get("/32.01/jobs").text
    assert "test.work" in page
    assert "Desa Cibadak" in page
    assert "Siti Aminah" in page
    assert ">Menunggu<" in page
    assert retry_links(page) == []


def test_only_jobs_of_the_pages_area_are_listed_and_counted(work: Work, sign_in: SignInAs) -> None:
    for code in (VILLAGE, SIBLING, FOREIGN):
        work.ask(code, by=f"dari {code}")
    bogor = sign_in("district_admin", "32.01").get("/32.01/jobs").text
    assert re.findall(r"dari (\S+)<", bogor) == [SIBLING, VILLAGE]
    assert "Semua <small>2</small>" in bogor
    sukabumi = sign_in("district_admin", "32.02").get("/32.02/jobs").text
    assert re.findall(r"dari (\S+)<", sukabumi) == [FOREIGN]


def test_a_failed_job_can_be_tried_again_as_often_as_it_takes(app: Flask, work: Work, sign_in: SignInAs) -> None:
    work.ask()
    admin = sign_in("district_admin", "32.01")
    run_waiting(app)
    for _attempt in range(4):
        (link,) = retry_links(admin.get("/32.01/jobs?state=failed").text)
        answer = admin.post(link, follow_redirects=True)
        assert "masuk antrean lagi" in answer.text
        assert retry_links(answer.text) == []
        run_waiting(app)
    work.broken = False
    admin.post(retry_links(admin.get("/32.01/jobs").text)[0])
    run_waiting(app)
    assert work.done == [VILLAGE]
    assert "Tidak ada pekerjaan" in admin.get("/32.01/jobs").text
    with at(app, "32.01"):
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "jobs.retried")).first()
        assert entry
        assert entry.detail == {"task": "test.work", "area": VILLAGE}


def test_a_failed_job_tells_why(app: Flask, work: Work, sign_in: SignInAs) -> None:
    work.ask()
    run_waiting(app)
    admin = sign_in("district_admin", "32.01")
    with at(app, VILLAGE):
        job_id = db.session.scalar(text("SELECT max(id) FROM procrastinate_jobs"))
        for reason in ("OSError: an earlier one", "OSError: No space left on device"):
            record("jobs.failed", "job", job_id, task="test.work", reason=reason)
            commit()
    page = admin.get("/32.01/jobs").text
    assert "OSError: No space left on device" in page
    assert "an earlier one" not in page


def test_a_job_of_another_district_cannot_be_tried_again(app: Flask, work: Work, sign_in: SignInAs) -> None:
    work.ask(FOREIGN)
    run_waiting(app)
    (link,) = retry_links(sign_in("district_admin", "32.02").get("/32.02/jobs").text)
    admin = sign_in("district_admin", "32.01")
    assert admin.post(link).status_code == 404
    assert admin.post(link.replace("/32.02/", "/32.01/")).status_code == 404
    assert sign_in("auditor", "32.02").post(link).status_code == 403


def test_what_has_not_failed_cannot_be_tried_again(app: Flask, work: Work, sign_in: SignInAs) -> None:
    work.ask()
    with at(app, VILLAGE):
        job_id = db.session.scalar(text("SELECT max(id) FROM procrastinate_jobs"))
    assert sign_in("district_admin", "32.01").post(f"/32.01/jobs/{job_id}/retry").status_code == 404


def test_the_reason_of_a_failure_is_told_without_numbers_that_may_be_a_residents() -> None:
    assert reason_of(OSError("No space left on device")) == "OSError: No space left on device"
    error = ValueError("duplicate key value\nDETAIL:  Key (nik)=(3201150107900001) already exists.")
    assert reason_of(error) == "ValueError: duplicate key value"
    assert reason_of(ValueError("NIK 3201150107900001 twice")) == "ValueError: NIK … twice"


def test_a_page_without_a_worker_says_so_and_since_when(
    app: Flask, work: Work, sign_in: SignInAs, owner_engine: Engine
) -> None:
    admin = sign_in("district_admin", "32.01")
    assert "belum pernah berjalan" in admin.get("/32.01/jobs").text
    with owner_engine.begin() as owner:
        owner.execute(text("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '10 minutes')"))
    assert "Tidak ada pekerja latar yang berjalan; tanda hidup terakhir" in admin.get("/32.01/jobs").text
    with owner_engine.begin() as owner:
        owner.execute(text("INSERT INTO procrastinate_workers DEFAULT VALUES"))
    assert "Pekerja latar berjalan." in admin.get("/32.01/jobs").text


def test_a_worker_that_was_stopped_in_good_order_is_remembered(
    app: Flask, work: Work, sign_in: SignInAs, owner_engine: Engine
) -> None:
    with owner_engine.begin() as owner:
        owner.execute(
            text(
                "INSERT INTO procrastinate_periodic_defers (task_name, defer_timestamp)"
                " VALUES ('jobs.rescue', extract(epoch FROM now() - interval '1 hour')::bigint)"
            )
        )
    assert "tanda hidup terakhir" in sign_in("district_admin", "32.01").get("/32.01/jobs").text


def test_pages_of_jobs_follow_each_other(work: Work, sign_in: SignInAs) -> None:
    for number in range(30):
        work.ask(by=f"orang-{number}")
    admin, seen, link = sign_in("district_admin", "32.01"), [], "/32.01/jobs"
    while link:
        page = admin.get(link).text
        seen.append(re.findall(r"orang-(\d+)", page))
        found = re.search(r'rel="next" href="([^"]+)"', page)
        link = found[1] if found else ""
    assert [len(rows) for rows in seen] == [25, 5]
    assert [int(row) for page in seen for row in page] == list(range(29, -1, -1))
