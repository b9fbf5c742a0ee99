"""The values of the law folder one by one, each with an address and a digest of what it says."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from zhengxin.kernel.digests import canonical_json, sha256_hex
from zhengxin.kernel.say import say
from zhengxin.rulebook.queries import law, law_folder
from zhengxin.rulebook.types import Citation, DutyKind, Measure, MeasureBasis, Parameter


@dataclass(frozen=True, slots=True)
class LawValue:
    """One value. address: kind, name and first day; digest: SHA-256 of everything the file says of it."""

    address: str
    name: str
    says: str
    citation: Citation
    digest: str


def unread(on: date) -> list[LawValue]:
    """The values in force that day that nobody read in the document, by address."""
    return [
        each
        for each in values().values()
        if each.citation.needs_confirmation and each.citation.in_force_on(on)
    ]


def values() -> dict[str, LawValue]:
    """Every value on which a decision about a unit can rest, by address."""
    return _values(law_folder())


def of_basis(measure: Measure, basis: MeasureBasis) -> LawValue:
    """The value that a measure's basis is."""
    day = basis.citation.in_force_from.isoformat()
    case = f"/{basis.case}" if basis.case else ""
    address = f"measures/{measure.code}{case}@{basis.citation.document}@{day}"
    return _value(address, measure.name, basis.rule, basis.citation, asdict(basis))


def of_parameter(parameter: Parameter) -> LawValue:
    """The value that a parameter is."""
    address = f"parameters/{parameter.name}@{parameter.citation.in_force_from.isoformat()}"
    said = say("{meaning}{value}", meaning=parameter.meaning, value=_told(parameter.value))
    return _value(address, parameter.name, said, parameter.citation, asdict(parameter))


@lru_cache(maxsize=8)
def _values(_folder: Path) -> dict[str, LawValue]:
    found = [
        of_basis(measure, basis) for measure in law().measures.values() for basis in measure.bases
    ]
    found += [of_parameter(each) for each in law().parameters]
    found += [each for kind in law().duty_kinds.values() for each in _limits(kind)]
    return {each.address: each for each in sorted(found, key=lambda each: each.address)}


def _limits(kind: DutyKind) -> Iterator[LawValue]:
    for limit in kind.limits:
        day = limit.citation.in_force_from.isoformat()
        case = f"/{limit.case}" if limit.case else ""
        yield _value(
            f"duties/{kind.code}{case}@{day}", kind.name, limit.rule, limit.citation, asdict(limit)
        )


def _told(value: object) -> str:
    return str(value) if isinstance(value, str | int) else ""


def _value(
    address: str, name: str, says: str, citation: Citation, content: dict[str, Any]
) -> LawValue:
    return LawValue(address, name, says, citation, sha256_hex(canonical_json(_plain(content))))


def _plain(value: object) -> Any:
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, StrEnum | float) else value
