"""Photos of the house: taken, shown, removed, and gone after the days of the rule."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import and_, delete, func, or_, select

from core.api import (
    Area,
    CaseError,
    Job,
    Text,
    area_today,
    commit,
    db,
    drop_files,
    gettext,
    keep_photo,
    now,
    record,
)
from core.api import lazy_gettext as _

from .models import HomeSurvey, SurveyPhoto
from .rulebook import keeping_rules

SHOWN: Mapping[str, Text] = {
    "front": _("Tampak depan"),
    "inside": _("Ruang dalam"),
    "kitchen": _("Dapur"),
    "toilet": _("Jamban"),
    "other": _("Lainnya"),
}
MOST = 12


def photos_of(survey: HomeSurvey) -> Sequence[SurveyPhoto]:
    return db.session.scalars(
        select(SurveyPhoto).where(*_of(survey), SurveyPhoto.sha256.is_not(None)).order_by(SurveyPhoto.id)
    ).all()


def find_photo(survey: HomeSurvey, photo_id: UUID) -> SurveyPhoto | None:
    return db.session.scalar(select(SurveyPhoto).where(*_of(survey), SurveyPhoto.id == photo_id))


def add_photo(area: Area, survey: HomeSurvey, shows: str, stream: BinaryIO, by: UUID | None) -> SurveyPhoto:
    """Raises: FileRefused: no photo; CaseError: there are enough."""
    if len(photos_of(survey)) >= MOST:
        raise CaseError(gettext("Paling banyak %(n)s foto dalam satu survei.", n=MOST))
    kept = keep_photo(area, stream)
    made = SurveyPhoto(
        village_id=survey.village_id,
        survey_id=survey.id,
        shows=shows if shows in SHOWN else "other",
        sha256=kept.sha256,
        media_type=kept.media_type,
        taken_by=by,
    )
    db.session.add(made)
    survey.saved_at = now()
    db.session.flush()
    record("survey.photo_added", "survey", survey.id, number=survey.reference)
    return made


def remove_photo(survey: HomeSurvey, photo: SurveyPhoto) -> None:
    _drop(survey.village_id, [photo])
    survey.saved_at = now()
    record("survey.photo_removed", "survey", survey.id, number=survey.reference)


def _drop(village_id: int, photos: Collection[SurveyPhoto]) -> None:
    """Rows, and the files that no other row needs."""
    ids, hashes = [photo.id for photo in photos], {photo.sha256 for photo in photos if photo.sha256}
    here = SurveyPhoto.village_id == village_id
    still = select(SurveyPhoto.sha256).where(here, SurveyPhoto.sha256.in_(hashes), SurveyPhoto.id.not_in(ids))
    kept = set(db.session.scalars(still))
    db.session.execute(delete(SurveyPhoto).where(here, SurveyPhoto.id.in_(ids)))
    drop_files(village_id, hashes - kept)


def old_photos(village_id: int, day: date) -> Sequence[SurveyPhoto]:
    """Of surveys that were made, or cancelled, longer ago than photos are kept by the rule of the day."""
    before = day - timedelta(days=keeping_rules.at(day).photo_days)
    moment = datetime.combine(before, datetime.min.time(), tzinfo=now().tzinfo)
    return db.session.scalars(
        select(SurveyPhoto)
        .join(
            HomeSurvey,
            and_(HomeSurvey.village_id == SurveyPhoto.village_id, HomeSurvey.id == SurveyPhoto.survey_id),
        )
        .where(
            SurveyPhoto.village_id == village_id,
            or_(HomeSurvey.done_on < before, func.coalesce(HomeSurvey.cancelled_at, now()) < moment),
        )
    ).all()


def drop_old(village_id: int, day: date) -> int:
    """Take the old ones away. Returns how many. The caller commits."""
    photos = old_photos(village_id, day)
    if photos:
        _drop(village_id, photos)
        record("survey.photos_dropped", "survey_photos", day.isoformat(), photos=len(photos))
    return len(photos)


def _drop_in(area: Area) -> None:
    drop_old(area.id, area_today())
    commit()


DROP_OLD = Job("survey.drop_photos", _("Menghapus foto survei yang sudah lama"), _drop_in)


def _of(survey: HomeSurvey):
    return (SurveyPhoto.village_id == survey.village_id, SurveyPhoto.survey_id == survey.id)
