"""Values that cross the doorway of objections."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Objector:
    """Who objects and how to reach them. kind: a value of ObjectorKind; unit_id: of a unit, else None.

    code: a credit code or the number of an identity document, to tell two of one name apart; may be empty.
    Everything but kind and unit_id rests encrypted.
    """

    kind: str
    name: str
    phone: str
    code: str = ""
    address: str = ""
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class Disputed:
    """The record as an objection finds it. root_id: the first of its line of corrections; ending: "" while it stands.

    sealed, erased: nothing of it is given to anybody.
    """

    entry_id: int
    root_id: int
    unit_id: int
    subject_id: int | None
    ending: str
    sealed: bool = False
    erased: bool = False


@dataclass(frozen=True, slots=True)
class Lodged:
    """An objection taken in. code: by which the objector asks how it stands; kept nowhere."""

    id: int
    code: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds a copy of a corrected record. kind: a value of CopyKind; ref: a unit's or recipient's id, a
    peer's code; duty_id: under which a unit owes its receipt."""

    kind: str
    ref: str
    name: str
    duty_id: int | None = None
