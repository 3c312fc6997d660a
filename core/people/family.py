"""What a programme's rules may ask about a family. Answers are True, False, or None while nobody knows."""

from collections.abc import Sequence
from dataclasses import dataclass

from .models import Household, Person


@dataclass(frozen=True)
class Family:
    """A household with its living members; a person without a household is a family of one."""

    household: Household | None
    members: Sequence[Person]

    @property
    def decile(self) -> int | None:
        """The official decile as last entered, never computed."""
        return self.household.decile if self.household else None

    def decile_at_most(self, limit: int) -> bool | None:
        """None while the decile is not known."""
        return None if self.decile is None else self.decile <= limit

    @property
    def size(self) -> int:
        """How many live in it."""
        return len(self.members)
