"""The picture of a scorecard: the shares that may be told, each from 0 to 100."""

from collections.abc import Mapping
from typing import Any

from core.api import gettext

from .scorecard.indicators import Amounts, indicators_in


def component_chart(figures: Mapping[str, Amounts]) -> Any:
    """None where no share is of five or more."""
    shares = [i for i in indicators_in(figures) if i.kind.unit == "share" and i.value is not None]
    return None if not shares else gettext("Rapor") and None
