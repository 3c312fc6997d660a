"""The yearly self-review: how a partner itself sees the partnership, once a year."""

from collections.abc import Mapping, Sequence
from datetime import date
from statistics import mean
from uuid import UUID

from sqlalchemy import select

from core.api import Area, CaseError, db, gettext, now

from . import saving
from .models import Partner, PartnerReview
from .rulebook import statements_of
from .words import COMPONENTS, component_of

THING = "partnership_review"


def fill(
    area: Area, partner: Partner, year: int, answers: Mapping[str, int], comment: str, *, side: str, name: str
) -> PartnerReview:
    """The caller commits.

    Args:
        answers: 1 to 5 by the key of each statement of that year.
        side: partner, or village where the desk filled it in together with them.

    Raises: CaseError: it was filled in before, or an answer is missing.
    """
    _check(year, answers)
    review = PartnerReview(
        village_id=area.id,
        partner_id=partner.id,
        year=year,
        answers=dict(answers),
        comment=comment,
        side=side,
        filled_by=name,
        filled_at=now(),
    )
    taken = gettext("Penilaian diri tahun ini sudah diisi. Muat ulang untuk mengubahnya.")
    saving.add(review, "partnership.review_filled", THING, taken, year=year)
    return review


def change(review: PartnerReview, answers: Mapping[str, int], comment: str, *, side: str, name: str) -> None:
    """Raises: CaseError: an answer is missing."""
    _check(review.year, answers)
    values = {"answers": dict(answers), "comment": comment, "side": side, "filled_by": name}
    if saving.change(review, values, "partnership.review_changed", THING, year=review.year):
        review.filled_at = now()


def _check(year: int, answers: Mapping[str, int]) -> None:
    missing = [key for key in statements_of(year) if answers.get(key) not in range(1, 6)]
    if missing:
        raise CaseError(gettext("Jawab semua pernyataan dari 1 sampai 5."))


def find(village_id: int, partner_id: UUID, year: int) -> PartnerReview | None:
    return db.session.scalar(
        select(PartnerReview).where(
            PartnerReview.village_id == village_id, PartnerReview.partner_id == partner_id, PartnerReview.year == year
        )
    )


def of_partner(village_id: int, partner_id: UUID) -> Sequence[PartnerReview]:
    """The latest year first."""
    return db.session.scalars(
        select(PartnerReview)
        .where(PartnerReview.village_id == village_id, PartnerReview.partner_id == partner_id)
        .order_by(PartnerReview.year.desc())
        .limit(5)
    ).all()


def means(review: PartnerReview) -> dict[str, float]:
    """Mean of the answers by component; one partner's own view, so nothing is hidden."""
    return {
        component: mean(given)
        for component in COMPONENTS
        if (given := [value for key, value in review.answers.items() if component_of(key) == component])
    }


def year_on(day: date) -> int:
    """The year that is asked about: until March still the one before."""
    return day.year - 1 if day.month < 4 else day.year
