"""When a checkpoint goes out again, and which time of signing is believed. Pure."""

from datetime import datetime, timedelta

# After a failure the next attempt waits this long.
RETRY_AFTER = timedelta(hours=1)
# A witness's clock may be ahead of ours by this much.
CLOCKS_APART = timedelta(days=1)


def due(*, sent_today: bool, failed_at: datetime | None, at: datetime) -> bool:
    """Whether to send now: once a day; after a failure again when an hour has passed."""
    return not sent_today and (failed_at is None or at - failed_at >= RETRY_AFTER)


def clock_is_right(signed_at: datetime, at: datetime) -> bool:
    """Whether a cosignature is not of the future."""
    return signed_at <= at + CLOCKS_APART
