"""Playing the stories of the demonstration through the very functions that the pages call."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from random import Random

import segno
from sqlalchemy import select

from core.actor import Actor, acting
from core.areas.current import CurrentArea
from core.cases import checklist, letters, progress, tasks
from core.cases.intake import Intake, open_case
from core.cases.letter_values import letter_values
from core.cases.models import Case, LetterRecord
from core.cases.service import Service
from core.clock import today
from core.database.session import db
from core.people.models import Person
from core.people.search import family_of
from core.people.synthetic import REFERENCE_DAY
from core.platform import platform
from core.web.urls import verify_address

from .demo_clock import moved_to
from .demo_stories import Deed

REASONS = (
    "Kepala keluarga buruh tani harian, tanggungan tiga anak sekolah, rumah semi permanen.",
    "Janda dengan dua anak, berjualan gorengan, penghasilan tidak tetap.",
    "Kepala keluarga sakit menahun dan tidak bekerja, tinggal menumpang pada orang tua.",
    "Lansia hidup sendiri, dibantu tetangga, rumah belum berlistrik sendiri.",
    "Pengemudi ojek, motor kredit, rumah kontrakan dua kamar untuk enam orang.",
)
PURPOSES = {
    "school": ("SDN Cibadak 02", "SMPN 1 Ciampea", "SMK Negeri 1 Ciampea"),
    "health": ("RSUD Leuwiliang", "Puskesmas Ciampea"),
    "legal": ("Pengadilan Negeri Cibinong",),
    "aid": ("Dinas Sosial Kabupaten Bogor", "Baznas Kabupaten Bogor"),
}
WITNESSES = ("Ujang Sutisna", "Kokom Rohaeti", "Dadang Suhendar", "Iis Aisyah", "Maman Suparman")
CHANNELS = ("desk", "desk", "desk", "field_worker", "phone", "visit")
NOTES = {
    "refuse": "Hasil kunjungan: keluarga memiliki dua rumah sewa. Warga diberi tahu dan dapat mengajukan keberatan.",
    "cancel": "Warga membatalkan: sekolah sudah memberi keringanan tanpa surat.",
}


@dataclass(frozen=True)
class Team:
    """Who does what in a village; in a small one the same person may do all of it."""

    clerk: Actor
    field_worker: Actor
    head: Actor


def upload_example(case: Case, key: str) -> None:
    """A picture in place of a paper."""
    picture = io.BytesIO()
    segno.make(f"CONTOH {case.ticket} {key}").save(picture, kind="png", scale=8)
    picture.seek(0)
    folder = platform().config.files_dir
    checklist.give_document(case, key, stream=picture, filename=f"{key}-contoh.png", files_dir=folder)


class Player:
    """One village's cases while their stories are played. The same ``rng`` makes the same cases."""

    def __init__(self, area: CurrentArea, service: Service, team: Team, rng: Random) -> None:
        self.area, self.service, self.team, self.rng = area, service, team, rng
        self.people = self._people()
        self.cases: dict[int, Case] = {}
        table = platform().permissions
        self.working = table.of_role("village_staff")
        self.deciding = table.of_role("village_head")

    def _people(self) -> list[Person]:
        """Living adults, the most likely to ask, in an order that the seed decides."""
        query = select(Person).where(
            Person.village_id == self.area.id,
            Person.life_status == "alive",
            Person.nik.is_not(None),
            Person.household_id.is_not(None),
        )
        adults = [
            person for person in db.session.scalars(query.order_by(Person.nik)) if person.age(REFERENCE_DAY) >= 20
        ]
        self.rng.shuffle(adults)
        return adults

    def play(self, deed: Deed) -> None:
        actions: dict[str, Callable[[Case], object]] = {
            "papers": self.papers,
            "some_papers": lambda case: checklist.confirm_seen(case, self.service.requirements[0].key),
            "task": self.task,
            "issue": self.issue,
            "sign": self.sign,
            "revoke": self.revoke,
        }
        with moved_to(deed.moment), acting(self.actor_of(deed)):
            if deed.action == "open":
                self.cases[deed.case] = self.open(deed.case)
            elif deed.action in actions:
                actions[deed.action](self.cases[deed.case])
            else:
                self.step(self.cases[deed.case], deed.action)

    def actor_of(self, deed: Deed) -> Actor:
        if deed.action in ("approve", "refuse", "sign", "revoke"):
            return self.team.head
        return self.team.field_worker if deed.action == "open" and deed.case % 5 == 4 else self.team.clerk

    def open(self, number: int) -> Case:
        rng = self.rng
        purpose = rng.choice(list(PURPOSES))
        first, second = rng.sample(WITNESSES, 2)
        channel = "field_worker" if number % 5 == 4 else rng.choice(CHANNELS)
        answers = {
            "purpose": purpose,
            "addressee": rng.choice(PURPOSES[purpose]),
            "reason": rng.choice(REASONS),
            "witness_1": first,
            "witness_2": second,
        }
        intake = Intake(
            channel=channel,
            answers=answers,
            priority="urgent" if purpose == "health" and rng.random() < 0.15 else "normal",
            reporter_name=rng.choice(WITNESSES) if channel in ("field_worker", "phone") else "",
            reporter_relation="Tetangga" if channel in ("field_worker", "phone") else "",
            privacy_notice_given=True,
            assigned_to=self.team.clerk.user_id if number % 7 else self.team.field_worker.user_id,
        )
        return open_case(self.area, self.service, self.people[number], intake)

    def papers(self, case: Case) -> None:
        """Most papers are shown at the desk; now and then one is photographed, one is waived, the photo is left out."""
        for requirement in self.service.requirements:
            chance = self.rng.random()
            if not requirement.mandatory and chance < 0.5:
                continue
            if chance < 0.15:
                checklist.waive(case, requirement.key, "Hilang karena banjir; keterangan dua saksi dipegang.")
            elif chance > 0.75:
                upload_example(case, requirement.key)
            else:
                checklist.confirm_seen(case, requirement.key)

    def task(self, case: Case) -> None:
        due = today(self.area.timezone) + timedelta(days=self.rng.choice((1, 2, 5, 14)))
        made = tasks.add_task(case, "Kunjungi rumah dan foto keadaannya", due, self.team.field_worker.user_id)
        db.session.flush()
        if self.rng.random() < 0.3:
            tasks.set_task_done(case, made.id, done=True)

    def step(self, case: Case, key: str) -> None:
        permissions = self.deciding if key in ("approve", "refuse") else self.working
        progress.take_step(self.area, case, self.service, key, permissions, progress.Answer(note=NOTES.get(key, "")))

    def issue(self, case: Case) -> None:
        request = letters.LetterRequest(
            area=self.area,
            case=case,
            service=self.service,
            letter=self.service.letters[0],
            values=letter_values(self.service, case, family_of(case.person)),
            verify_url=verify_address(self.area),
        )
        letters.issue_letter(request, platform().config.files_dir)

    def sign(self, case: Case) -> None:
        letters.sign_letter(case, self.valid_letter(case))

    def revoke(self, case: Case) -> None:
        letters.revoke_letter(case, self.valid_letter(case), "Nama sekolah tujuan salah tulis; diganti surat baru.")

    @staticmethod
    def valid_letter(case: Case) -> LetterRecord:
        return next(letter for letter in progress.letters_of(case) if letter.revoked_at is None)
