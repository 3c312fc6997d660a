"""A year in figures, of which none points to a person: small ones are not told, nor sums that would give them away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import extract, func, select

from core.api import Case, Text, db

from .clusters import CLUSTERS, SUPPORTS
from .models import AtensiSupport
from .rulebook import handling
from .services import NAMES


@dataclass(frozen=True)
class Figure:
    """``told`` is None for a figure that is kept back."""

    title: Text
    told: int | None


@dataclass(frozen=True)
class YearReport:
    year: int
    small: int
    total: int | None
    clusters: Sequence[Figure]
    supports: Sequence[Figure]


def year_report(village_id: int, year: int, today: date) -> YearReport:
    """Cases opened in a year by cluster, and what their plans have given, in two queries."""
    small = handling.value("small").on(today)
    in_year = (Case.village_id == village_id, Case.service.in_(NAMES), extract("year", Case.opened_at) == year)
    by_cluster = select(Case.service, func.count()).where(*in_year).group_by(Case.service)
    by_kind = (
        select(AtensiSupport.kind, func.count())
        .join(Case, (Case.village_id == AtensiSupport.village_id) & (Case.id == AtensiSupport.case_id))
        .where(*in_year, AtensiSupport.state != "planned")
        .group_by(AtensiSupport.kind)
    )
    cases = {row[0]: row[1] for row in db.session.execute(by_cluster)}
    given = {row[0]: row[1] for row in db.session.execute(by_kind)}
    counts = [cases.get(f"atensi.{key}", 0) for key in CLUSTERS]
    return YearReport(
        year,
        small,
        told_sum(counts, small),
        [Figure(title, told(count, small)) for title, count in zip(CLUSTERS.values(), counts, strict=True)],
        [Figure(title, told(given.get(key, 0), small)) for key, title in SUPPORTS.items()],
    )


def told(count: int, small: int) -> int | None:
    """A figure as it may be read by anybody: none from 1 to below ``small``."""
    return None if 0 < count < small else count


def told_sum(counts: Sequence[int], small: int) -> int | None:
    """The sum, unless it is small itself or exactly one figure is kept back, which it would give away."""
    kept_back = [count for count in counts if told(count, small) is None]
    return None if len(kept_back) == 1 else told(sum(counts), small)
