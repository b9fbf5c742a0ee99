"""When a failed delivery is tried again, and when somebody must be told that it keeps failing."""

from datetime import timedelta

LONGEST = timedelta(hours=6)
ALARM_TRIES = 5


def pause_after(tries: int) -> timedelta:
    """How long to wait after so many failed tries (1 or more): 1, 2, 4 … minutes, at most six hours, for ever."""
    return min(timedelta(minutes=2 ** min(tries - 1, 12)), LONGEST)


def alarms(tries: int) -> bool:
    """True once the failures are no passing trouble: after about half an hour."""
    return tries >= ALARM_TRIES
