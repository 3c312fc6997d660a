"""Opening one restricted case to a colleague, and closing it again."""

from uuid import UUID

from flask import flash, g, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.areas.code import AreaCode
from core.cases import sharing
from core.cases.errors import CaseError
from core.database.session import commit
from core.users.colleagues import colleagues, names_of
from core.users.permissions import requires

from . import bp
from .case import changes_case, find_or_404, to_case


@bp.post("/<village:area>/cases/<uuid:id>/share")
@requires("cases.write")
@changes_case
def share(area: AreaCode, id: UUID) -> ResponseReturnValue:
    case = find_or_404(id)
    try:
        user_id = UUID(request.form.get("user", ""))
    except ValueError:
        raise CaseError(_("Pilih dulu rekannya.")) from None
    if request.form.get("action") == "close":
        name = names_of({user_id}).get(user_id, "–")
        done, text = sharing.close_to(case, user_id, name), _("Kasus tidak lagi terlihat oleh %(name)s.", name=name)
    else:
        name = {person.id: person.name for person in colleagues(g.area.interval)}.get(user_id)
        if name is None:
            raise CaseError(_("Orang itu tidak bertugas di sini lagi. Pilih rekan lain."))
        done, text = sharing.open_to(case, user_id, name), _("Kasus sekarang terlihat oleh %(name)s.", name=name)
    commit()
    if done:
        flash(text, "success")
    return to_case(id, "access")
