"""Of two who do the same the second is told who did it and when."""

from collections.abc import Iterator
from contextlib import contextmanager

from zhengxin.audit import queries as audit
from zhengxin.kernel.refused import AlreadyDone


@contextmanager
def naming_who(act: str, object_kind: str, object_id: object) -> Iterator[None]:
    """Adds to an AlreadyDone what the audit log knows of the act that came first."""
    try:
        yield
    except AlreadyDone as done:
        first = audit.last_done(act=act, object_kind=object_kind, object_id=str(object_id))
        if first is None:
            raise
        raise AlreadyDone.by(first.actor_name, first.at, what=done.what) from done
