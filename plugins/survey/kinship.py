"""Who may not survey a household: its own people and their relatives, as far as the data tell.

An account knows its holder by name alone, so who bears a member's name is refused, a namesake too; any other kinship
only the surveyor can declare.
"""

from collections.abc import Sequence

from core.api import CaseError, Person, families_of, gettext, same_name


def family_names(person: Person) -> list[str]:
    """The living members of a resident's household. The household must be loaded."""
    return [member.name for member in families_of([person])[person.id].members]


def bears_name_of(user_name: str, names: Sequence[str]) -> bool:
    """Whether an account's name is a member's. One word alone must be the whole name: many are called Siti."""
    return any(_same(user_name, name) for name in names)


def _same(one: str, other: str) -> bool:
    if len(one.split()) > 1 and len(other.split()) > 1:
        return same_name(one, other)
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def refuse_kin(user_name: str, names: Sequence[str]) -> None:
    """Raises: CaseError: the account bears the name of one of the household."""
    if bears_name_of(user_name, names):
        raise CaseError(
            gettext(
                "%(name)s bernama sama dengan anggota keluarga ini. Kerabat tidak boleh menyurvei; minta petugas lain.",
                name=user_name,
            )
        )
