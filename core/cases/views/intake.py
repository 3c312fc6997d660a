"""Taking a case in: who, what, how. One short form, after the resident and the service are chosen."""

from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Form as PlainForm

from core.aid.exclusions import all_at_odds, clashes_in_screening, clashes_of_family
from core.aid.gathering import NO_AID, aid_of_families
from core.areas.code import AreaCode
from core.areas.current import CurrentArea
from core.cases.answers import answers_of
from core.cases.catalogue import find_service, offered
from core.cases.intake import CHANNELS, Intake, only_who_may, open_case, open_case_of
from core.cases.judging import judge
from core.cases.models import Case
from core.cases.restricted import is_open_to_me
from core.cases.screening import screen
from core.cases.service import Service
from core.cases.standing import state_title
from core.database.session import commit
from core.people.models import Person
from core.people.search import family_of, find_person, people_page
from core.platform import platform
from core.users.permissions import requires
from core.web.errors import ModuleOff
from core.web.formats import area_today

from . import bp
from .forms import IntakeForm


@bp.route("/<village:area>/cases/new", methods=["GET", "POST"])
@requires("cases.write")
def new(area: AreaCode) -> ResponseReturnValue:
    person = _chosen_person()
    service = offered(g.area).get(request.args.get("service", ""))
    if service is None and request.method == "POST":
        _refuse_if_switched_off(request.args.get("service", ""))
    if person is None:
        return _choose_person()
    if service is None:
        return _choose_service(person)
    if not is_open_to_me(service):
        flash(only_who_may(), "warning")
        return _choose_service(person), 403
    going = open_case_of(person, service)
    form = IntakeForm(
        person.name,
        has_open_case=going is not None,
        phone_needed=service.phone_needed,
        reporter_phone=person.phone,
        **_channel(),
    )
    answers = service.form(request.form if request.method == "POST" else None)
    if request.method == "POST":
        # Both are asked, so that every problem shows at once.
        if all([form.validate(), answers.validate()]):
            return _open(g.area, service, person, form, answers)
        return _form_page(person, service, form, answers, going), 422
    return _form_page(person, service, form, answers, going)


def _refuse_if_switched_off(name: str) -> None:
    """Raises: ModuleOff: the service was there when the form was opened; what was typed must not be lost."""
    if find_service(name) is not None:
        plugin = platform().plugins.plugins[name.partition(".")[0]]
        raise ModuleOff(plugin.title, g.area.title)


def _chosen_person() -> Person | None:
    try:
        person = find_person(g.area.id, UUID(request.args.get("person", "")))
    except ValueError:
        return None
    return None if person is None or person.erased else person


def _channel() -> dict[str, str]:
    """As the page says that leads here, such as a field worker's finding: filled in, and the clerk's to change."""
    channel = request.args.get("channel", "")
    return {"channel": channel} if channel in CHANNELS else {}


def _choose_person() -> ResponseReturnValue:
    search = request.args.get("q", "").strip()[:80]
    page = people_page(g.area.id, search, None) if search else None
    return render_template("cases/choose.html", search=search, page=page)


def _choose_service(person: Person) -> str:
    """Every programme of the village, with what speaks for and against it for this resident's family."""
    family, day, services = family_of(person), area_today(), offered(g.area)
    odd = all_at_odds(services, day)
    aid = aid_of_families(g.area, [family], person, permissions=g.permissions, only=odd) if odd else NO_AID
    return render_template(
        "cases/screening.html",
        person=person,
        family=family,
        day=day,
        screening=screen(services, person, family, day),
        clashes=clashes_in_screening(services, aid, family, person, day),
        unsure=aid.failed,
        state_title=state_title,
        is_open_to_me=is_open_to_me,
    )


def _form_page(person: Person, service: Service, form: IntakeForm, answers: PlainForm, going: Case | None) -> str:
    family = family_of(person)
    judgement = judge(service, person, family, area_today())
    return render_template(
        "cases/new.html",
        person=person,
        service=service,
        form=form,
        answers=answers,
        judgement=judgement,
        going=going,
        clashes=clashes_of_family(g.area, service, person, family, g.permissions),
    )


def _open(
    area: CurrentArea, service: Service, person: Person, form: IntakeForm, answers: PlainForm
) -> ResponseReturnValue:
    case = open_case(
        area,
        service,
        person,
        Intake(
            channel=form.channel.data,
            answers=answers_of(answers),
            priority=form.priority.data,
            reporter_name=form.reporter_name.data or "",
            reporter_relation=form.reporter_relation.data or "",
            reporter_phone=form.reporter_phone.data or "",
            note=form.note.data or "",
            privacy_notice_given=form.privacy_notice_given.data,
        ),
    )
    case_id, ticket = case.id, case.ticket
    commit()
    flash(_("Kasus %(ticket)s dibuka. Cetak tanda terimanya untuk warga.", ticket=ticket), "success")
    return redirect(url_for("cases.show", id=case_id))
