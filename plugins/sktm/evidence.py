"""Another service asks for an SKTM: one that this village signed itself need not be brought to it."""

from core.api import Case, CaseError, confirm_seen, letters_of_person, today

from .services import letter_of_poverty

PAPER = "sktm_letter"  # the key under which services ask for it


def confirm_own_letter(case: Case) -> bool:
    """Tick the paper off where the resident has a signed letter that holds today. The caller commits."""
    if case.service == letter_of_poverty.name:
        return False
    letters = [row.letter for row in letters_of_person(case.village_id, case.person_id, letter_of_poverty.name)]
    if not any(
        letter.signed_at and not letter.revoked_at and (letter.valid_until is None or letter.valid_until >= today())
        for letter in letters
    ):
        return False
    try:
        confirm_seen(case, PAPER)
    except CaseError:  # it is not asked for
        return False
    return True
