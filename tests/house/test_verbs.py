"""Every verb takes the day and the person from its caller, and every refusal speaks in whole sentences."""

import ast
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType, ModuleType

import pytest

from zhengxin import journey
from zhengxin.kernel.refused import Refused

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "zhengxin"
# Followers fold what is on the ledger already: nobody acts, so there is nobody to name.
FOLLOWERS = {"archive", "duties", "publication"}
FOLDING = {
    "follow": {"at"},
    "clear": set(),
    "recount": {"at"},
    "redraw": {"at"},
    "publish_due": {"at"},
    "write_downloads": {"at"},
    "put_key_notes": {"at"},
    "put_witnesses": {"at"},
    "write_mirror": set(),
}
# Where a follower stands is no fact either; the journey moves it in the follower's own transaction.
CURSORS = {"advance", "reset"}
# A running step says how far it is: no verb, and nobody acts.
PROGRESS = {"note_progress"}
# What the journey offers beside verbs: reads, and the folding of all followers.
READS = {
    "arrivals_of", "audit_terms", "chain_of", "file_of", "holds_over", "ledger_size", "templates_of",
}  # fmt: skip


def modules() -> list[str]:
    """Every module of the program, as files lie there; importing nothing."""
    paths = (path.relative_to(PACKAGE.parent) for path in sorted(PACKAGE.rglob("*.py")))
    return [
        ".".join(path.with_suffix("").parts).removesuffix(".__init__")
        for path in paths
        if "migrations" not in path.parts and path.stem != "__main__"
    ]


def action_modules() -> list[str]:
    """Every actions module of a room (a room may split it into a package)."""
    return [name for name in modules() if name.split(".")[-1] == "actions"]


def verbs(module: ModuleType) -> Iterator[tuple[str, FunctionType]]:
    """The public functions written in a module, or offered by a package of modules."""
    for name, value in inspect.getmembers(module, inspect.isfunction):
        written_here = (value.__module__ + ".").startswith(module.__name__ + ".")
        if not name.startswith("_") and written_here:
            yield name, value


def complaints(function: FunctionType, needed: set[str]) -> list[str]:
    """What the signature lacks."""
    parameters = inspect.signature(function).parameters.values()
    found = [
        f"{each.name} is not keyword-only"
        for each in parameters
        if each.kind not in (each.KEYWORD_ONLY, each.VAR_KEYWORD)
    ]
    return found + sorted(f"no {name}" for name in needed - {each.name for each in parameters})


@pytest.mark.parametrize("name", action_modules())
def test_actions_take_the_time_and_the_actor(name: str) -> None:
    room = name.split(".")[1]
    wrong = {}
    for verb, function in verbs(importlib.import_module(name)):
        needed = {"at", "actor"}
        if room in FOLLOWERS and verb in FOLDING:
            needed = FOLDING[verb]
        elif (room == "ledger" and verb in CURSORS) or verb in PROGRESS:
            needed = set()
        if lacking := complaints(function, needed):
            wrong[verb] = lacking
    assert wrong == {}


def test_the_journey_takes_the_time_and_the_actor() -> None:
    wrong = {}
    for name in journey.__all__:
        function = getattr(journey, name)
        needed = {"at"} if name == "follow" else set() if name in READS else {"at", "actor"}
        if lacking := complaints(function, needed):
            wrong[name] = lacking
    assert wrong == {}


def refusals() -> Iterator[tuple[str, ast.Call]]:
    """Every call that makes a refusal, by the names of the classes that are one."""
    for name in modules():
        if not name.startswith("zhengxin.config"):
            importlib.import_module(name)
    names = {"Refused"}
    waiting: list[type[Refused]] = [Refused]
    while waiting:
        for child in waiting.pop().__subclasses__():
            # One with a constructor of its own takes parts of sentences; its super() call is read instead.
            if "__init__" not in vars(child):
                names.add(child.__name__)
            waiting.append(child)
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = node.func
                is_super = isinstance(called, ast.Attribute) and called.attr == "__init__"
                if (isinstance(called, ast.Name) and called.id in names) or is_super:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def sentence(node: ast.expr) -> str | None:
    """The Chinese sentence of an argument: a literal, or the literal inside say(...), _(...) and % values."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return sentence(node.left)
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"say", "_"}
    ):
        return sentence(node.args[0])
    return None


def test_refusals_are_whole_polite_sentences() -> None:
    unfinished = []
    for place, call in refusals():
        for argument in call.args:
            text = sentence(argument)
            if not text or not any("\u4e00" <= char <= "\u9fff" for char in text):
                continue
            if (
                not text.endswith(("。", "）", "？"))
                or "！" in text
                or "你" in text.replace("您", "")
            ):
                unfinished.append(f"{place}: {text}")
    assert unfinished == []
