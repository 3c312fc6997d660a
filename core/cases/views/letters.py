"""Letters: print, sign, revoke, and the village's register."""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from uuid import UUID

from flask import abort, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.areas.code import AreaCode
from core.audit import record
from core.cases import letters as domain
from core.cases.catalogue import find_service
from core.cases.errors import CaseError
from core.cases.letter_register import RegisterRow, register_page, whole_register
from core.cases.letter_values import letter_values
from core.cases.locking import current_case
from core.cases.models import Case, LetterRecord
from core.database.session import commit
from core.files import FileStore
from core.meetings.letters import meetings_among
from core.people.search import family_of
from core.platform import platform
from core.users.permissions import requires
from core.web.answers import stored_file
from core.web.formats import area_today
from core.web.urls import verify_address

from . import bp
from .case import Trouble, case_page, changes_case, find_or_404, to_case
from .forms import RevokeForm, version_of


@bp.get("/<village:area>/letters")
@requires("letters.read")
def letters(area: AreaCode) -> ResponseReturnValue:
    """The register: every number of a year once, revoked ones included."""
    return _register_page()


def _register_page(problem: str = "") -> str:
    year = request.args.get("year", type=int) or area_today().year
    search = request.args.get("q", "").strip()[:80]
    unsigned = request.args.get("which") == "unsigned"
    page, years = register_page(g.area.id, year, search, request.args.get("after"), unsigned=unsigned)
    return render_template(
        "cases/letters.html",
        page=page,
        years=years,
        year=year,
        search=search,
        unsigned=unsigned,
        state=domain.letter_state,
        today=area_today(),
        origin=_origins(page.rows),
        problem=problem,
    )


@bp.get("/<village:area>/letters/print")
@requires("letters.read")
def printed_letters(area: AreaCode) -> ResponseReturnValue:
    """The register of a whole year, for paper."""
    year = request.args.get("year", type=int) or area_today().year
    return render_template(
        "cases/letters_print.html",
        rows=whole_register(g.area.id, year),
        year=year,
        state=domain.letter_state,
        today=area_today(),
    )


def _origins(rows: Sequence[RegisterRow]) -> Callable[[RegisterRow], tuple[str, str | None]]:
    """For each row what its letter belongs to, and its page; asks only where there are letters of no case."""
    objects = [row.letter.object_id for row in rows if row.letter.object_id]
    return partial(_origin, meetings_among(g.area.id, objects) if objects else set())


def _origin(meetings: Collection[UUID], row: RegisterRow) -> tuple[str, str | None]:
    """A case, a meeting, or a plugin's own where it is switched on."""
    letter = row.letter
    if letter.plugin is None:
        return row.ticket or "–", url_for("cases.show", id=letter.case_id)
    if letter.object_id in meetings:
        address = url_for("meetings.show", id=letter.object_id, _anchor="letters")
        return _("Musdes"), address if "meetings.read" in g.permissions else None
    manifest = platform().plugins.plugins.get(letter.plugin)
    endpoint = f"{letter.plugin}.letter"
    there = letter.plugin in g.area.enabled and endpoint in current_app.view_functions
    return str(manifest.title if manifest else letter.plugin), url_for(endpoint, id=letter.id) if there else None


@bp.post("/<village:area>/cases/<uuid:id>/letters/<key>")
@requires("letters.issue")
@changes_case
def issue(area: AreaCode, id: UUID, key: str) -> ResponseReturnValue:
    case = current_case(g.area.id, id, version_of(request.form.get("version")))
    made = domain.issue_letter(letter_request(case, key), platform().config.files_dir)
    reference = made.reference
    commit()
    flash(_("Surat %(reference)s siap dicetak.", reference=reference), "success")
    return to_case(id, "letters")


def letter_request(case: Case, key: str) -> domain.LetterRequest:
    """Raises: CaseError: the service has no such letter."""
    service = find_service(case.service)
    letter = next((x for x in service.letters if x.key == key), None) if service else None
    if service is None or letter is None:
        raise CaseError(_("Layanan ini tidak punya surat itu."))
    return domain.LetterRequest(
        area=g.area,
        case=case,
        service=service,
        letter=letter,
        values=letter_values(service, case, family_of(case.person)),
        verify_url=verify_address(g.area),
    )


def letter_or_404(letter_id: UUID, case_id: UUID | None = None) -> LetterRecord:
    """With ``case_id``, only a letter of that case."""
    found = domain.find_letter(g.area.id, letter_id)
    if found is None or (case_id is not None and found.case_id != case_id):
        abort(404)
    return found


@bp.get("/<village:area>/letters/<uuid:id>.pdf")
@requires("letters.read")
def letter_pdf(area: AreaCode, id: UUID) -> ResponseReturnValue:
    found = letter_or_404(id)
    path, name = FileStore(platform().config.files_dir, g.area.id).path(found.sha256), found.reference.replace("/", "-")
    if not path.exists() and not found.data:
        return _without_pdf(
            found, _("PDF surat ini dihapus bersama data pribadi warganya. Nomornya tetap tercatat.")
        ), 404
    if not path.exists():
        text = _(
            "PDF surat %(reference)s tidak ada lagi di penyimpanan. Pulihkan dari cadangan, atau cabut lalu buat baru.",
            reference=found.reference,
        )
        return _without_pdf(found, text), 404
    record("letters.opened", "letter", found.id, reference=found.reference)
    commit()
    return stored_file(path, "application/pdf", f"{name}.pdf")


def _without_pdf(letter: LetterRecord, text: str) -> str:
    """The page from which the letter can be revoked and made anew; of a letter without a case, the register."""
    if letter.case_id is None:
        return _register_page(text)
    return case_page(find_or_404(letter.case_id), Trouble(text))


@bp.post("/<village:area>/cases/<uuid:id>/letters/<uuid:letter_id>/sign")
@requires("letters.sign")
@changes_case
def sign(area: AreaCode, id: UUID, letter_id: UUID) -> ResponseReturnValue:
    domain.sign_letter(find_or_404(id), letter_or_404(letter_id, id))
    commit()
    flash(_("Tanda tangan tercatat. Kode QR surat ini sekarang menyatakan berlaku."), "success")
    return to_case(id, "letters")


@bp.route("/<village:area>/cases/<uuid:id>/letters/<uuid:letter_id>/revoke", methods=["GET", "POST"])
@requires("letters.issue")  # for a signed letter also letters.sign: see may_revoke
@changes_case
def revoke(area: AreaCode, id: UUID, letter_id: UUID) -> ResponseReturnValue:
    case, found = find_or_404(id), letter_or_404(letter_id, id)
    if found.revoked_at is not None:
        raise CaseError(_("Surat ini sudah dicabut."))
    if not domain.may_revoke(found, g.permissions):
        abort(403)
    form = RevokeForm()
    if not form.validate_on_submit():
        page = render_template("cases/revoke.html", case=case, letter=found, form=form)
        return page, 422 if form.is_submitted() else 200
    domain.revoke_letter(case, found, form.reason.data or "")
    commit()
    flash(_("Surat dicabut. Nomornya tetap tercatat di register."), "success")
    return redirect(url_for("cases.show", id=id, _anchor="letters"))
