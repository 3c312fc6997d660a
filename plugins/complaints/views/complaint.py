"""One complaint: what was said and done, who complains, and its files."""

from uuid import UUID

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.api import (
    Case,
    area_today,
    commit,
    db,
    file_answer,
    find_person,
    gettext,
    here,
    in_indonesian,
    my_permissions,
    names_of,
    pdf_answer,
    private_page,
    record,
    render_paper,
    requires,
    told_on_page,
)

from .. import access, listing
from ..documents import paper_values
from ..models import Complaint
from ..words import ABOUT, CHANNELS, ENTRIES, KINDS, OUTCOMES, RATINGS, STATES, sector_title
from . import bp


def complaint_or_404(complaint_id: UUID) -> Complaint:
    """One that is not there, is another village's, or is not for these eyes."""
    found = listing.find(here().id, complaint_id)
    if found is None or not access.may_read(found, my_permissions()):
        abort(404)
    return found


def to_complaint(complaint_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("complaints.show", id=complaint_id))


def complaint_page(found: Complaint, problem: str = "") -> str:
    """A fixed number of queries, however long its history is."""
    today, mine = area_today(), my_permissions()
    entries = listing.entries_of(found)
    main = listing.find(here().id, found.duplicate_of) if found.duplicate_of else None
    handles = access.may_handle(found, mine)
    return render_template(
        "complaints/show.html",
        complaint=found,
        entries=entries,
        names=names_of({entry.by for entry in entries if entry.by}),
        photos=listing.photos_of(found),
        main=main,
        merged=listing.merged_into(found),
        similar=listing.similar_to(found) if handles and found.state == "open" else [],
        person=find_person(here().id, found.person_id) if found.person_id else None,
        case=db.session.get(Case, (here().id, found.case_id)) if found.case_id else None,
        handles=handles,
        sees_reporter=access.sees_reporter(found, mine),
        opens_identity=access.may_open_identity(found, mine),
        today=today,
        problem=problem,
        about=ABOUT,
        channels=CHANNELS,
        kinds=KINDS,
        outcomes=OUTCOMES,
        ratings=RATINGS,
        states=STATES,
        titles=ENTRIES,
        sector_title=sector_title,
    )


def moved_on() -> str:
    return gettext(
        "Orang lain atau pelapornya baru saja mengubah keluhan ini. Periksa keadaannya sekarang, lalu ulangi."
    )


changes_complaint = told_on_page(lambda id, problem: complaint_page(complaint_or_404(id), problem), moved_on)


@bp.get("/<uuid:id>")
@requires("complaints.read")
def show(id: UUID) -> ResponseReturnValue:
    return complaint_page(complaint_or_404(id))


@bp.post("/<uuid:id>/identity")
@requires("complaints.identity")
def identity(id: UUID) -> ResponseReturnValue:
    """Who complained in confidence. Each look is recorded, and the page is kept by no browser."""
    found = complaint_or_404(id)
    if not access.may_open_identity(found, my_permissions()):
        abort(404)
    record("complaints.identity_opened", "complaint", found.id, ticket=found.ticket)
    page = render_template("complaints/identity.html", complaint=found, reporter=found.reporter)
    commit()
    return private_page(page)


@bp.get("/photos/<uuid:id>")
@requires("complaints.read")
def photo(id: UUID) -> ResponseReturnValue:
    """What came with a complaint, for who handles it. Each look is recorded."""
    found = listing.find_photo(here().id, id)
    if found is None or not access.may_handle(found[1], my_permissions()):
        abort(404)
    kept, complaint = found
    answer = file_answer(here(), kept.sha256, kept.media_type, f"keluhan-{complaint.ticket}")
    if answer is None:
        problem = gettext("Berkas itu tercatat, tetapi tidak ada lagi di penyimpanan.")
        return complaint_page(complaint, problem), 404
    record("complaints.photo_opened", "complaint", complaint.id, ticket=complaint.ticket)
    commit()
    return answer


@bp.get("/<uuid:id>/papers/<uuid:entry_id>")
@requires("complaints.write")
def paper(id: UUID, entry_id: UUID) -> ResponseReturnValue:
    """The sheet that goes along when a complaint is passed on. Nobody is named on it who asked for confidence."""
    found = complaint_or_404(id)
    entry = next((e for e in listing.entries_of(found) if e.id == entry_id and e.kind == "forwarded"), None)
    if entry is None or not access.may_handle(found, my_permissions()):
        abort(404)
    with in_indonesian():
        values, title = paper_values(found, entry), gettext("Lembar Penerusan Pengaduan")
    content = render_paper(here(), "complaints/forward.typ", title, values)
    record("complaints.paper_printed", "complaint", found.id, ticket=found.ticket)
    name = f"penerusan-{found.ticket}"
    commit()
    return pdf_answer(content, name)
