"""What kind of error came up where, without its text."""

import traceback
from pathlib import Path

from core.plugins.watch import TooSlow


def whereabouts(error: BaseException, plugin: str) -> str:
    """ "KeyError (panels.py, line 12)": the innermost line of the plugin's own, else of whoever raised it.

    A text such as "Key (nik)=(…) already exists" would carry a resident into a table that everybody keeps for a month.
    """
    kind = type(error).__name__
    if state := getattr(getattr(error, "orig", None), "sqlstate", None):
        kind += f" {state}"
    # Where something was when it was cut off, its cause says.
    told = error.__cause__ if isinstance(error, TooSlow) and error.__cause__ else error
    frames = traceback.extract_tb(told.__traceback__)
    own = [frame for frame in frames if plugin in frame.filename]
    if not frames:
        return kind
    frame = (own or frames)[-1]
    return f"{kind} ({Path(frame.filename).name}, line {frame.lineno})"
