"""Numbers as WhatsApp takes them: E.164 without the plus, and masked where people look at lists."""

import re

from core.api import gettext

_SPACING = re.compile(r"[\s().\-/]+")
INDONESIA = "62"


class WrongPhone(ValueError):
    """What somebody typed is no mobile number; the message says what is wrong and can be shown to them."""


def e164(text: str) -> str:
    """Digits with the country's code: "0812-3456-7890" is "6281234567890".

    Numbers without a country's code are Indonesian ones. E.164 has at most 15 digits (ITU-T E.164); an Indonesian
    mobile number begins with 8 and has 9 to 12 digits after the code.

    Raises:
        WrongPhone: it is none.
    """
    compact = _SPACING.sub("", text.strip())
    digits = compact.removeprefix("+")
    if not digits.isascii() or not digits.isdigit():
        raise WrongPhone(gettext("Tulis nomornya dengan angka saja, misalnya 0812-3456-7890."))
    if digits.startswith("0"):
        national = digits[1:]
    elif digits.startswith(INDONESIA):
        national = digits[len(INDONESIA) :]
    elif compact.startswith("+"):
        return _foreign(digits)
    else:
        national = digits
    if not national.startswith("8"):
        raise WrongPhone(gettext("Ini bukan nomor ponsel Indonesia: sesudah 0 atau +62 harus angka 8."))
    if not 9 <= len(national) <= 12:
        text = gettext(
            "Nomor ponsel Indonesia 10 sampai 13 angka dengan 0 di depan; yang tertulis %(n)s angka.",
            n=len(national) + 1,
        )
        raise WrongPhone(text)
    return INDONESIA + national


def _foreign(digits: str) -> str:
    if digits.startswith("0") or not 8 <= len(digits) <= 15:
        raise WrongPhone(gettext("Nomor luar negeri ditulis dengan + dan kode negara, 8 sampai 15 angka."))
    return digits


def normalised(text: str) -> str | None:
    """The same for a number that somebody else has kept; None where it is none."""
    try:
        return e164(text) if text.strip() else None
    except WrongPhone:
        return None


def masked(phone: str | None) -> str:
    """+62812•••••890: enough to tell two apart beside the resident, too little to call."""
    return f"+{phone[:5]}•••••{phone[-3:]}" if phone and len(phone) > 8 else "–"
