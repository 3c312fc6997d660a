"""The picture of a scorecard: the shares that may be told, each from 0 to 100."""

from collections.abc import Mapping

from core.api import ChartSpec, Series
from core.api import lazy_gettext as _

from .scorecard.indicators import Amounts, indicators_in


def share_chart(figures: Mapping[str, Amounts]) -> ChartSpec | None:
    """Of those of five or more; None where there is none."""
    shares = [i for i in indicators_in(figures) if i.kind.unit == "share" and i.value is not None]
    if not shares:
        return None
    return ChartSpec(
        title=_("Bagian dalam persen"),
        description=_("Tiap batang satu bagian, dari 0 sampai 100 persen; yang dari kurang dari 5 tidak ditampilkan."),
        labels=[share.kind.title for share in shares],
        series=[Series(_("Bagian"), [round((share.value or 0) * 100, 1) for share in shares])],
        unit="%",
        reference=(_("Semua"), 100),
    )
