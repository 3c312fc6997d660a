"""The second step of a sign-in: six digits from a phone (TOTP, RFC 6238), or a recovery code from paper."""

import base64
import binascii
import re
import secrets
from dataclasses import dataclass, replace
from enum import Enum
from uuid import UUID

from flask_babel import gettext as _
from pyotp import random_base32
from pyotp.exceptions import OTPVerificationError
from pyotp.totp import TOTP
from sqlalchemy import delete, func, select, update

from core.actor import acting, current_actor
from core.audit import record
from core.clock import now
from core.database.session import db

from .accounts import AccountError
from .identity import locked, token_hash
from .lockout import count_code_failure
from .models import RecoveryCode, SecondFactor, SignIn, User
from .passwords import ALPHABET
from .sealing import keyed_hash, seal, unseal

ISSUER = "Puskesos"
DRIFT = 1
"""How many time steps of 30 seconds the phone's clock may be wrong."""
RECOVERY_CODES = 10

_SECRET, _SET_UP, _RECOVERY = "two-step secret", "two-step set-up", "recovery code"
_DIGITS = re.compile(r"[0-9]{6}")


class Answer(Enum):
    """What became of a code that was typed."""

    RIGHT = "right"
    WRONG = "wrong_code"
    USED = "used"
    LOCKED = "locked"


@dataclass(frozen=True)
class TwoStepState:
    """What its owner and those who manage the account see."""

    factor: SecondFactor | None
    codes_left: int

    @property
    def is_on(self) -> bool:
        return self.factor is not None


def state_of(user_id: UUID) -> TwoStepState:
    row = db.session.execute(
        select(SecondFactor, func.count(RecoveryCode.code_hash))
        .outerjoin(RecoveryCode, (RecoveryCode.user_id == SecondFactor.user_id) & RecoveryCode.used_at.is_(None))
        .where(SecondFactor.user_id == user_id)
        .group_by(SecondFactor.user_id)
    ).one_or_none()
    return TwoStepState(*row) if row else TwoStepState(None, 0)


# ---- setting up: nothing is kept before a code was right ----


@dataclass(frozen=True)
class Offer:
    """A new secret, as the page shows it; ``sealed`` comes back with the code and is nobody else's to use."""

    secret: str
    address: str
    sealed: str


def offer(user_id: UUID, username: str, sealed: str = "") -> Offer:
    """A fresh secret, or the one that the page showed before."""
    secret = _offered(user_id, sealed) or random_base32()
    again = base64.urlsafe_b64encode(seal(secret.encode(), user_id, _SET_UP)).decode()
    return Offer(secret, TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER), again)


def _offered(user_id: UUID, sealed: str) -> str | None:
    try:
        plain = unseal(base64.urlsafe_b64decode(sealed.encode()), user_id, _SET_UP)
    except (ValueError, binascii.Error):
        return None
    return plain.decode() if plain else None


def set_up(user_id: UUID, sealed: str, typed: str, *, keep: str) -> list[str]:
    """Switch the second step on, if the code fits the secret that was offered; answers with the recovery codes.

    Every other sign-in of the account ends: it began without a code. ``keep`` is the token of this browser.

    Raises:
        AccountError: the code does not fit, or the second step is on already.
    """
    db.session.get_one(User, user_id, with_for_update=True)
    if db.session.get(SecondFactor, user_id):
        raise AccountError(_("Masuk dua langkah sudah menyala."))
    secret = _offered(user_id, sealed)
    step = _step_of(secret, typed) if secret else None
    if secret is None or step is None:
        raise AccountError(_("Kode itu tidak cocok. Tulis enam angka yang sekarang tampil di aplikasi ponsel."))
    db.session.add(SecondFactor(user_id=user_id, secret=seal(secret.encode(), user_id, _SECRET), last_step=step))
    db.session.flush()
    others = (SignIn.user_id == user_id, SignIn.token_hash != token_hash(keep))
    db.session.execute(delete(SignIn).where(*others))
    record("users.two_step_on", "user", user_id)
    return _new_codes(user_id)


def _new_codes(user_id: UUID) -> list[str]:
    """Ten codes of 10 signs (49 bits); those from before are gone."""
    codes = ["".join(secrets.choice(ALPHABET) for _n in range(10)) for _n in range(RECOVERY_CODES)]
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    db.session.add_all(RecoveryCode(user_id=user_id, code_hash=_code_hash(user_id, code)) for code in codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _code_hash(user_id: UUID, code: str) -> bytes:
    return keyed_hash(code, user_id, _RECOVERY)


# ---- codes ----


def check(user_id: UUID, typed: str) -> Answer:
    """Judge what was typed and count it: a code is taken once, and failures make it wait. The caller commits.

    The lock on the row makes codes count one after the other, however many are tried at once.
    """
    factor = db.session.get(SecondFactor, user_id, with_for_update=True)
    if factor is None:
        return Answer.WRONG
    answer = _judge(factor, re.sub(r"[\s-]", "", typed).lower())
    if answer is Answer.RIGHT:
        factor.failed_attempts, factor.locked_until = 0, None
    else:
        record("users.second_step_failed", "user", user_id, reason=answer.value)
    return answer


def _judge(factor: SecondFactor, typed: str) -> Answer:
    if locked(factor, now()):
        return Answer.LOCKED
    answer = _judge_digits(factor, typed) if _DIGITS.fullmatch(typed) else _judge_recovery(factor, typed)
    if answer is not Answer.RIGHT:
        count_code_failure(factor)
    return answer


def _judge_digits(factor: SecondFactor, typed: str) -> Answer:
    secret = unseal(factor.secret, factor.user_id, _SECRET)
    step = _step_of(secret.decode(), typed) if secret else None
    if step is None:
        return Answer.WRONG
    if step <= factor.last_step:
        return Answer.USED
    factor.last_step = step
    return Answer.RIGHT


def _step_of(secret: str, typed: str) -> int | None:
    """The time step whose code this is, one early or late included."""
    digits = typed.replace(" ", "")
    if not _DIGITS.fullmatch(digits):
        return None
    try:
        return TOTP(secret).verify_and_get_timecode(digits, for_time=now(), valid_window=DRIFT)
    except OTPVerificationError:
        return None


def _judge_recovery(factor: SecondFactor, typed: str) -> Answer:
    """Taken by one statement, so that of two at once one is too late."""
    taken = db.session.scalar(
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == factor.user_id,
            RecoveryCode.code_hash == _code_hash(factor.user_id, typed),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now())
        .returning(RecoveryCode.user_id)
    )
    if taken is None:
        return Answer.WRONG
    user = db.session.get_one(User, factor.user_id)
    with acting(replace(current_actor.get(), user_id=user.id, name=user.name)):
        record("users.recovery_used", "user", user.id)
    return Answer.RIGHT


def answer_text(answer: Answer) -> str:
    """What the page says beside the field."""
    if answer is Answer.USED:
        return _("Kode itu sudah dipakai. Tunggu sampai aplikasi menampilkan kode baru, paling lama 30 detik.")
    if answer is Answer.LOCKED:
        return _("Terlalu sering salah. Tunggu sebelum mencoba lagi, atau minta admin membuka kuncinya.")
    return _("Kode itu tidak cocok. Periksa apakah jam ponsel tepat, lalu tulis kode yang sekarang tampil.")


# ---- afterwards ----


def renew_codes(user_id: UUID, typed: str) -> list[str]:
    """Ten new recovery codes, for a code from the phone. Raises: AccountError: it was not right."""
    _demand(user_id, typed)
    record("users.recovery_renewed", "user", user_id)
    return _new_codes(user_id)


def turn_off(user_id: UUID, typed: str) -> None:
    """Back to the password alone, for a code from the phone. Raises: AccountError: it was not right."""
    _demand(user_id, typed)
    _remove(user_id)
    record("users.two_step_off", "user", user_id)


def _demand(user_id: UUID, typed: str) -> None:
    answer = check(user_id, typed)
    if answer is not Answer.RIGHT:
        text = answer_text(answer)
        db.session.commit()  # the failure counts
        raise AccountError(text)


def reset(user: User) -> bool:
    """Forget the phone of somebody who has lost it, and end their sign-ins; False when there was none."""
    gone = _remove(user.id)
    db.session.execute(delete(SignIn).where(SignIn.user_id == user.id))
    return gone


def _remove(user_id: UUID) -> bool:
    gone = delete(SecondFactor).where(SecondFactor.user_id == user_id).returning(SecondFactor.user_id)
    return db.session.scalar(gone) is not None


def unreadable() -> list[UUID]:
    """The accounts whose secret no longer opens, as after the installation's key was rotated."""
    factors = db.session.scalars(select(SecondFactor))
    return [factor.user_id for factor in factors if unseal(factor.secret, factor.user_id, _SECRET) is None]
