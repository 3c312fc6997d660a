"""What there is to read for a training. In the scope of the district's own rows; callers commit."""

from collections.abc import Sequence
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import func, select

from core.api import Area, CaseError, db, drop_files, gettext, keep_file, record

from .models import TrainingMaterial, TrainingSession

MOST = 20


def add(
    session: TrainingSession, district: Area, title: str, *, link: str = "", stream: BinaryIO | None = None
) -> TrainingMaterial:
    """A file, or an address.

    Raises:
        FileRefused: no PDF or picture, empty, or too large.
        CaseError: neither or both are given, or the session has too many.
    """
    if bool(link) == (stream is not None):
        raise CaseError(gettext("Unggah berkas, atau tulis alamatnya: salah satu."))
    count = select(func.count()).where(
        TrainingMaterial.village_id == session.village_id, TrainingMaterial.session_id == session.id
    )
    if (db.session.scalar(count) or 0) >= MOST:
        raise CaseError(gettext("Paling banyak %(n)s materi.", n=MOST))
    material = TrainingMaterial(village_id=session.village_id, session_id=session.id, title=title, link=link)
    if stream is not None:
        stored = keep_file(district, stream)
        material.sha256, material.media_type = stored.sha256, stored.media_type
    db.session.add(material)
    db.session.flush()
    record("training.material_added", "training_session", session.id, title=session.title)
    return material


def remove(session: TrainingSession, material_id: UUID) -> bool:
    """Its file goes too, unless another material has the same one. False where there is no such material."""
    found = find(session.village_id, material_id)
    if found is None or found.session_id != session.id:
        return False
    db.session.delete(found)
    db.session.flush()
    if found.sha256 and not _in_use(session.village_id, found.sha256):
        drop_files(session.village_id, [found.sha256])
    record("training.material_removed", "training_session", session.id, title=session.title)
    return True


def of_sessions(district_id: int, session_ids: Sequence[UUID]) -> dict[UUID, list[TrainingMaterial]]:
    """By session, in one query."""
    found: dict[UUID, list[TrainingMaterial]] = {}
    rows = db.session.scalars(
        select(TrainingMaterial)
        .where(TrainingMaterial.village_id == district_id, TrainingMaterial.session_id.in_(session_ids))
        .order_by(TrainingMaterial.title, TrainingMaterial.id)
    )
    for row in rows:
        found.setdefault(row.session_id, []).append(row)
    return found


def find(district_id: int, material_id: UUID) -> TrainingMaterial | None:
    return db.session.scalar(
        select(TrainingMaterial).where(TrainingMaterial.village_id == district_id, TrainingMaterial.id == material_id)
    )


def _in_use(district_id: int, sha256: str) -> bool:
    other = select(TrainingMaterial.id).where(
        TrainingMaterial.village_id == district_id, TrainingMaterial.sha256 == sha256
    )
    return db.session.scalar(other.limit(1)) is not None
