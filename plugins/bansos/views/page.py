"""What the pages of one distribution and of one recipient share: finding them, and telling what did not work."""

from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.api import CaseError, area_today, gettext, here, imports_about, told_on_page

from .. import distributions, handovers, recipients
from ..distributions import SOURCES
from ..goods import in_words
from ..models import AidDistribution, AidRecipient
from ..recipient_files import RECIPIENTS


def distribution_or_404(distribution_id: UUID) -> AidDistribution:
    return distributions.find_distribution(here().id, distribution_id) or abort(404)


def open_or_404(distribution_id: UUID) -> AidDistribution:
    """Raises: CaseError: it is closed."""
    found = distribution_or_404(distribution_id)
    if not found.is_open:
        raise CaseError(distributions.closed_already())
    return found


def recipient_or_404(recipient_id: UUID) -> AidRecipient:
    return recipients.find_recipient(here().id, recipient_id) or abort(404)


def to_distribution(distribution_id: UUID, show: str | None = None) -> ResponseReturnValue:
    return redirect(url_for("bansos.distribution", id=distribution_id, show=show))


def to_recipient(recipient_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("bansos.recipient", id=recipient_id))


def posted_version() -> int:
    """-1, which nothing has, for what is no version."""
    return request.form.get("version", -1, int)


def moved_on() -> str:
    return gettext("Orang lain baru saja mengubahnya. Periksa keadaannya sekarang, lalu ulangi.")


def distribution_page(found: AidDistribution, problem: str = "") -> str:
    """One distribution with a page of its list. A fixed number of queries, however long the list is."""
    show, search = request.args.get("show", ""), request.args.get("q", "").strip()[:80]
    tally = distributions.tally_of(found)
    show = show if show in recipients.SHOWN else "waiting" if tally.waiting else "all"
    return render_template(
        "bansos/distribution.html",
        distribution=found,
        tally=tally,
        left_over=in_words(*distributions.left_over(found, tally)),
        goods=in_words(found.goods, found.amount),
        source=SOURCES.get(found.source, found.source),
        page=recipients.page_of(found, show, search, request.args.get("after")),
        show=show,
        search=search,
        files=imports_about(found.village_id, RECIPIENTS.name, found.id),
        kind=RECIPIENTS.name,
        relations=handovers.RELATIONS,
        today=area_today(),
        problem=problem,
    )


def recipient_page(found: AidRecipient, problem: str = "") -> str:
    """A recipient with everything that was handed over, undone or not."""
    return render_template(
        "bansos/recipient.html",
        recipient=found,
        distribution=found.distribution,
        handovers=handovers.handovers_of(found),
        goods=in_words(found.distribution.goods, found.distribution.amount),
        relations=handovers.RELATIONS,
        problem=problem,
    )


changes_distribution = told_on_page(lambda id, problem: distribution_page(distribution_or_404(id), problem), moved_on)
changes_recipient = told_on_page(lambda id, problem: recipient_page(recipient_or_404(id), problem), moved_on)
