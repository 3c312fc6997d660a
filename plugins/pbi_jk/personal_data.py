"""What core's rule does not reach of a resident: lines inside letters."""

from core.api import Person

from .batches import erase_in_letters


def erase(person: Person) -> None:
    erase_in_letters(person)
