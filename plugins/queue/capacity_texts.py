"""The desk's capacity in words and figures, for the page, the paper and the terminal alike."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from core.api import ChartSpec, Series, decimal, gettext, long_date

from .capacity_figures import Capacity, DayFigures
from .capacity_plans import Changes, Comparison, Outcome, recorded_of
from .capacity_simulation import Estimate

NOT_TOLD = "–"


class Line(NamedTuple):
    """A row of the comparison: what it is, now, and with the changes."""

    title: str
    now: str
    then: str


def told(value: float | None, places: int = 1) -> str:
    """A figure, or a dash."""
    return NOT_TOLD if value is None else decimal(value, places)


def percent(share: float | None) -> str:
    return NOT_TOLD if share is None else f"{decimal(share * 100, 0)} %"


def comparison_lines(found: Comparison) -> list[Line]:
    both = (found.now, found.then)
    rows = [
        (gettext("Warga sehari buka"), [told(each.plan.arrivals) for each in both]),
        (gettext("Hari buka seminggu"), [str(each.plan.days) for each in both]),
        (gettext("Petugas"), [str(each.plan.clerks) for each in both]),
        (gettext("Menit di loket"), [told(each.plan.mean_minutes) for each in both]),
        (gettext("Warga dengan janji"), [percent(each.plan.booked) for each in both]),
        (gettext("Beban ρ"), [percent(each.plan.load) for each in both]),
        (gettext("Waktu petugas terpakai"), [percent(each.result.busy) for each in both]),
        (gettext("Menunggu, rata-rata (menit)"), [_estimate(each.result.wait) for each in both]),
        (gettext("Menunggu, p90 (menit)"), [told(each.result.p90) for each in both]),
        (gettext("Belum terlayani seminggu (orang)"), [_estimate(each.result.turned_away) for each in both]),
        (gettext("Masih antre saat tutup (orang sehari)"), [told(each.result.at_closing) for each in both]),
        (gettext("Rumus Erlang-C (menit)"), [told(each.erlang) for each in both]),
    ]
    return [Line(title, now, then) for title, (now, then) in rows]


def _estimate(found: Estimate) -> str:
    return f"{decimal(found.value, 1)} ± {decimal(found.margin, 1)}"


def change_words(changes: Changes) -> list[str]:
    """What is tried, a phrase for each."""
    words = []
    if changes.days:
        words.append(gettext("%(n)s hari buka lagi seminggu", n=changes.days))
    if changes.counters:
        words.append(gettext("%(n)s petugas lagi", n=changes.counters))
    if changes.booked is not None:
        words.append(gettext("%(share)s warga membuat janji", share=percent(changes.booked)))
    if changes.ready:
        words.append(gettext("berkas %(share)s warga lagi dicek dulu", share=percent(changes.ready)))
    return words


def summary(found: Comparison) -> str:
    """The answer in one sentence."""
    return gettext(
        "Rata-rata menunggu dari %(wait)s menjadi %(wait_then)s menit, dan yang belum terlayani dari %(away)s menjadi "
        "%(away_then)s orang seminggu.",
        wait=told(found.now.result.wait.value),
        wait_then=told(found.then.result.wait.value),
        away=told(found.now.result.turned_away.value),
        away_then=told(found.then.result.turned_away.value),
    )


def basis_lines(capacity: Capacity, found: Comparison) -> list[tuple[str, str, str]]:
    """What the simulation starts from: what, how much, and whence: the record with its n, or an assumption."""
    plan, n = found.now.plan, len(capacity.visits)
    hours, record = gettext("jam buka desa"), gettext("catatan antrean")
    days = gettext("%(days)s hari buka, %(n)s nomor", days=len(capacity.days), n=n)
    whence = {
        "arrivals": (gettext("Warga sehari buka"), told(plan.arrivals), days),
        "minutes": (
            gettext("Menit di loket"),
            told(plan.minutes),
            gettext("catatan, %(n)s waktu di loket", n=len(capacity.times)),
        ),
        "hours": (gettext("Jam buka sehari"), told(plan.open_minutes / 60), hours),
        "counters": (gettext("Loket yang melayani"), str(plan.clerks), record if n else gettext("loket yang aktif")),
        "days": (gettext("Hari buka seminggu"), str(plan.days), record if n else hours),
    }
    assumed = gettext("asumsi")
    lines = [(what, value, assumed if key in found.assumed else by) for key, (what, value, by) in whence.items()]
    if found.then.plan.ready:
        minutes = plan.minutes * found.then.plan.ready_factor
        by = gettext("catatan, %(n)s lengkap dan %(m)s tidak", n=found.ready, m=found.unready)
        by = by if found.ready else assumed
        lines.append((gettext("Menit di loket bila berkas lengkap"), told(minutes), by))
    return lines


def hints(capacity: Capacity) -> dict[str, str]:
    """Beside each field what the record gives, or that it gives too little."""
    thin = gettext("Catatan belum cukup: isi perkiraan.")
    found = {
        name: gettext("Dari catatan: %(value)s. Kosong: itu yang dipakai.", value=decimal(value, 1)) if value else thin
        for name, value in recorded_of(capacity).items()
    }
    return {**found, "ready_minutes": _papers_hint(capacity)}


def _papers_hint(capacity: Capacity) -> str:
    ready, unready = capacity.papers()
    if not ready or not unready:
        return gettext("Catatan belum cukup: isi perkiraan.")
    return gettext(
        "Dari catatan: %(ready)s menit bila lengkap (%(n)s), %(unready)s bila tidak (%(m)s).",
        ready=decimal(sum(ready) / len(ready), 1),
        n=len(ready),
        unready=decimal(sum(unready) / len(unready), 1),
        m=len(unready),
    )


def period_words(capacity: Capacity) -> str:
    return gettext("%(first)s sampai %(last)s", first=long_date(capacity.first), last=long_date(capacity.last))


def day_lines(capacity: Capacity) -> Iterator[tuple[date, DayFigures]]:
    """The latest day first."""
    yield from reversed(capacity.days.items())


# ---- charts ----


def days_chart(capacity: Capacity) -> ChartSpec:
    days = list(capacity.days.items())
    return ChartSpec(
        gettext("Menunggu sampai dipanggil"),
        gettext("Rata-rata dan p90 setiap hari; p90 tidak dilampaui sembilan dari sepuluh warga."),
        [f"{day.day}/{day.month}" for day, _figures in days],
        [
            Series(gettext("Rata-rata"), [figures.waits.mean for _day, figures in days]),
            Series("p90", [figures.waits.p90 for _day, figures in days]),
        ],
        gettext("menit"),
    )


def minutes_chart(found: Comparison) -> ChartSpec:
    return _both(
        gettext("Menunggu sampai dipanggil"),
        found,
        [gettext("Rata-rata"), "p90"],
        gettext("menit"),
        lambda each: [each.result.wait.value, each.result.p90],
    )


def people_chart(found: Comparison) -> ChartSpec:
    return _both(
        gettext("Warga yang belum terlayani"),
        found,
        [gettext("Seminggu"), gettext("Sehari, saat tutup")],
        gettext("orang"),
        lambda each: [each.result.turned_away.value, each.result.at_closing],
    )


def _both(
    title: str, found: Comparison, labels: Sequence[str], unit: str, values: Callable[[Outcome], Sequence[float]]
) -> ChartSpec:
    return ChartSpec(
        title,
        summary(found),
        labels,
        [Series(gettext("Sekarang"), values(found.now)), Series(gettext("Dengan perubahan"), values(found.then))],
        unit,
    )
