"""How a village speaks of itself. A kelurahan has a lurah and no kepala desa (UU 23/2014 art. 229).

Texts are written once, for a desa. Here, and nowhere else, they become those of a kelurahan.
"""

import re

from .code import AreaCode

# Left alone: what names both kinds, what is a name ("Dana Desa"), and placeholders such as %(desa)s.
_HEAD_OR_VILLAGE = re.compile(
    r"(?P<both>\b[Dd]esa(?: dan | atau |/)kelurahan\b)"
    r"|(?P<head>\b[Kk]epala [Dd]esa\b)"
    r"|(?P<village>(?<!\()\bdesa\b|^Desa\b)"
)


def of_kelurahan(text: str) -> str:
    """An Indonesian text about a desa, as a kelurahan says it: "keputusan kepala desa" → "keputusan lurah"."""
    return _HEAD_OR_VILLAGE.sub(_word, text)


def _word(found: re.Match[str]) -> str:
    if found["both"]:
        return found["both"]
    capital = found[0][0].isupper()
    word = "lurah" if found["head"] else "kelurahan"
    return word.capitalize() if capital else word


def as_said_in(area: AreaCode, text: object) -> str:
    """A text about one village on a page that belongs to no village, such as a role in the list of one's areas."""
    return of_kelurahan(str(text)) if area.is_kelurahan else str(text)
