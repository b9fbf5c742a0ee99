"""Values that cross the doorway of rectifying."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Asked:
    """An order as it is given: by which unit to whom, for what, by when. title: how the public reads it, without any person's name.

    cause: what happened, for the unit. about_id: the ledger entry it is about, if any. A day of None: not asked for.
    """

    orderer_id: int
    unit_id: int
    title: str
    cause: str
    about_id: int | None
    basis: str
    explain_by: date | None
    rectify_by: date | None


@dataclass(frozen=True, slots=True)
class Question:
    """An issue as it is raised. repeats_id: the earlier issue with the same question, if any."""

    raised_by_id: int
    question: str
    words: str
    repeats_id: int | None
