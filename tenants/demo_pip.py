"""PIP in the demonstration: from the child whose letter waits for a signature to the money that has come."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from core.areas.current import CurrentArea
from core.cases.catalogue import offered
from core.cases.intake import Intake, open_case
from core.cases.models import Case
from core.cases.progress import Answer, take_step
from core.cases.service import Service
from core.clock import today
from core.database.session import db
from core.people.models import Household, Person

from .demo_cases import Player, Team
from .demo_stories import DAY, HOUR, MINUTE, Deed, Fate, Steps, deeds

SCHOOL, COLLEGE = "pip.school", "pip.college"
PHONE = "081200000000"
SEED = "pip"
POOR = 4
DECILES_ON = date(2026, 1, 15)

READY: Steps = (("papers", 10 * MINUTE), ("handle", HOUR), ("issue", HOUR))
SENT: Steps = (*READY, ("sign", HOUR), ("send", DAY))
NOMINATED: Steps = (*SENT, ("nominated", 30 * DAY))
ACTIVE: Steps = (*NOMINATED, ("account_activated", 9 * DAY))
PAID: Steps = (*ACTIVE, ("decreed", 25 * DAY), ("approve", 12 * DAY), ("tell", DAY))
MISSED: Steps = (*NOMINATED, ("reject", 40 * DAY), ("tell_rejected", DAY))


@dataclass(frozen=True)
class Story:
    """What happens to one young person of these ages, begun so many working days ago.

    ``days_left``: from now until the account must be active; ``answers`` differ from the usual ones.
    """

    began: int
    steps: Steps
    ages: tuple[int, int]
    answers: Mapping[str, Any]
    days_left: int = 0


PUPILS = (
    Story(150, PAID, (11, 11), {"grade": "5", "school": "SDN Cibadak 02", "grounds": ["kks"]}, -80),
    Story(120, MISSED, (13, 14), {"grade": "8", "school": "SMPN 1 Ciampea"}, -35),
    Story(60, (*SENT, ("decreed", 20 * DAY)), (8, 9), {"grade": "3", "school": "SDN Cibadak 02", "grounds": ["kip"]}),
    Story(55, ACTIVE, (16, 17), {"grade": "11", "school": "SMKN 1 Ciampea"}, 20),
    Story(48, NOMINATED, (15, 16), {"grade": "10", "school": "MA Al-Falah", "kind": "madrasah"}, -2),
    Story(45, NOMINATED, (9, 10), {"grade": "4", "school": "SDN Cibadak 02", "grounds": ["orphan"]}, 6),
    Story(40, NOMINATED, (12, 13), {"grade": "7", "school": "SMPN 1 Ciampea", "grounds": ["kip"]}, 19),
    Story(
        80, SENT, (14, 15), {"grade": "9", "school": "PKBM Harapan", "kind": "equivalency", "attendance": "returning"}
    ),
    Story(3, READY, (7, 8), {"grade": "2", "school": "SDN Cibadak 02", "nisn": ""}),
    Story(0, (), (10, 11), {"grade": "5", "school": "SDN Cibadak 02", "nisn": ""}),
)
APPLICANTS = (
    Story(30, (*SENT, ("verified", 14 * DAY)), (18, 19), {"admission": "accepted", "college": "Universitas Contoh"}),
    Story(1, (), (17, 19), {"admission": "applying"}),
)
USUAL: Mapping[str, Mapping[str, Any]] = {
    SCHOOL: {"kind": "school", "attendance": "enrolled", "nisn": "0012345678", "grounds": []},
    COLLEGE: {
        "school": "SMAN 1 Leuwiliang",
        "nisn": "0012345678",
        "grounds": ["sktm"],
        "college": "",
        "registration": "",
    },
}
SAID: Mapping[str, Answer] = {
    "send": Answer("Dibawa orang tua ke sekolah."),
    "nominated": Answer("Tercantum di SK nominasi, dilihat di laman PIP. Keluarga diberi tahu."),
    "account_activated": Answer("Buku tabungan SimPel diperlihatkan."),
    "decreed": Answer("Tercantum di SK pemberian, dilihat di laman PIP."),
    "verified": Answer("Kampus meminta foto rumah; sudah dikirim."),
    "approve": Answer("", "Dana masuk rekening SimPel"),
    "reject": Answer("Keluarga pindah sementara.", "Rekening tidak diaktifkan pada waktunya"),
    "tell": Answer("", how="desk"),
    "tell_rejected": Answer("Dapat diusulkan lagi tahun depan.", how="visit"),
}


class SchoolPlayer(Player):
    """Plays the stories of one of the two services, each with a young person of its own."""

    def __init__(
        self, area: CurrentArea, service: Service, team: Team, stories: tuple[Story, ...], moment: datetime
    ) -> None:
        self.stories, self.moment = stories, moment
        super().__init__(area, service, team, Random(f"{area.code}/{SEED}/{service.name}"))  # noqa: S311 - no secrets

    def deeds(self) -> list[Deed]:
        fates = tuple(Fate(story.steps, (story.began,)) for story in self.stories)
        return deeds(fates, self.moment, self.area.timezone, self.rng)

    def _people(self) -> list[Person]:
        """For each story the first, in an order that the seed decides; nobody serves two."""
        query = (
            select(Person)
            .where(
                Person.village_id == self.area.id,
                Person.life_status == "alive",
                Person.nik.is_not(None),
                Person.household_id.is_not(None),
                Person.family_role == "child",
            )
            .order_by(Person.nik)
        )
        children = list(db.session.scalars(query))
        self.rng.shuffle(children)
        return list(self._cast(children))

    def _cast(self, children: list[Person]) -> Iterator[Person]:
        day = self.moment.date()
        for story in self.stories:
            youngest, oldest = story.ages
            fitting = [child for child in children if youngest <= child.age(day) <= oldest]
            chosen = (fitting or children)[0]
            children.remove(chosen)
            yield chosen

    def open(self, number: int) -> Case:
        person, day = self.people[number], today(self.area.timezone)
        household = db.session.get_one(Household, (self.area.id, person.household_id))
        household.decile = 1 + number % POOR
        household.decile_on, household.decile_source = DECILES_ON, "DTSEN (contoh)"
        answers = {**USUAL[self.service.name], **self.stories[number].answers}
        if self.service.name == COLLEGE:
            answers["graduated_in"] = day.year
        intake = Intake(
            channel="desk",
            answers=answers,
            reporter_name=person.mother_name,
            reporter_relation="Ibu" if person.mother_name else "",
            reporter_phone=PHONE,
            privacy_notice_given=True,
            assigned_to=self.team.clerk.user_id,
        )
        return open_case(self.area, self.service, person, intake)

    def step(self, case: Case, key: str) -> None:
        number = next(number for number, known in self.cases.items() if known is case)
        last_day = self.moment.date() + timedelta(days=self.stories[number].days_left)
        answer = replace(SAID.get(key, Answer()), on=today(self.area.timezone), deadline=last_day)
        take_step(self.area, case, self.service, key, self.working, answer)


def school_players(area: CurrentArea, team: Team, moment: datetime) -> list[SchoolPlayer]:
    """Those whose service the village offers."""
    services = offered(area)
    parts = ((SCHOOL, PUPILS), (COLLEGE, APPLICANTS))
    return [SchoolPlayer(area, services[name], team, stories, moment) for name, stories in parts if name in services]
