"""The scorecard of a month: of the village, and of one partner with its own view beside it."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import (
    CaseError,
    Stale,
    area_today,
    commit,
    current_row,
    db,
    figures_of,
    gettext,
    here,
    month_name,
    record,
    report_of,
    requires,
)
from core.api import lazy_gettext as _

from .. import partners, reviews
from ..charts import share_chart
from ..forms import answers_in, review_form
from ..models import PartnerReview
from ..rulebook import statements_of
from ..scorecard.board import board_of
from ..scorecard.indicators import FROM_MODULES, Indicator, by_component
from ..scorecard.months import Month, month_of, read_month
from ..sheet import scorecard_sheet
from ..words import COMPONENTS, STATEMENTS
from . import bp
from .editing import moved_on
from .partners import partner_or_404

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = {
    "answered": _("Dijawab"),
    "agreement": _("Perjanjian"),
    "present": _("Hadir"),
    "actions": _("Tindakan"),
    "idle_days": _("Diam"),
    "contributions": _("Kontribusi"),
    "proposals": _("Usul"),
    "open": _("Hambatan"),
}
"""What the list of all partners shows of each."""


def asked_month() -> Month:
    """Of the address, else this month; one to come is this one too."""
    this = month_of(area_today(), here().timezone)
    found = read_month(request.args.get("month"), here().timezone)
    return found if found and found.first <= this.first else this


def months_back(month: Month) -> list[Month]:
    """This month and the five before it, and the one that is shown."""
    found = [month_of(area_today(), here().timezone)]
    while len(found) < 6:
        found.append(found[-1].before)
    return found if month in found else [*found, month]


@bp.get("/scorecard")
@requires("partnership.read")
def scorecard() -> ResponseReturnValue:
    month = asked_month()
    board = board_of(here(), month)
    figures = figures_of(report_of(here(), month.first))
    return render_template(
        "partnership/scorecard.html",
        board=board,
        months=months_back(month),
        village=by_component(board.village),
        rows=[
            (
                row,
                {key: Indicator(key, *board.partners[row.id][key]) for key in COLUMNS if key in board.partners[row.id]},
            )
            for row in partners.all_of(here().id).values()
            if row.id in board.partners
        ],
        columns=COLUMNS,
        components=COMPONENTS,
        desk=[figures[key] for key in FROM_MODULES if key in figures],
        chart=share_chart(board.village),
        month_name=month_name,
    )


@bp.get("/scorecard.xlsx")
@requires("partnership.read")
def download_scorecard() -> ResponseReturnValue:
    month = asked_month()
    board = board_of(here(), month)
    file = scorecard_sheet(board, {row.id: row.title for row in partners.all_of(here().id).values()})
    record("partnership.scorecard_downloaded", "partnership_scorecard", str(month))
    commit()
    return send_file(
        file, mimetype=XLSX, as_attachment=True, download_name=f"rapor-kemitraan-{here().code}-{month}.xlsx"
    )


@bp.get("/partners/<uuid:id>/scorecard")
@requires("partnership.read")
def partner_scorecard(id: UUID) -> ResponseReturnValue:
    found, month = partner_or_404(id), asked_month()
    board = board_of(here(), month)
    own = board.partners.get(found.id, {})
    return render_template(
        "partnership/partner_scorecard.html",
        partner=found,
        board=board,
        months=months_back(month),
        found=by_component(own),
        components=COMPONENTS,
        review=next(iter(reviews.of_partner(here().id, found.id)), None),
        means=reviews.means,
        statements=STATEMENTS,
        chart=share_chart(own),
        month_name=month_name,
    )


@bp.route("/partners/<uuid:id>/review", methods=["GET", "POST"])
@requires("partnership.write")
def review(id: UUID) -> ResponseReturnValue:
    """Filled in by the desk together with a partner that has no account."""
    found, year = partner_or_404(id), reviews.year_on(area_today())
    back = url_for("partnership.partner", id=id)

    def page(form: object, status: int = 200, problem: str = "") -> ResponseReturnValue:
        html = render_template(
            "partnership/review.html",
            title=partner_or_404(id).title,
            year=year,
            form=form,
            statements=statements_of(year),
            components=COMPONENTS,
            back=back,
            problem=problem,
        )
        return html, status

    held = reviews.find(here().id, id, year)
    form = review_form(
        statements_of(year),
        held.answers if held else {},
        held.version if held else 0,
        held.comment if held else "",
    )
    if request.method == "GET":
        return page(form)
    if not form.validate():
        return page(form, 422)
    answers, comment = answers_in(form, statements_of(year)), form.comment.data or ""
    told = {"side": "village", "name": current_user.name}
    try:
        if held is None:
            reviews.fill(here(), found, year, answers, comment, **told)
        else:
            row = current_row(PartnerReview, here().id, held.id, form.seen) or abort(404)
            reviews.change(row, answers, comment, **told)
        commit()
    except CaseError as problem:
        db.session.rollback()
        return page(form, 422, str(problem))
    except Stale:
        db.session.rollback()
        newest = reviews.find(here().id, id, year)
        form.version.data = str(newest.version if newest else 0)
        return page(form, 409, moved_on())
    flash(gettext("Penilaian diri tersimpan."), "success")
    return redirect(back)
