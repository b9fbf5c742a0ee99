"""The rulebook as this room's rules ask it: a missing rule is None, not an error."""

from collections.abc import Iterable
from datetime import date

from zhengxin.rulebook import queries
from zhengxin.rulebook.types import DisplayRule, GradeVerdict, Withholding


class Rulebook:
    """Answers from the law folder in use."""

    def __init__(self) -> None:
        self._penalty_kinds = frozenset(kind.code for kind in queries.penalty_kinds())
        self._display: dict[tuple[str, str | None, date], DisplayRule | None] = {}

    def display_rule(self, kind: str, grade: str | None, document_on: date) -> DisplayRule | None:
        """The display rule in force for a document of that day, None where there is none."""
        asked = (kind, grade, document_on)
        if asked not in self._display:
            try:
                self._display[asked] = queries.display_rule(kind, grade, document_on)
            except queries.NoRule:
                self._display[asked] = None
        return self._display[asked]

    def penalty_grade(self, kinds: Iterable[str], on: date) -> GradeVerdict | None:
        """The grade by law; traits that are no penalty kinds are left aside."""
        try:
            return queries.penalty_grade((k for k in kinds if k in self._penalty_kinds), on)
        except queries.NoRule:
            return None

    def withholdings(
        self, on: date, *, natural_person: bool, legal_basis: str
    ) -> tuple[Withholding, ...]:
        """Reasons for which an entry is never shown."""
        return queries.withholdings(on, natural_person=natural_person, legal_basis=legal_basis)
