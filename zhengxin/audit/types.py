"""What leaves the audit room."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One act, read or refusal as it was written."""

    id: int
    at: datetime
    account_id: int | None
    actor_name: str
    unit_id: int | None
    act: str
    object_kind: str
    object_id: str
    subject_id: int | None
    purpose: str
    outcome: str
    detail: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Reading:
    """One opening of a subject's file: who, from which unit, when and for which purpose."""

    line_id: int
    at: datetime
    actor_name: str
    unit_id: int | None
    act: str
    purpose: str
