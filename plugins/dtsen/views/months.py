"""A month's papers: the BNBA list, the statement (SPTJM) with its signature, the report."""

import re
from datetime import date
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from core.api import (
    CaseError,
    IssuedLetter,
    area_today,
    commit,
    db,
    gettext,
    here,
    in_indonesian,
    may_revoke,
    month_name,
    my_permissions,
    pdf_answer,
    record,
    render_paper,
    requires,
)

from .. import months as domain
from ..documents import Order, list_values
from ..models import DtsenMonth
from ..month_calendar import calendar_of, next_month, previous_month
from ..page_forms import RevokeForm
from ..report import report_of
from ..sheet import report_sheet
from . import bp

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


def month_or_404(text: str) -> date:
    match = MONTH.fullmatch(text)
    return date(int(match[1]), int(match[2]), 1) if match else abort(404)


@bp.get("/months/<text>")
@requires("dtsen.read")
def month(text: str) -> ResponseReturnValue:
    return _page(month_or_404(text))


def _page(first: date, problem: str = "") -> str:
    found = domain.find_month(here().id, first.year, first.month)
    letters, waiting = domain.statements_of(found), domain.open_cases(here().id).to_agree
    return render_template(
        "dtsen/month.html",
        month_name=month_name,
        first=first,
        calendar=calendar_of(first.year, first.month),
        letters=letters,
        holds=next((letter for letter in letters if letter.revoked_at is None), None),
        named=domain.cases_named(found),
        waiting=waiting,
        to_state=[case for case in waiting if case.state in domain.TO_STATE],
        earlier=date(*previous_month(first.year, first.month), 1),
        later=date(*next_month(first.year, first.month), 1),
        today=area_today(),
        problem=problem,
        may_revoke=lambda letter: may_revoke(letter, my_permissions()),
    )


@bp.get("/months/<text>/list.pdf")
@requires("dtsen.read")
def list_pdf(text: str) -> ResponseReturnValue:
    """BNBA: ``order=address`` as one walks, else by name; ``posted=1`` for the board, with RT/RW and a masked NIK.

    What the month's statement names, and before there is one what waits to be agreed on.
    """
    first = month_or_404(text)
    found = domain.find_month(here().id, first.year, first.month)
    cases = domain.cases_named(found) or domain.open_cases(here().id).to_agree
    order: Order = "address" if request.args.get("order") == "address" else "name"
    with in_indonesian():
        title = gettext("Daftar Usulan DTSEN")
        period = f"{month_name(first.month)} {first.year}"
        values = list_values(cases, order, period, posted=bool(request.args.get("posted")))
    content = render_paper(here(), "dtsen/list.typ", title, values)
    record("dtsen.list_printed", "month", text, cases=len(cases))
    commit()
    return pdf_answer(content, f"bnba-dtsen-{text}")


@bp.get("/report.xlsx")
@requires("dtsen.read")
def report() -> ResponseReturnValue:
    """``month=2026-11``; left out, this month. Counts, and never a resident."""
    first = month_or_404(request.args.get("month") or f"{area_today():%Y-%m}")
    sheet = report_sheet(report_of(here(), first))
    record("dtsen.report_downloaded", "report", f"{first:%Y-%m}", month=f"{first:%Y-%m}")
    commit()
    name = f"laporan-dtsen-{here().code}-{first:%Y-%m}.xlsx"
    return send_file(sheet, mimetype=XLSX, as_attachment=True, download_name=name)


# ---- the statement ----


@bp.post("/months/<text>/statement")
@requires("letters.issue")
def issue(text: str) -> ResponseReturnValue:
    first = month_or_404(text)
    try:
        reference = domain.issue(here(), first.year, first.month).reference
    except CaseError as problem:
        db.session.rollback()
        return _page(first, str(problem)), 422
    commit()
    flash(gettext("Surat %(reference)s siap dicetak.", reference=reference), "success")
    return _to_month(first)


def _to_month(first: date) -> ResponseReturnValue:
    return redirect(url_for("dtsen.month", text=f"{first:%Y-%m}", _anchor="letters"))


def statement_or_404(letter_id: UUID) -> tuple[DtsenMonth, IssuedLetter]:
    return domain.month_of_letter(here().id, letter_id) or abort(404)


@bp.get("/letters/<uuid:id>")
@requires("dtsen.read")
def letter(id: UUID) -> ResponseReturnValue:
    """Where the village's register leads: the month that the letter is about."""
    found, _letter = statement_or_404(id)
    return _to_month(date(found.year, found.month, 1))


@bp.post("/letters/<uuid:id>/sign")
@requires("letters.sign")
def sign(id: UUID) -> ResponseReturnValue:
    found, signed = statement_or_404(id)
    first = date(found.year, found.month, 1)
    try:
        moved = domain.sign(here(), found, signed, my_permissions())
    except CaseError as problem:
        db.session.rollback()
        return _page(first, str(problem)), 422
    commit()
    flash(gettext("Tanda tangan tercatat; %(n)s usulan disepakati.", n=moved), "success")
    return _to_month(first)


@bp.route("/letters/<uuid:id>/revoke", methods=["GET", "POST"])
@requires("letters.issue")  # for a signed letter also letters.sign: see may_revoke
def revoke(id: UUID) -> ResponseReturnValue:
    found, chosen = statement_or_404(id)
    first, form = date(found.year, found.month, 1), RevokeForm()
    if chosen.revoked_at is not None:
        return _page(first, gettext("Surat ini sudah dicabut.")), 422
    if not may_revoke(chosen, my_permissions()):
        abort(403)
    if request.method == "POST" and form.validate():
        try:
            back = domain.revoke(here(), found, chosen, form.reason.data or "", my_permissions())
        except CaseError as problem:
            db.session.rollback()
            return _page(first, str(problem)), 422
        commit()
        flash(gettext("SPTJM dicabut; %(n)s usulan menunggu kesepakatan lagi.", n=back), "success")
        return _to_month(first)
    page = render_template("dtsen/revoke.html", letter=chosen, form=form, first=first, month_name=month_name)
    return page, 422 if request.method == "POST" else 200
