"""After residents were added: look for those who were not found."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from core.api import commit, gettext, here, requires

from .. import matching as domain
from . import bp


@bp.post("/match")
@requires("pbi_jk.import")
def match() -> ResponseReturnValue:
    found = domain.match_again(here().id)
    commit()
    flash(
        gettext("%(n)s orang yang tadinya tidak ditemukan sekarang cocok.", n=found), "success" if found else "warning"
    )
    return redirect(url_for("pbi_jk.index", show="unsure"))
