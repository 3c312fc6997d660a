"""The papers of a case: upload, show, tick off, waive, take back."""

from collections.abc import Callable
from typing import BinaryIO, cast
from uuid import UUID

from flask import abort, flash, g, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.areas.code import AreaCode
from core.audit import record
from core.cases import checklist
from core.cases.catalogue import find_service
from core.cases.errors import CaseError
from core.cases.models import Case
from core.database.session import commit, db
from core.files import EXTENSIONS, FileRefused, FileStore
from core.platform import platform
from core.users.permissions import requires
from core.web.answers import stored_file

from . import bp
from .case import Trouble, case_page, changes_case, find_or_404, to_case


@bp.post("/<village:area>/cases/<uuid:id>/papers/<key>")
@requires("cases.write")
@changes_case
def paper(area: AreaCode, id: UUID, key: str) -> ResponseReturnValue:
    """One paper of the checklist; the form's ``action`` says what about it."""
    act = ACTIONS.get(request.form.get("action", "upload"))
    if act is None:
        abort(400)
    try:
        act(find_or_404(id), key)
    except (CaseError, FileRefused) as refusal:
        db.session.rollback()
        return case_page(find_or_404(id), Trouble(paper=(key, str(refusal)))), 422
    commit()
    flash(_("Persyaratan diperbarui."), "success")
    return to_case(id, f"paper-{key}")


def _upload(case: Case, key: str) -> None:
    file = request.files.get("file")
    if file is None or not file.filename:
        raise FileRefused(_("Pilih dulu berkasnya: foto atau PDF, paling besar 5 MB."))
    stream = cast(BinaryIO, file.stream)
    checklist.give_document(case, key, stream=stream, filename=file.filename, files_dir=platform().config.files_dir)


def _use_again(case: Case, key: str) -> None:
    service = find_service(case.service)
    if service is None:
        raise CaseError(_("Modul layanan ini tidak terpasang."))
    checklist.use_again(case, service, key)


ACTIONS: dict[str, Callable[[Case, str], None]] = {
    "upload": _upload,
    "seen": checklist.confirm_seen,
    "waive": lambda case, key: checklist.waive(case, key, request.form.get("reason", "")[:200]),
    "undo": checklist.take_back,
    "reuse": _use_again,
}


@bp.get("/<village:area>/documents/<uuid:id>")
@requires("documents.read")
def document(area: AreaCode, id: UUID) -> ResponseReturnValue:
    """A resident's paper. Each look at one is recorded."""
    found = checklist.find_document(g.area.id, id)
    if found is None:
        abort(404)
    case_id, path = found.case_id, FileStore(platform().config.files_dir, g.area.id).path(found.sha256)
    if not path.exists():
        text = _("Berkas itu tercatat, tetapi tidak ada lagi di penyimpanan. Unggah lagi, atau pulihkan dari cadangan.")
        return case_page(find_or_404(case_id), Trouble(text)), 404
    record("documents.opened", "document", found.id, kind=found.kind)
    media_type, name = found.media_type, f"{found.kind}.{EXTENSIONS[found.media_type]}"
    commit()
    return stored_file(path, media_type, name)
