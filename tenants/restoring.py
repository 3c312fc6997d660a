"""Bringing a village in from an archive: its place among the areas, then everything that `core.archive` reads."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, update

from core.actor import current_actor
from core.archive.checking import Archive, opened
from core.archive.format import ArchiveRefused
from core.archive.models import Restore
from core.archive.restoring import Restored, check_versions, restore
from core.areas.code import AreaCode, Level
from core.areas.current import CurrentArea, find_area
from core.areas.modules import recompute
from core.audit import record
from core.clock import now
from core.database.session import commit, db, scope
from core.exports import LIFETIME, OnProgress
from core.jobs import enqueue, hourly, job
from core.modules.agreement import Discord, Place, new_pairs
from core.platform import platform

from .apply import save_areas, wait_for_turn
from .catalogue import CatalogueArea, find
from .manifest import TICKET, Manifest
from .plan import plan
from .villages import district_of, taken_prefixes

RESTORE = "tenants.restore"
RUNNING = ("waiting", "working")
AREA = "tables/areas.ndjson"

Finish = Callable[[Restored], None]


def restore_archive(
    path: Path,
    *,
    leave_out: Iterable[str] = (),
    within: AreaCode | None = None,
    tell: OnProgress = lambda _done, _total: None,
    finish: Finish = lambda _restored: None,
) -> tuple[CatalogueArea, Restored]:
    """Check an archive, then bring it in as a whole, in one transaction, and commit.

    Args:
        leave_out: plugins of the archive that are not installed here and whose tables stay behind.
        within: the district into which it must belong; None takes any village of the catalogue.
        finish: called in the same transaction, before the commit.

    Raises:
        ArchiveRefused: nothing was written; the message says why.
    """
    with opened(path) as archive:
        village = place_of(archive, within)
        check_versions(archive, leave_out)
        archive.verify(tell)
        with scope(village.code):
            wait_for_turn(district_of(village.code))
            _make_place(archive, village)
            restored = restore(archive, village.code, leave_out=leave_out, tell=tell)
            recompute(district_of(village.code))
            _check_agreement(village)
            finish(restored)
            record(
                "tenants.restored",
                "area",
                str(village.code),
                file=path.name,
                made_at=archive.manifest.created_at,
                **{name: value for name, value in asdict(restored).items() if name != "renamed"},
            )
            commit()
        return village, restored


def _check_agreement(village: CatalogueArea) -> None:
    """Of the modules that its own settings and those of the areas above switch on together.

    Raises: ArchiveRefused: two must not run together, or one lacks what it requires; the message says which.
    """
    area = find_area(village.code)
    if area is None:
        raise LookupError(f"{village.code} was not provisioned")
    place = Place(area.id, area.title)
    pairs = new_pairs({}, {area.id: area.enabled})
    if pairs:
        discords = (Discord(one, other, (place,), required) for one, other, required in pairs)
        raise ArchiveRefused(
            _(
                "Setelan modul di arsip ini tidak cocok dengan kabupatennya. %(discords)s Ubah dulu di kabupaten, lalu "
                "pulihkan lagi.",
                discords=" ".join(str(discord) for discord in discords),
            )
        )


def place_of(archive: Archive, within: AreaCode | None) -> CatalogueArea:
    """The village of an archive, as the catalogue knows it.

    Raises:
        ArchiveRefused: there is no such village, or it lies elsewhere.
    """
    try:
        code = AreaCode.parse(archive.manifest.village)
    except ValueError:
        code = None
    found = find(code) if code and code.level == Level.VILLAGE else None
    if code is None or found is None:
        raise ArchiveRefused(
            _("Desa %(code)s tidak ada di Kepmendagri 300.2.2-2138/2025.", code=archive.manifest.village[:20])
        )
    if within is not None and not within.covers(code):
        raise ArchiveRefused(
            _(
                "Arsip ini milik %(name)s (%(code)s), yang bukan bagian dari wilayah Anda.",
                name=found.name,
                code=str(code),
            )
        )
    return found


def _make_place(archive: Archive, village: CatalogueArea) -> None:
    """The village's row and those above it, as a district's file would make them."""
    code = village.code
    district = find(district_of(code))
    prefix = next((row.get("ticket_prefix") for row, _line in archive.rows(AREA)), None)
    if district is None or (prefix is not None and not (isinstance(prefix, str) and TICKET.fullmatch(prefix))):
        raise ArchiveRefused(_("Awalan tiket di dalam arsip tidak dapat dibaca."))
    holder = taken_prefixes(district.code).get(prefix) if prefix else None
    if holder and holder != str(code):
        raise ArchiveRefused(
            _(
                "Awalan tiket %(prefix)s milik arsip ini sudah dipakai desa %(code)s. Ganti dulu awalan desa itu, bila "
                "belum punya kasus.",
                prefix=prefix,
                code=holder,
            )
        )
    tickets = {code: prefix} if prefix else {}
    save_areas(plan(Manifest(source=None, district=district, villages=(village,), tickets=tickets)))
    db.session.flush()


# ---- on screen ----


def upload_of(restore_id: UUID) -> Path:
    return platform().config.data_dir / "restores" / f"{restore_id}.zip"


def ask_to_restore(area: CurrentArea, upload: Path, filename: str, leave_out: Iterable[str]) -> Restore:
    """Have an uploaded archive brought in. What its manifest tells is checked at once. The caller commits.

    Raises:
        ArchiveRefused: and the upload is removed.
    """
    left_out = sorted(set(leave_out))
    try:
        with opened(upload) as archive:
            village = place_of(archive, area.interval)
            check_versions(archive, left_out)
    except ArchiveRefused:
        upload.unlink(missing_ok=True)
        raise
    wanted = Restore(
        area_id=area.id,
        village_code=str(village.code),
        filename=filename[:200],
        left_out=left_out,
        created_by=current_actor.get().user_id,
    )
    db.session.add(wanted)
    db.session.flush()
    upload.rename(upload_of(wanted.id))
    enqueue(RESTORE, area, restore_id=str(wanted.id))
    return wanted


def find_restore(area: CurrentArea, restore_id: UUID) -> Restore | None:
    return db.session.scalar(select(Restore).where(Restore.id == restore_id, Restore.area_id.between(area.id, area.hi)))


def last_restores(area: CurrentArea, limit: int = 10) -> list[Restore]:
    query = select(Restore).where(Restore.area_id.between(area.id, area.hi)).order_by(Restore.created_at.desc())
    return list(db.session.scalars(query.limit(limit)))


def _tell_failure(area: CurrentArea, error: Exception, restore_id: str) -> None:  # noqa: ARG001 - the job's signature
    problem = _(
        "Sistem terganggu di tengah jalan. Tidak ada yang tertulis. Coba lagi; bila terulang, sebutkan kode %(code)s.",
        code=current_actor.get().request_id or "-",
    )
    _change(UUID(restore_id), state="failed", problem=problem, finished_at=now())
    commit()


@job(RESTORE, on_failure=_tell_failure)
def run_restore(area: CurrentArea, restore_id: str) -> None:
    key = UUID(restore_id)
    wanted = db.session.get(Restore, key)
    if wanted is None or wanted.state not in (*RUNNING, "failed"):
        return
    left_out = list(wanted.left_out)
    _change(key, state="working", problem=None)
    commit()
    try:
        restore_archive(
            upload_of(key),
            leave_out=left_out,
            within=area.interval,
            tell=_progress(key),
            finish=lambda restored: _change(key, state="done", result=asdict(restored), finished_at=now()),
        )
    except ArchiveRefused as refusal:
        with scope(area):
            _change(key, state="refused", problem=str(refusal), finished_at=now())
            record("tenants.restore_refused", "area", area.code, reason=str(refusal))
            commit()
    upload_of(key).unlink(missing_ok=True)


def _change(restore_id: UUID, **values: Any) -> None:
    db.session.execute(
        update(Restore).where(Restore.id == restore_id).values(**values).execution_options(synchronize_session=False)
    )


def _progress(restore_id: UUID) -> OnProgress:
    """Past the running transaction, so that the page sees it."""

    def tell(done: int, total: int) -> None:
        with db.engine.begin() as connection:
            connection.execute(update(Restore).where(Restore.id == restore_id).values(progress=done, total=total))

    return tell


@hourly
def remove_uploads() -> None:
    """Uploads whose job never came to an end."""
    oldest = (now() - LIFETIME).timestamp()
    for file in (platform().config.data_dir / "restores").glob("*"):
        if file.stat().st_mtime < oldest:
            file.unlink(missing_ok=True)
