"""What a family may expect per stage. An estimate: Kemensos decides, and what is paid stands on the KKS account."""

from collections.abc import Sequence
from dataclasses import dataclass

from .components import Claim, Counted, count
from .rulebook import Stage


@dataclass(frozen=True)
class Expected:
    """One stage's estimate: who counts, and what it comes to in rupiah."""

    stage: Stage
    counted: Sequence[Counted]

    @property
    def total(self) -> int:
        return sum(self.share(line) for line in self.counted)

    def share(self, line: Counted) -> int:
        """Rupiah of one person in this stage: a stage's part of the year, what does not divide in the first."""
        each, rest = divmod(line.amount, self.stage.of)
        return each + (rest if self.stage.number == 1 else 0)


def expected(claims: Sequence[Claim], stage: Stage) -> Expected:
    return Expected(stage, count(claims, stage.rule))
