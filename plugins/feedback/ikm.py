"""The index of public satisfaction (IKM), exactly: fractions until the one rounding before the grade.

Permenpan-RB 14/2017: NRRᵢ is the mean of the answers (1–4) to element i; IKM = Σ NRRᵢ × 1/9 × 25. The weight is exactly
1/9 (0.11, which is often seen, makes every index 1 % too small). The index is rounded to two decimals, half up, and
what was rounded is graded. A questionnaire counts only when all nine are answered: a mean over fewer would weigh
respondents unequally, and the formula has no place for a gap.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from core.api import Rule

NONE = (0,) * 9


@dataclass(frozen=True)
class Marks:
    """Of ``n`` respondents; ``sums`` are those of their answers to U1 to U9. They add up."""

    n: int = 0
    sums: Sequence[int] = NONE

    def __add__(self, other: "Marks") -> "Marks":
        return Marks(self.n + other.n, tuple(a + b for a, b in zip(self.sums, other.sums, strict=True)))

    @property
    def means(self) -> Sequence[Fraction]:
        """NRR of U1 to U9. Raises ZeroDivisionError: nobody answered."""
        return [Fraction(total, self.n) for total in self.sums]

    @property
    def lowest(self) -> Sequence[int]:
        """The numbers (1–9) of the elements with the smallest mean: more than one where they are equal."""
        least = min(self.sums)
        return [number for number, total in enumerate(self.sums, start=1) if total == least]


@dataclass(frozen=True)
class Result:
    """What is told of enough respondents: the index (25.00–100.00), its grade, the means with three decimals."""

    index: Decimal
    grade: str
    means: Sequence[Decimal]
    lowest: Sequence[int]


def result_of(marks: Marks, rule: Rule, small: int) -> Result | None:
    """None of fewer than ``small`` respondents, or of nobody."""
    if marks.n < max(small, 1):
        return None
    index = rounded(sum(marks.means, Fraction(0)) / rule.one_in * rule.scale, 2)
    return Result(index, grade_of(index, rule), [rounded(mean, 3) for mean in marks.means], marks.lowest)


def grade_of(index: Decimal, rule: Rule) -> str:
    """Of an index that is rounded already, by the lower bounds."""
    for grade, bound in sorted(rule.grades.items()):
        if index >= Decimal(str(bound)):
            return grade
    return "D"


def rounded(value: Fraction, decimals: int) -> Decimal:
    """Half up, of a value that is not negative; without a float and without a context's precision."""
    scaled = value * 10**decimals
    return Decimal((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)).scaleb(-decimals)


def sample_needed(population: int, rule: Rule) -> int:
    """How many of a population to ask (Krejcie and Morgan 1970), to the nearest whole number; 0 of nobody."""
    if population < 1:
        return 0
    chi, share, margin = (Fraction(str(value)) for value in (rule.chi_square, rule.share, rule.margin))
    spread = chi * share * (1 - share)
    return int(rounded(spread * population / (margin**2 * (population - 1) + spread), 0))
