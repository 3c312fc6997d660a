"""Months and money: the families of a decree, paying one, taking a payment back, leaving, and the papers of it."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import (
    CaseError,
    Stale,
    VersionedForm,
    area_today,
    commit,
    db,
    gettext,
    here,
    in_indonesian,
    may,
    month_name,
    my_permissions,
    pdf_answer,
    record,
    render_paper,
    requires,
)

from .. import payments as domain
from .. import recipients
from ..decrees import find_decree, page_of
from ..documents import handover_values, months_in_words, period, receipt_values
from ..models import Decree, Payment, Recipient
from ..payment_forms import LeavingForm, PaymentForm, ReasonForm
from ..payments import unpaid_until
from ..rules import rule_of_year
from ..sheet import sheet
from . import bp

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def recipient_or_404(recipient_id: UUID) -> Recipient:
    found = domain.find_recipient(here().id, recipient_id)
    if found is None:
        abort(404)
    return found


def payment_or_404(payment_id: UUID) -> Payment:
    found = domain.find_payment(here().id, payment_id)
    if found is None:
        abort(404)
    return found


def decree_or_404(decree_id: UUID) -> Decree:
    found = find_decree(here().id, decree_id)
    if found is None:
        abort(404)
    return found


def to_payments(decree_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("blt_desa.payments", id=decree_id))


@bp.get("/")
@requires("blt_desa.read")
def index() -> ResponseReturnValue:
    page = page_of(here().id, request.args.get("after"))
    return render_template(
        "blt_desa/index.html", page=page, period=period, unpaid=unpaid_until(here().id, area_today())
    )


# ---- the families of a decree ----


@bp.get("/decrees/<uuid:id>")
@requires("blt_desa.read")
def payments(id: UUID) -> ResponseReturnValue:
    return _payments_page(decree_or_404(id))


def _payments_page(decree: Decree, problem: str = "") -> str:
    """Families × months. A fixed number of queries, however many families there are."""
    lines = domain.lines_of(decree)
    today = area_today()
    due_to = 12 if today.year > decree.year else today.month if today.year == decree.year else 0
    return render_template(
        "blt_desa/payments.html",
        lines=lines,
        payments=domain.payments_of(decree.village_id, [line.recipient.id for line in lines]),
        names={line.recipient.id: line.recipient.case.person.name for line in lines},
        decree=decree,
        rule=rule_of_year(decree.year, decree.first_month),
        totals=[
            (month, sum(month in line.paid for line in lines), sum(line.share(month) for line in lines))
            for month in decree.months
        ],
        due_to=due_to,
        late=[line for line in lines if any(month <= due_to for month in line.unpaid)],
        month_name=month_name,
        why=recipients.WHY,
        followers={line.recipient.replaces_id for line in lines},
        problem=problem,
    )


@bp.get("/decrees/<uuid:id>/handover/<int:month>.pdf")
@requires("blt_desa.read")
def handover(id: UUID, month: int) -> ResponseReturnValue:
    """The list on which the families sign for one month."""
    decree = decree_or_404(id)
    if month not in decree.months or decree.void:
        abort(404)
    families = [line.recipient for line in domain.lines_of(decree) if month in line.paid or month in line.unpaid]
    with in_indonesian():
        values = handover_values(families, decree, month, decree.reference)
        title = gettext("Daftar Penyerahan BLT Dana Desa")
    content = render_paper(here(), "blt_desa/handover.typ", title, values)
    return pdf_answer(content, f"penyerahan-{decree.year}-{month:02d}")


@bp.get("/decrees/<uuid:id>/blt-desa.xlsx")
@requires("blt_desa.read")
def download(id: UUID) -> ResponseReturnValue:
    """The NIK in full only for who may see it so anyway, and the audit says which it was."""
    decree, full_nik = decree_or_404(id), may("people.nik")
    lines = domain.lines_of(decree)
    made = domain.payments_of(decree.village_id, [line.recipient.id for line in lines])
    file = sheet(decree, lines, made, full_nik=full_nik)
    year = decree.year
    record("blt_desa.report_downloaded", "decree", id, families=len(lines), full_nik=full_nik)
    commit()
    return send_file(file, mimetype=XLSX, as_attachment=True, download_name=f"blt-desa-{here().code}-{year}.xlsx")


# ---- paying ----


@bp.route("/recipients/<uuid:id>/pay", methods=["GET", "POST"])
@requires("blt_desa.write")
def pay(id: UUID) -> ResponseReturnValue:
    recipient = recipient_or_404(id)
    line = domain.line_of(recipient)
    if request.method == "GET":
        form = PaymentForm(
            recipient.decree,
            line.unpaid,
            months=_next_months(recipient.decree, line.unpaid),
            paid_on=area_today(),
            handed_by=current_user.name,
            received_by=recipient.case.person.name,
            version=recipient.version,
        )
        return _pay_page(recipient, form)
    form = PaymentForm(recipient.decree, line.unpaid)
    try:
        recipient = domain.current_recipient(here().id, id, form.seen)
        if not form.validate():
            return _pay_page(recipient, form), 422
        made = domain.pay(here(), recipient, form.input, current_user.id)
    except Stale:
        db.session.rollback()
        recipient = recipient_or_404(id)
        form.version.data = str(recipient.version)
        problem = gettext("Orang lain baru saja mencatat untuk keluarga ini. Periksa bulan yang tersisa, lalu ulangi.")
        return _pay_page(recipient, form, problem), 409
    except CaseError as refusal:
        db.session.rollback()
        return _pay_page(recipient_or_404(id), form, str(refusal)), 422
    payment_id = made.id
    commit()
    flash(gettext("Pembayaran tercatat. Cetak tanda terimanya."), "success")
    return redirect(url_for("blt_desa.payment", id=payment_id))


def _next_months(decree: Decree, unpaid: list[int]) -> list[int]:
    """What is due by today, at most as many as the rule allows at once."""
    rule, today = rule_of_year(decree.year, decree.first_month), area_today()
    due = [month for month in unpaid if (decree.year, month) <= (today.year, today.month)] or unpaid[:1]
    return due[: rule.months_at_once if rule else 1]


def _pay_page(recipient: Recipient, form: PaymentForm, problem: str = "") -> str:
    line = domain.line_of(recipient)
    rule = rule_of_year(recipient.decree.year, recipient.decree.first_month)
    return render_template("blt_desa/pay.html", recipient=recipient, line=line, form=form, rule=rule, problem=problem)


@bp.get("/payments/<uuid:id>")
@requires("blt_desa.read")
def payment(id: UUID) -> ResponseReturnValue:
    found = payment_or_404(id)
    decree = found.recipient.decree
    months = months_in_words([paid.month for paid in found.months], decree.year)
    return render_template("blt_desa/payment.html", payment=found, decree=decree, months=months)


@bp.get("/payments/<uuid:id>.pdf")
@requires("blt_desa.read")
def receipt(id: UUID) -> ResponseReturnValue:
    """The receipt that the family signs."""
    found = payment_or_404(id)
    decree = found.recipient.decree
    with in_indonesian():
        values = receipt_values(here(), found, decree, "" if decree.void else decree.reference)
        title = gettext("Tanda Terima BLT Dana Desa")
    return pdf_answer(render_paper(here(), "blt_desa/receipt.typ", title, values), "tanda-terima-blt")


@bp.route("/payments/<uuid:id>/reverse", methods=["GET", "POST"])
@requires("blt_desa.write")
def reverse(id: UUID) -> ResponseReturnValue:
    found, form = payment_or_404(id), ReasonForm()
    if request.method == "POST" and form.validate():
        decree_id = found.recipient.decree_id
        try:
            domain.reverse(found, form.reason.data or "", current_user.id)
        except CaseError as refusal:
            db.session.rollback()
            return render_template(
                "blt_desa/reverse.html", payment=payment_or_404(id), form=form, problem=str(refusal)
            ), 422
        commit()
        flash(gettext("Pembayaran dibatalkan; bulannya dapat dibayar lagi."), "success")
        return to_payments(decree_id)
    page = render_template("blt_desa/reverse.html", payment=found, form=form, problem="")
    return page, 422 if request.method == "POST" else 200


# ---- leaving, and being followed ----


@bp.route("/recipients/<uuid:id>/leave", methods=["GET", "POST"])
@requires("blt_desa.decide")
def leave(id: UUID) -> ResponseReturnValue:
    recipient = recipient_or_404(id)
    form = _leaving_form(recipient)
    if request.method == "GET":
        form.version.data = str(recipient.version)
        return _leave_page(recipient, form)
    decree_id = recipient.decree_id
    try:
        recipient = domain.current_recipient(here().id, id, form.seen)
        if not form.validate():
            return _leave_page(recipient, form), 422
        recipients.leave(here(), recipient, form.input, form.reserve_id, my_permissions())
    except Stale:
        db.session.rollback()
        recipient = recipient_or_404(id)
        form.version.data = str(recipient.version)
        problem = gettext("Orang lain baru saja mencatat untuk keluarga ini. Periksa, lalu ulangi.")
        return _leave_page(recipient, form, problem), 409
    except CaseError as refusal:
        db.session.rollback()
        return _leave_page(recipient_or_404(id), form, str(refusal)), 422
    commit()
    flash(gettext("Keluarga ini tidak dibayar lagi sesudah bulan itu."), "success")
    return to_payments(decree_id)


def _leaving_form(recipient: Recipient) -> LeavingForm:
    waiting = [(c.id, f"{c.rank}. {c.case.person.name}") for c in recipients.reserves(recipient.decree)]
    return LeavingForm(domain.line_of(recipient), waiting)


def _leave_page(recipient: Recipient, form: LeavingForm, problem: str = "") -> str:
    return render_template("blt_desa/leave.html", recipient=recipient, form=form, problem=problem)


@bp.post("/recipients/<uuid:id>/return")
@requires("blt_desa.decide")
def undo_leaving(id: UUID) -> ResponseReturnValue:
    decree_id = recipient_or_404(id).decree_id
    try:
        recipient = domain.current_recipient(here().id, id, VersionedForm().seen)
        recipients.undo_leaving(here(), recipient, my_permissions())
    except Stale:
        db.session.rollback()
        return _payments_page(decree_or_404(decree_id), gettext("Keadaannya sudah berubah. Periksa, lalu ulangi.")), 409
    except CaseError as refusal:
        db.session.rollback()
        return _payments_page(decree_or_404(decree_id), str(refusal)), 422
    commit()
    flash(gettext("Keluarga ini dibayar lagi."), "success")
    return to_payments(decree_id)
