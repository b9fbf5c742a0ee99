"""Every verb of the journey leaves a line in the audit log, or stands here with the reason why not."""

import ast
from pathlib import Path

from zhengxin import journey

FOLDER = Path(__file__).resolve().parents[2] / "zhengxin" / "journey"
# Nobody acts, or the act is a line or an entry of its own kind.
UNLOGGED = {
    "arrivals_of": "a figure on a receipt, whose opening is logged",
    "audit_terms": "reads the law",
    "follow": "folds what is on the ledger already; nobody acts",
    "ledger_size": "a number",
    "write_downloads": "writes again what publish_due showed; nobody decides",
}
WRITERS = {"audit.record"}


def called(node: ast.AST) -> set[str]:
    """Names of everything a function calls or hands on, as written: record, audit.record, ..."""
    found = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name):
            found.add(f"{each.value.id}.{each.attr}")
        elif isinstance(each, ast.Name):
            found.add(each.id)
    return found


def functions() -> dict[str, set[str]]:
    """Every function and table of functions of the journey, with what it calls."""
    found: dict[str, set[str]] = {}
    for path in FOLDER.glob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                found[node.name] = called(node)
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                found[node.targets[0].id] = called(node.value)
    return found


def logs(name: str, known: dict[str, set[str]], seen: frozenset[str] = frozenset()) -> bool:
    """Whether a function reaches `audit.record`, by itself or through others of the journey."""
    calls = known.get(name, set())
    if calls & WRITERS:
        return True
    return any(logs(each, known, seen | {name}) for each in calls - seen - {name} if each in known)


def test_every_verb_leaves_a_line() -> None:
    known = functions()
    silent = {name for name in journey.__all__ if not logs(name, known)}
    assert silent == set(UNLOGGED)


def test_the_test_can_fail() -> None:
    known = {"act": {"ledger.append", "_step"}, "_step": {"act"}, "told": {"audit.record"}}
    assert not logs("act", known)
    assert logs("told", known)
    assert logs("through", known | {"through": {"told"}})
