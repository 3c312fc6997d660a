"""A village's own page about its office: hours, address, contacts."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.areas.code import AreaCode
from core.database.session import commit
from core.people.views.conflict import sides
from core.users.permissions import requires
from core.villages.forms import ProfileForm
from core.villages.profile import StaleProfile, profile_of, save_profile

from . import bp


@bp.route("/<village:area>/profile", methods=["GET", "POST"])
@requires("profile.manage")
def profile(area: AreaCode) -> ResponseReturnValue:
    """Change the profile; a stale edit shows both sides and keeps what was typed."""
    stored = profile_of(g.area)
    form = ProfileForm.showing(stored)
    if not form.is_submitted():
        return render_template("villages/profile.html", form=form)
    if not form.validate():
        return render_template("villages/profile.html", form=form), 422
    try:
        save_profile(g.area, form.to_profile(stored))
    except StaleProfile as stale:
        conflict = sides(form, ProfileForm.showing(stale.stored, formdata=None), None, None)
        form.version.data = str(stale.stored.version)
        return render_template("villages/profile.html", form=form, conflict=conflict), 409
    commit()
    flash(_("Perubahan tersimpan. Halaman layanan untuk warga sudah memakainya."), "success")
    return redirect(url_for("villages.profile"))
