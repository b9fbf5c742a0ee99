"""Values that cross the doorway of sanctions."""

from dataclasses import dataclass
from datetime import date

CREDIT_OFFICE = "credit_office"
CIRCULATED = "circulated_criticism"
# Measures that the unit itself has to carry out by a day, and the kind of duty it owes then.
TASKS = {"written_explanation": "measure_explanation", "rectification_by_date": "rectification"}


@dataclass(frozen=True, slots=True)
class Ground:
    """The record a measure would rest on, as it stands now.

    subject_ids: whom it is about (its subject). recorder_ids: the accounts that sent, attributed or
    graded it. ending: empty while it stands (archive.enums.Ending). repaired, disputed: by what was decided.
    """

    entry_id: int
    kind: str
    kind_name: str
    adverse: bool
    subject_id: int | None
    ending: str
    sealed: bool
    disputed: bool
    repaired: bool
    recorder_ids: frozenset[int]
    title: str


@dataclass(frozen=True, slots=True)
class Step:
    """One measure with the basis it is put on. address: of the basis among the values of the law folder.

    confirmed: the value was read in the document, or a named official confirmed it as it stands now.
    """

    measure: str
    name: str
    target: str
    imposed_by: tuple[str, ...]
    ends: str
    address: str
    basis: str
    from_memory: bool
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Weighed:
    """One factor: whether it holds, the proof, a sentence."""

    factor: str
    holds: bool
    proof: str
    words: str


@dataclass(frozen=True, slots=True)
class Kept:
    """One measure as decided: the day by which the unit does it, where it is something to be done."""

    step_id: int
    due_on: date | None
