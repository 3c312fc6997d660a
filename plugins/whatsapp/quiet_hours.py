"""When a village sleeps: what is made at night goes out in the morning, by the village's own clock."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


def first_moment(moment: datetime, timezone: str, quiet_from: int, quiet_to: int) -> datetime:
    """The moment itself, or the end of the quiet hours that it falls into.

    Args:
        moment: aware.
        timezone: of the village, such as "Asia/Jayapura".
        quiet_from, quiet_to: hours of the day from 0 to 23; from 20 to 7 is over midnight, equal ones are no quiet.
    """
    here = moment.astimezone(ZoneInfo(timezone))
    over_midnight = quiet_from > quiet_to
    late, early = here.hour >= quiet_from, here.hour < quiet_to
    if quiet_from == quiet_to or not (late or early if over_midnight else late and early):
        return moment
    day = here.date() + timedelta(days=1 if over_midnight and late else 0)
    return datetime.combine(day, time(quiet_to), here.tzinfo)
