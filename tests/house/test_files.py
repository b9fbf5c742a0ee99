"""The shape of the house: sizes, folders, docstrings, and nothing in it that belongs to one machine."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "zhengxin"
SIZED = {".py", ".html", ".css", ".js"}
LONGEST = 400
DRAWERS = {"utils", "core", "common", "helpers", "managers", "services", "base"}
TEXT = {
    ".py",
    ".html",
    ".css",
    ".js",
    ".md",
    ".yaml",
    ".yml",
    ".toml",
    ".txt",
    ".in",
    ".cfg",
    ".sh",
}
PLACES = {
    # Written in two pieces, so that this file is no finding of its own.
    "a folder of one machine": re.compile("/" + r"(?:work|root|home)/[a-z]"),
    "an address of a package registry": re.compile(
        r"https?://[^\s\"')]*(?:py" + r"pi|npm" + r"js|index-" + r"url|simple/)"
    ),
}


def tracked() -> list[Path]:
    """Every file under version control or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found = (ROOT / line for line in listed.stdout.splitlines())
    return [path for path in found if path.is_file()]


def sources() -> list[Path]:
    """The program's own Python files, without migrations."""
    return [path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts]


def test_no_source_file_is_too_long() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked()
        if path.suffix in SIZED and "migrations" not in path.parts
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_no_folder_or_module_is_a_drawer() -> None:
    # A database backend must be called base: Django looks for that name.
    excused = {PACKAGE / "config" / "sqlite" / "base.py"}
    drawers = [
        path
        for path in tracked()
        if DRAWERS & {*path.relative_to(ROOT).parts[:-1], path.stem}
        and path.suffix == ".py"
        and path not in excused
    ]
    assert drawers == []


def rooms() -> list[Path]:
    """The packages of the program and the rooms within them."""
    return sorted(path for path in PACKAGE.rglob("__init__.py") if "migrations" not in path.parts)


@pytest.mark.parametrize("init", rooms(), ids=lambda path: str(path.parent.relative_to(ROOT)))
def test_every_room_says_what_lives_there(init: Path) -> None:
    assert ast.get_docstring(ast.parse(init.read_text(encoding="utf-8"))), init


def test_every_module_and_public_verb_says_what_it_does() -> None:
    silent = []
    for path in sources():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if tree.body and not ast.get_docstring(tree):
            silent.append(str(path.relative_to(ROOT)))
        for node in tree.body:
            if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name.startswith("_"):
                continue
            if not ast.get_docstring(node):
                silent.append(f"{path.relative_to(ROOT)}: {node.name}")
    assert silent == []


@pytest.mark.parametrize("what", PLACES)
def test_nothing_names_one_machine_or_a_registry(what: str) -> None:
    found = []
    for path in tracked():
        if path.suffix not in TEXT and path.name != "Makefile":
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if PLACES[what].search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert found == []


def test_only_the_doors_look_at_the_clock() -> None:
    clock = re.compile(
        r"\b(?:datetime\.now|date\.today|timezone\.now|timezone\.localdate\(\)|time\.time)\b"
    )
    doors = {"desk", "portal", "exchange", "console", "config", "witness.py"}
    looking = [
        str(path.relative_to(ROOT))
        for path in sources()
        if path.relative_to(PACKAGE).parts[0] not in doors
        and clock.search(path.read_text(encoding="utf-8"))
    ]
    assert looking == []


def test_a_day_is_the_countys() -> None:
    """An aware moment has the day of its own clock, mostly that of Greenwich; until eight the county is a day ahead."""
    greenwich = re.compile(r"(?:\bat|_at|now\(\))\.(?:date|strftime)\(|_at:%")
    own = re.compile(r"local(?:time|date)\(|\.astimezone\(|at=(?:made|timezone)")
    wrong = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked()
        if path.suffix == ".py"
        and path.is_relative_to(PACKAGE)
        # The invented county's moments are made in its own time.
        and path.relative_to(PACKAGE).parts[0] != "demo"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if greenwich.search(line) and not own.search(line)
    ]
    assert wrong == []
