"""Both sides of a stale edit, field by field."""

from dataclasses import dataclass

from flask_wtf import FlaskForm

from core.cases.answers import readable
from core.people.identity import mask_nik

NOT_COMPARED = {"version", "no_nik", "no_kk"}
NUMBERS = {"nik", "kk_number"}


@dataclass(frozen=True)
class Side:
    """A field that differs: what the clerk wrote, and what is stored now. Numbers are masked."""

    label: str
    mine: str
    stored: str


def sides(mine: FlaskForm, stored: FlaskForm, my_number: str | None, stored_number: str | None) -> list[Side]:
    """Where a filled-in form differs from a form made from the stored row.

    Args:
        my_number: the NIK or No. KK that the filled-in form means, since neither form shows the stored one.
    """
    rows = []
    for field in mine:
        label = str(field.label.text)
        if field.short_name in NUMBERS:
            if my_number != stored_number:
                rows.append(Side(label, mask_nik(my_number), mask_nik(stored_number)))
        elif field.short_name not in NOT_COMPARED:
            mine_says, stored_says = readable(field), readable(stored[field.short_name])
            if mine_says != stored_says:
                rows.append(Side(label, mine_says, stored_says))
    return rows
