"""The district's side: whether its number works, and the figures of its villages."""

from datetime import timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from core.api import (
    AreaCode,
    OwnRows,
    area_today,
    commit,
    district_of,
    find_areas,
    gettext,
    here,
    now,
    public_url,
    record,
    requires,
    scope,
    settings_of,
)

from .. import hook
from ..cloud_api import Outcome, Template, send
from ..forms import TestForm
from ..report import counts_by_village, total
from ..settings import WhatsAppSettings, is_ready
from ..words import REASONS
from . import wide

DAYS = 30


@wide.get("/")
@requires("whatsapp.manage")
def manage() -> ResponseReturnValue:
    return _page(TestForm(formdata=None))


@wide.post("/test")
@requires("whatsapp.manage")
def test() -> ResponseReturnValue:
    """One request, at once; nothing of it is kept but that it was made."""
    form, district = TestForm(), district_of(here())
    settings = settings_of(here(), WhatsAppSettings)
    if not form.validate() or not is_ready(settings):
        return _page(form), 422
    request_body = Template(form.number, form.template.data or "", form.language.data or "", (), "test")
    outcome = send(settings, request_body)
    with scope(OwnRows(district.id)):
        record("whatsapp.tested", "whatsapp_test", district, outcome=outcome.reason or outcome.kind)
        commit()
    return _page(form, outcome)


def _page(form: TestForm, outcome: Outcome | None = None) -> str:
    area = here()
    settings = settings_of(area, WhatsAppSettings)
    by_village = counts_by_village(area, now() - timedelta(days=DAYS))
    titles = {each.id: each.title for each in find_areas(by_village)}
    district = district_of(area)
    with scope(OwnRows(district.id)):
        hooks = hook.counted(district.id, area_today() - timedelta(days=DAYS))
    return render_template(
        "whatsapp/district.html",
        form=form,
        outcome=outcome,
        said=_said(outcome),
        ready=is_ready(settings),
        signs=bool(settings.app_secret),
        verifies=bool(settings.verify_token),
        address=public_url("whatsapp-wide.verify", area=district),
        hooks=hooks,
        rows=[(titles.get(key, str(AreaCode.from_id(key))), counts) for key, counts in by_village.items()],
        total=total(by_village),
        days=DAYS,
        posted=request.method == "POST",
    )


def _said(outcome: Outcome | None) -> str:
    if outcome is None:
        return ""
    if outcome.kind == "accepted":
        return gettext("Diterima Meta. Periksa apakah pesannya muncul di ponsel.")
    reason = str(REASONS.get(outcome.reason, outcome.reason))
    return gettext("%(reason)s Kode Meta: %(code)s.", reason=reason, code=outcome.code or "–")
