"""Writes the parts of docs/ that the code knows better: state diagrams and the labels of every enum.

`python -m zhengxin.console.diagrams` brings them up to date; a test fails when that would change a file.
"""

import importlib
import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Set
from enum import Enum
from pathlib import Path
from typing import TypeVar

import click

from zhengxin.console.ready import wake

PACKAGE = Path(__file__).resolve().parents[1]
DOCS = PACKAGE.parent / "docs"
# Tables of transitions that docs/journey.md draws, by the name of their block.
TABLES = {
    "plan": "zhengxin.oversight.enums",
    "submission": "zhengxin.intake.enums",
    "duty": "zhengxin.duties.enums",
    "inspection-case": "zhengxin.oversight.inspections.enums",
    "issue": "zhengxin.oversight.rectifying.enums",
    "return": "zhengxin.oversight.returns.enums",
    "objection": "zhengxin.objections.enums",
    "repair": "zhengxin.repair.enums",
    "appeal": "zhengxin.appeals.enums",
    "sanction": "zhengxin.sanctions.enums",
}
State = TypeVar("State", bound=Enum)
BLOCK = re.compile(r"(<!-- generated: (?P<name>[a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def enums() -> Iterator[tuple[str, type[Enum]]]:
    """Every enum that has labels, with the room it belongs to, in alphabetical order."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.stem in {"enums", "actor", "uscc"}:
            name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
            for _, found in inspect.getmembers(importlib.import_module(name), _labelled(name)):
                yield name.split(".")[1], found


def _labelled(module: str) -> Callable[[object], bool]:
    def labelled(value: object) -> bool:
        return (
            inspect.isclass(value)
            and issubclass(value, Enum)
            and value.__module__ == module
            and all(hasattr(member, "label") for member in value)
        )

    return labelled


def state_diagram(transitions: Mapping[State, Set[State]]) -> str:
    """A mermaid diagram of a table of allowed transitions, in the order of the table."""
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    {state.name}: {_label(state)}" for state in transitions]
    lines.append(f"    [*] --> {next(iter(transitions)).name}")
    for state, allowed in transitions.items():
        lines += [f"    {state.name} --> {other.name}" for other in transitions if other in allowed]
        if not allowed:
            lines.append(f"    {state.name} --> [*]")
    return "\n".join([*lines, "```", ""])


def _label(state: Enum) -> str:
    return str(state.label)  # type: ignore[attr-defined]  # every enum asked for has labels


def labels() -> str:
    """A table of every label that a person reads in a list or beside a record."""
    lines = ["| 中文 | in code | room |", "|---|---|---|"]
    for room, found in enums():
        lines += [
            f"| {_label(state)} | `{found.__name__}.{state.name}` | {room} |"
            for state in found
            if _label(state)
        ]
    return "\n".join([*lines, ""])


def blocks() -> dict[str, str]:
    """Every generated block by its name."""
    of_rooms = {
        f"{name}-states": state_diagram(importlib.import_module(module).TRANSITIONS)
        for name, module in TABLES.items()
    }
    inspections = importlib.import_module(TABLES["inspection-case"])
    campaigns = state_diagram(inspections.CAMPAIGN_TRANSITIONS)
    handling = state_diagram(
        importlib.import_module("zhengxin.oversight.proposals.enums").TRANSITIONS
    )
    return {
        **of_rooms,
        "inspection-states": campaigns,
        "handling-states": handling,
        "labels": labels(),
    }


def renewed(text: str) -> str:
    """A document with its generated blocks written anew. Raises KeyError for an unknown block."""
    known = blocks()
    return BLOCK.sub(lambda found: found[1] + known[found["name"]] + found[3], text)


@click.command()
def main() -> None:
    """更新文档中由程序生成的部分。"""
    wake()
    for path in sorted(DOCS.rglob("*.md")):
        old = path.read_text(encoding="utf-8")
        new = renewed(old)
        if new != old:
            path.write_text(new, encoding="utf-8")
            click.echo(f"已更新：{path.relative_to(DOCS.parent)}")


if __name__ == "__main__":
    main()
