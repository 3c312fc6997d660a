"""The village's monthly reports: the list, an edition, and what is done with one."""

from datetime import date
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import (
    CaseError,
    VersionedForm,
    area_today,
    commit,
    db,
    gettext,
    here,
    pdf_answer,
    record,
    requires,
    told_on_page,
)

from .. import reports
from ..forms import ReasonForm
from ..models import MonitoringReport
from ..months import first_of, month_key, month_title, months_before, months_until, read_month
from ..papers import report_paper, report_sheet
from ..report_content import changes, tables
from ..rulebook import deadline_of, rule_on
from . import bp

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def moved_on() -> str:
    return gettext("Laporan ini sudah diubah orang lain. Yang Anda lakukan belum tersimpan; periksa lalu ulangi.")


def report_or_404(id: UUID) -> MonitoringReport:
    return reports.find_report(here().id, id) or abort(404)


@bp.get("/reports")
@requires("monitoring.read")
def list_reports() -> ResponseReturnValue:
    return _list_page()


def _list_page(problem: str = "") -> str:
    this = first_of(area_today())
    months = months_until(this, rule_on(this).shown_months)[::-1]
    newest = reports.newest_editions(here().id, months)
    rows = [
        (
            month,
            month_key(month),
            month_title(month),
            newest.get(month),
            deadline_of(month),
            _late(month, newest.get(month)),
        )
        for month in months
    ]
    return render_template("monitoring/reports.html", rows=rows, this=this, problem=problem, today=area_today())


def _late(month: date, report: MonitoringReport | None) -> bool:
    return reports.is_late(report if report and report.sent_at else None, month, here().timezone)


@bp.post("/reports/make")
@requires("monitoring.send")
def make_report() -> ResponseReturnValue:
    month = read_month(request.form.get("month"))
    if month is None:
        return _list_page(gettext("Pilih bulan laporannya.")), 422
    try:
        made = reports.make(here(), month)
        commit()
    except CaseError as problem:
        db.session.rollback()
        return _list_page(str(problem)), 422
    return redirect(url_for("monitoring.report", id=made.id))


@bp.get("/reports/<uuid:id>")
@requires("monitoring.read")
def report(id: UUID) -> ResponseReturnValue:
    return _report_page(id)


def _report_page(id: UUID, problem: str = "") -> str:
    found = report_or_404(id)
    every = reports.editions(found.village_id, found.month)
    before = next((each for each in every if each.edition == found.edition - 1), None)
    return render_template(
        "monitoring/report.html",
        report=found,
        title=reports.title_of(found),
        tables=tables(found.content),
        editions=every,
        before=before,
        changes=changes(before.content, found.content) if before else [],
        newest=every[0].id == found.id,
        deadline=deadline_of(found.month),
        over=area_today() >= months_before(found.month, -1),
        form=VersionedForm(formdata=None, version=found.version),
        problem=problem,
    )


changes_report = told_on_page(_report_page, moved_on)


@bp.post("/reports/<uuid:id>/again")
@requires("monitoring.send")
@changes_report
def make_again(id: UUID) -> ResponseReturnValue:
    report_or_404(id)
    reports.make_again(here(), id, VersionedForm().seen)
    commit()
    flash(gettext("Laporan disusun ulang dengan angka saat ini."), "success")
    return redirect(url_for("monitoring.report", id=id))


@bp.post("/reports/<uuid:id>/send")
@requires("monitoring.send")
@changes_report
def send(id: UUID) -> ResponseReturnValue:
    report_or_404(id)
    reports.send(here(), id, VersionedForm().seen, by=current_user.id, name=current_user.name)
    commit()
    flash(gettext("Laporan dikirim ke Dinas Sosial. Angkanya tidak berubah lagi."), "success")
    return redirect(url_for("monitoring.report", id=id))


@bp.route("/reports/<uuid:id>/amend", methods=["GET", "POST"])
@requires("monitoring.send")
@changes_report
def amend(id: UUID) -> ResponseReturnValue:
    found = report_or_404(id)
    form = ReasonForm(version=found.version)
    if request.method == "GET":
        if found.remark:
            form.reason.data = gettext("Dikembalikan Dinas Sosial: %(remark)s", remark=found.remark)[:500]
        return _amend_page(found, form)
    if not form.validate():
        return _amend_page(found, form), 422
    made = reports.amend(here(), id, form.seen, " ".join((form.reason.data or "").split()))
    commit()
    return redirect(url_for("monitoring.report", id=made.id))


def _amend_page(found: MonitoringReport, form: ReasonForm) -> str:
    return render_template("monitoring/amend.html", report=found, title=reports.title_of(found), form=form)


@bp.get("/reports/<uuid:id>.xlsx")
@requires("monitoring.read")
def sheet(id: UUID) -> ResponseReturnValue:
    found = report_or_404(id)
    file = report_sheet(here(), found)
    name = _file_name(found)
    _note_download(found)
    return send_file(file, mimetype=XLSX, as_attachment=True, download_name=f"{name}.xlsx")


@bp.get("/reports/<uuid:id>.pdf")
@requires("monitoring.read")
def paper(id: UUID) -> ResponseReturnValue:
    found = report_or_404(id)
    content, name = report_paper(here(), found), _file_name(found)
    _note_download(found)
    return pdf_answer(content, name)


def _file_name(found: MonitoringReport) -> str:
    return f"laporan-{here().code}-{month_key(found.month)}-{found.edition}"


def _note_download(found: MonitoringReport) -> None:
    record("monitoring.report_downloaded", "monitoring_report", found.id, month=month_key(found.month))
    commit()
