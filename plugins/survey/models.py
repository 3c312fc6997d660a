"""The plugin's tables: a survey of a home, what was found out about each member, and the photos."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint, and_, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.api import KEPT, Base, Household, Person, VillageOwned, village_reference

CODE, SHORT, LINE = 16, 80, 200
OPEN, FINAL, SIGNED, CANCELLED = "open", "final", "signed", "cancelled"


class HomeSurvey(VillageOwned, Base):
    """A survey that was asked for, is filled in, finalised by who made it, or countersigned by somebody else.

    ``state`` is open, final, signed or cancelled. ``answers`` hold what was typed, by question, and ``outcome`` what
    was made of it when it was finalised: the items of both lists, and what differs from the records. ``done_on`` is the
    day of the visit. ``version`` counts changes, those of members and photos too.
    """

    __tablename__ = "survey_surveys"
    __table_args__ = (
        village_reference("person_id", "persons"),
        village_reference("household_id", "households"),
        village_reference("case_id", "cases"),
        UniqueConstraint("village_id", "year", "number", name="uq_survey_surveys_number"),
        Index("ix_survey_surveys_state", "village_id", "state", "planned_on", "id"),
        Index("ix_survey_surveys_person_id", "village_id", "person_id"),
        Index("ix_survey_surveys_household_id", "village_id", "household_id"),
        Index("ix_survey_surveys_case_id", "village_id", "case_id"),
    )

    year: Mapped[int]
    number: Mapped[int]
    person_id: Mapped[UUID]
    household_id: Mapped[UUID | None]
    case_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(String(CODE), default=OPEN, server_default=OPEN, info=KEPT)
    questionnaire: Mapped[str] = mapped_column(String(CODE), info=KEPT)
    reason: Mapped[str] = mapped_column(String(LINE), default="", server_default="")
    asked_by: Mapped[UUID | None]
    asked_at: Mapped[datetime] = mapped_column(server_default=func.now())
    surveyor_id: Mapped[UUID | None]
    planned_on: Mapped[date | None]
    answers: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    saved_at: Mapped[datetime | None]
    outcome: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    done_on: Mapped[date | None]
    finalised_at: Mapped[datetime | None]
    finalised_by: Mapped[UUID | None]
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[UUID | None]
    returned: Mapped[str] = mapped_column(String(LINE), default="", server_default="")
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[UUID | None]
    cancelled_reason: Mapped[str] = mapped_column(String(LINE), default="", server_default="")
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}

    person: Mapped[Person] = relationship(
        primaryjoin=lambda: and_(HomeSurvey.village_id == Person.village_id, HomeSurvey.person_id == Person.id),
        foreign_keys=lambda: [HomeSurvey.village_id, HomeSurvey.person_id],
        viewonly=True,
    )
    household: Mapped[Household | None] = relationship(
        primaryjoin=lambda: and_(
            HomeSurvey.village_id == Household.village_id, HomeSurvey.household_id == Household.id
        ),
        foreign_keys=lambda: [HomeSurvey.village_id, HomeSurvey.household_id],
        viewonly=True,
    )

    @property
    def reference(self) -> str:
        """Under which the village knows it: ``SV/2026/3``."""
        return f"SV/{self.year}/{self.number}"

    @property
    def is_open(self) -> bool:
        return self.state == OPEN


class SurveyMember(VillageOwned, Base):
    """Somebody of the household, on record (``person_id``) or met at the door. ``place`` is the order on the page.

    ``answers`` hold what was typed; ``changes`` what differs from the record, as lists [what, before, now] of texts.
    """

    __tablename__ = "survey_members"
    __table_args__ = (
        village_reference("survey_id", "survey_surveys"),
        village_reference("person_id", "persons"),
        Index("ix_survey_members_survey_id", "village_id", "survey_id", "place"),
        Index("ix_survey_members_person_id", "village_id", "person_id"),
    )

    survey_id: Mapped[UUID]
    person_id: Mapped[UUID | None]
    place: Mapped[int] = mapped_column(default=0, server_default="0")
    answers: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    changes: Mapped[list[Any]] = mapped_column(JSONB, default=list, server_default="[]")

    person: Mapped[Person | None] = relationship(
        primaryjoin=lambda: and_(SurveyMember.village_id == Person.village_id, SurveyMember.person_id == Person.id),
        foreign_keys=lambda: [SurveyMember.village_id, SurveyMember.person_id],
        viewonly=True,
    )

    @property
    def name(self) -> str:
        typed = self.answers.get("name")
        return typed if isinstance(typed, str) and typed else self.person.name if self.person else ""


class SurveyPhoto(VillageOwned, Base):
    """A photo of the house; ``shows`` is a code of ``photos.SHOWN``."""

    __tablename__ = "survey_photos"
    __table_args__ = (
        village_reference("survey_id", "survey_surveys"),
        Index("ix_survey_photos_survey_id", "village_id", "survey_id"),
    )

    survey_id: Mapped[UUID]
    shows: Mapped[str] = mapped_column(String(CODE), info=KEPT)
    sha256: Mapped[str | None] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(32), info=KEPT)
    taken_by: Mapped[UUID | None]
    taken_at: Mapped[datetime] = mapped_column(server_default=func.now())


Members = Sequence[SurveyMember]
