"""Values that cross the doorway of repair."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Ground:
    """What the law says of repair on one day: each sentence with its document and article, "" where nothing is known.

    minimum: of the least display of this record, by the rule of its document's day.
    """

    minimum: str
    minimum_article: str
    conditions: str
    conditions_article: str
    materials: str
    materials_article: str


@dataclass(frozen=True, slots=True)
class Facts:
    """A record as the conditions of repair see it.

    listed: shown as long as it stands on a list; grade, state, withheld: values of publication's enums, with their
    words; open_receipt: of an application that runs, "" for none; again_on: before this day no new application,
    None where none was refused.
    """

    adverse: bool
    natural_person: bool
    listed: bool
    grade: str
    state: str
    withheld: str
    withheld_words: str
    repair_from: date | None
    display_to: date | None
    disputed: bool = False
    open_receipt: str = ""
    again_on: date | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One condition: met, not met, or (None) to be proved with the application. why: a sentence."""

    label: str
    met: bool | None
    why: str
    article: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether repair may be applied for. from_on: the first day, None where it never may or the law sets none.

    because: a sentence; remedy: what to do instead, "" where it may; article: document and article of `because`.
    """

    may: bool
    from_on: date | None
    because: str
    remedy: str
    article: str
    findings: tuple[Finding, ...]
