"""Every verb of the journey leaves a line in the audit log, or stands here with the reason why not."""

import ast
from pathlib import Path

from zhengxin import journey

FOLDER = Path(__file__).resolve().parents[2] / "zhengxin" / "journey"
# Nobody acts, or the act is a line or an entry of its own kind.
UNLOGGED = {
    "arrivals_of": "a figure on a receipt, whose opening is logged",
    "audit_terms": "reads the law",
    "chain_of": "numbers of entries, for a page whose opening is logged",
    "comparing_question": "a challenge; the comparison is logged, and its refusal",
    "deliver_messages": "attempts are lines of the outbox itself",
    "finish_erasures": "finishes what a logged act decided",
    "follow": "folds what is on the ledger already; nobody acts",
    "holds_over": "which holds stand, for a page whose opening is logged",
    "keep_printed": "what a paper shows; the asking for it is logged",
    "ledger_size": "a number",
    "mark_messages_read": "one's own inbox",
    "note_seen": "when a session was last used, of every page that is logged itself",
    "put_away_left": "seals files of settled submissions; nobody decides",
    "reconcile": "figures, for a page or command that is logged",
    "seek_identity": "a round trip that begins; its end is logged",
    "signing_question": "a challenge; the signature is logged, and its refusal",
    "start_app": "nothing is in force until confirm_app, which is logged",
    "sweep": "what killed processes left",
    "tell_of_failure": "a message, which is its own record",
    "tell_of_silence": "a message, which is its own record",
    "tell_of_submissions": "a message, which is its own record",
    "templates_of": "reads descriptions",
    "tend_witnesses": "what was sent and came back are lines of the witnesses' own tables",
    "write_mirror": "hashes of what is public already",
    "write_downloads": "writes again what publish_due showed; nobody decides",
}
WRITERS = {"audit.record"}
# Stories whose verbs are taken from their own files.
STORIES = ("calendars", "imposing_deciding", "owing", "taking_over")


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


def verbs_of(story: str) -> set[str]:
    """The public functions of a story's file that take `actor`."""
    tree = ast.parse((FOLDER / f"{story}.py").read_text(encoding="utf-8"))
    return {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and any(arg.arg == "actor" for arg in node.args.kwonlyargs)
    }


def test_every_verb_leaves_a_line() -> None:
    known = functions()
    verbs = {*journey.__all__, *(verb for story in STORIES for verb in verbs_of(story))}
    silent = {name for name in verbs if not logs(name, known)}
    assert silent == set(UNLOGGED)


def test_the_test_can_fail() -> None:
    known = {"act": {"ledger.append", "_step"}, "_step": {"act"}, "told": {"audit.record"}}
    assert not logs("act", known)
    assert logs("told", known)
    assert logs("through", known | {"through": {"told"}})
