"""Who may be the same person, entered twice: a temporary and a real NIK, an old and a new spelling of a name.

A blank never matches a blank. A match is a question for the clerk, with its reasons; nothing is merged here.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from rapidfuzz.fuzz import ratio

from core.texts import lazy_gettext as _

SIMILAR = 82.0
"""From this similarity of two name keys (rapidfuzz ``ratio``, 0–100) names are alike, given the same birth date.

Measured on synthetic residents, since no real register may be kept here: among the 8,408 pairs of 20,000 villagers who
share a birth date, 7 different people reach it; of names with one slip of the hand 97 % do, with two 92 %. A step lower
(80) finds 4 % more of the latter and calls 19 strangers alike. Jaro–Winkler at the same recall calls 26 alike.
"""


LONGEST_KEY = 120  # what the register's column holds


@dataclass(frozen=True, slots=True)
class Candidate:
    """What two entries of one person may have in common. ``id`` is the caller's own. Texts may be blank."""

    id: Hashable
    name: str
    nik: str | None = None
    birth_date: date | None = None
    mother_name: str = ""
    kk_number: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """``score`` is 0–100, 100 for the same NIK; it orders the matches and is no probability."""

    candidate: Candidate
    score: float
    reasons: list[str]


_TITLES = (
    "H HJ HAJI HAJAH HAJJAH KH KYAI UST USTAD USTADZ USTADZAH DRS DRA DR IR PROF R RD RADEN TN NY BPK SDR SDRI "
    "ALM ALMH ALMARHUM ALMARHUMAH BIN BINTI BT BTI"
)
_SPELLINGS_OF = {
    "MUHAMAD": "M MUH MOH MOCH MUHAMMAD MOHAMAD MOHAMMAD MOCHAMAD MOCHAMMAD MUCHAMAD",
    "ABDUL": "ABD ABDL",
    "SITI": "ST SITTI",
}
_NOT_A_NAME = frozenset(_TITLES.split())
_SHORT_FOR = {short: name for name, spellings in _SPELLINGS_OF.items() for short in spellings.split()}

# Old and new spelling (Ejaan Van Ophuijsen, Soewandi, EYD), and letters that are heard alike. The order matters.
_SPELLINGS = (("DJ", "J"), ("TJ", "C"), ("NJ", "NY"), ("SJ", "SY"), ("OE", "U"), ("CH", "H"), ("KH", "H"), ("Y", "I"))
_DOUBLED = re.compile(r"(.)\1+")


@lru_cache(maxsize=65_536)
def name_key(name: str) -> str:
    """One key for the spellings of a name: ``H. Moch. Soedjana bin Achmad`` and ``MUHAMAD SUJANA AHMAD`` are alike.

    Upper case without accents, titles, degrees after a comma, spaces and doubled letters; old spellings made new.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().upper()
    words: list[str] = re.findall(r"[A-Z]+", re.sub(r"['`]", "", plain.split(",")[0]))
    # A person who is called by a title alone keeps it: a name must not become blank.
    kept = [_SHORT_FOR.get(word, word) for word in words if word not in _NOT_A_NAME] or words
    key = "".join(kept)
    for old, new in _SPELLINGS:
        key = key.replace(old, new)
    return _DOUBLED.sub(r"\1", key)[:LONGEST_KEY]


def same_name(one: str, other: str) -> bool:
    """Whether two names may be one person's: spelled alike, or one a longer form of the other.

    For a row that was found by its NIK: "Siti Aminah" and "Siti Aminah Sari" are no doubt, "Budi" and "Siti" are.
    """
    a, b = name_key(one), name_key(other)
    return ratio(a, b) >= SIMILAR or a.startswith(b) or b.startswith(a)


def probable_duplicates(new: Candidate, existing: Iterable[Candidate]) -> list[Match]:
    """Those of ``existing`` that may be ``new``, the likeliest first. For many new ones build one :class:`Register`."""
    return Register(existing).matches(new)


class Register:
    """People filed by what duplicates share, so that each new one is compared with a handful and not with all."""

    def __init__(self, people: Iterable[Candidate] = ()) -> None:
        self._drawers: defaultdict[Hashable, list[Candidate]] = defaultdict(list)
        for person in people:
            self.add(person)

    def add(self, person: Candidate) -> None:
        for drawer in _drawers(person):
            self._drawers[drawer].append(person)

    def matches(self, new: Candidate) -> list[Match]:
        """Everyone filed who may be this person, the likeliest first; never the entry with the same ``id``."""
        near = {other.id: other for drawer in _drawers(new) for other in self._drawers.get(drawer, ())}
        near.pop(new.id, None)
        found = [match for other in near.values() if (match := _compare(new, other))]
        return sorted(found, key=lambda match: -match.score)


def _drawers(person: Candidate) -> Iterator[Hashable]:
    key, mother = name_key(person.name), name_key(person.mother_name)
    if person.nik:
        yield "nik", person.nik
    if key and person.birth_date:
        yield "born", person.birth_date
    if key and mother:
        yield "mother", key, mother
    if key and person.kk_number:
        yield "kk", key, person.kk_number


def _compare(new: Candidate, other: Candidate) -> Match | None:
    if new.nik and new.nik == other.nik:
        return Match(other, 100.0, [_("NIK sama")])
    pair = _Pair.of(new, other)
    reasons = list(pair.reasons())
    if not reasons:
        return None
    if pair.two_niks:
        reasons.append(_("tetapi NIK berbeda"))
    return Match(other, pair.score(), reasons)


@dataclass(frozen=True, slots=True)
class _Pair:
    """What two entries with no NIK in common share, each True only where both say something."""

    likeness: float
    part_of_name: bool
    same_birth_date: bool
    same_mother: bool
    same_kk: bool
    two_niks: bool
    contradicts: bool

    @classmethod
    def of(cls, a: Candidate, b: Candidate) -> "_Pair":
        key_a, key_b = name_key(a.name), name_key(b.name)
        short, long = sorted((key_a, key_b), key=len)
        return cls(
            likeness=ratio(key_a, key_b) if short else 0.0,
            part_of_name=len(short) >= 3 and (long.startswith(short) or long.endswith(short)),
            same_birth_date=a.birth_date is not None and a.birth_date == b.birth_date,
            same_mother=bool(name_key(a.mother_name)) and name_key(a.mother_name) == name_key(b.mother_name),
            same_kk=bool(a.kk_number) and a.kk_number == b.kk_number,
            two_niks=bool(a.nik and b.nik),
            contradicts=_far_apart(a.birth_date, b.birth_date),
        )

    def reasons(self) -> Iterator[str]:
        """Two different NIK are two people (often twins), unless name and birth date are the same to the letter."""
        same_name = self.likeness == 100.0
        if self.same_birth_date:
            if same_name:
                yield _("nama sama dan tanggal lahir sama")
            elif not self.two_niks and self.likeness >= SIMILAR:
                yield _("nama mirip dan tanggal lahir sama")
            elif not self.two_niks and self.part_of_name and (self.same_mother or self.same_kk):
                yield _("sebagian nama sama dan tanggal lahir sama")
        elif not same_name or self.contradicts or self.two_niks:
            return
        if same_name and self.same_mother:
            yield _("nama sama dan nama ibu sama")
        if same_name and self.same_kk:
            yield _("nama sama dan No. KK sama")

    def score(self) -> float:
        points = 0.5 * self.likeness + 25 * self.same_birth_date + 14 * self.same_mother + 10 * self.same_kk
        return points - 20 * self.two_niks


def _far_apart(a: date | None, b: date | None) -> bool:
    """Two birth dates that no single slip explains: one part mistyped, or day and month exchanged."""
    if a is None or b is None:
        return False
    exchanged = (a.day, a.month, a.year) == (b.month, b.day, b.year)
    return not exchanged and (a.day == b.day) + (a.month == b.month) + (a.year == b.year) < 2
