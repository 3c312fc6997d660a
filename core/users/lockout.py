"""How failures are counted, and how long one waits after too many.

Failures with a password are counted on the account for browsers that it was never signed in with, and apart from them
for each browser that it was (``KnownBrowser``, after OWASP's "device cookies"). So a stranger who knows a name can keep
other strangers out of the account and not its owner, who comes from a known browser; and whoever guesses has five tries
in 15 minutes, from however many addresses, plus five for each browser of the owner's that they hold in their hands.

Failures with a code count for the account alone: nobody gets to them without the password. They are forgotten by a
right one only, and each further five make the wait twice as long, up to 16 hours: of a million codes, three of which
are right at a time, that leaves a chance of one in 40,000 a day.
"""

from datetime import timedelta

from core.clock import now

from .models import KnownBrowser, SecondFactor, User

MAX_FAILURES = 5
LOCK = timedelta(minutes=15)
LONGEST_DOUBLING = 6


def count_failure(counted: User | KnownBrowser) -> None:
    counted.failed_attempts += 1
    if counted.failed_attempts >= MAX_FAILURES:
        counted.failed_attempts, counted.locked_until = 0, now() + LOCK


def count_code_failure(factor: SecondFactor) -> None:
    factor.failed_attempts += 1
    rounds, rest = divmod(factor.failed_attempts, MAX_FAILURES)
    if rest == 0:
        factor.locked_until = now() + LOCK * 2 ** min(rounds - 1, LONGEST_DOUBLING)


def forget_failures(counted: User | KnownBrowser | SecondFactor) -> None:
    counted.failed_attempts, counted.locked_until = 0, None
