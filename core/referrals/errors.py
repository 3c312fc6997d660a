"""Why something about a referral cannot be done; every message can be shown to who tried."""

from uuid import UUID


class ReferralError(Exception):
    """Not possible now; the message says what is missing. ``field`` names the form's field that it is about, if any."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class StaleReferral(Exception):
    """Somebody else has changed the referral since the page was opened."""

    def __init__(self, referral_id: UUID, version: int) -> None:
        super().__init__(f"referral {referral_id} has moved on from version {version}")
