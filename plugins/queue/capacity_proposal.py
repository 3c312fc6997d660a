"""What stands on the proposal to the village head: plain texts, Indonesian, and two pictures."""

from collections.abc import Mapping
from typing import Any

from core.api import bar_chart, gettext

from . import capacity_texts as texts
from .capacity_figures import ENOUGH, Capacity
from .capacity_plans import Changes, Comparison


def proposal_title(changes: Changes) -> str:
    return gettext("Usulan hari buka tambahan") if changes.days else gettext("Usulan perubahan pelayanan")


def proposal_values(capacity: Capacity, changes: Changes, found: Comparison, by: str) -> Mapping[str, Any]:
    """``by``: who proposes it."""
    total, now = capacity.total, found.now
    return {
        "by": by,
        "period": texts.period_words(capacity),
        "changes": texts.change_words(changes),
        "record": [
            [gettext("Hari buka yang tercatat"), str(len(capacity.days))],
            [gettext("Warga yang datang"), str(total.arrivals)],
            [gettext("Dilayani"), str(total.served)],
            [gettext("Belum terlayani"), str(total.turned_away)],
            [gettext("Tidak datang"), str(total.no_shows)],
            [gettext("Menunggu, rata-rata (menit)"), texts.told(total.waits.mean)],
            [gettext("Menunggu, median (menit)"), texts.told(total.waits.median)],
            [gettext("Menunggu, p90 (menit)"), texts.told(total.waits.p90)],
            [gettext("Menit di loket"), texts.told(total.minutes)],
            [gettext("Beban ρ"), texts.percent(total.load)],
        ],
        "timed": str(total.timed),
        "enough": capacity.enough,
        "fewest": str(ENOUGH),
        "basis": [list(line) for line in texts.basis_lines(capacity, found)],
        "lines": [list(line) for line in texts.comparison_lines(found)],
        "summary": texts.summary(found),
        "weeks": [str(found.now.result.weeks), str(found.then.result.weeks)],
        "erlang": now.erlang is not None,
        "charts": [
            {"picture": str(bar_chart(spec, paper=True)), "title": spec.heading, "told": str(spec.description)}
            for spec in (texts.minutes_chart(found), texts.people_chart(found))
        ],
    }
