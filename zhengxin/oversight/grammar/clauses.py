"""Where a duty clause stands in a paragraph: in brackets, behind labels, or as a sentence of its own."""

import re
from dataclasses import dataclass, replace
from enum import IntEnum

from zhengxin.oversight.grammar.headings import mark_of
from zhengxin.oversight.grammar.phrases import (
    Said,
    labels,
    read_labels,
    read_phrases,
    short_labels,
)
from zhengxin.oversight.grammar.terms import deadline_of, is_time
from zhengxin.oversight.grammar.units import (
    CLOSE,
    OPEN,
    cut,
    is_collective,
    looks_like_unit,
    may_be_unit,
    outside,
    split_units,
)
from zhengxin.oversight.types import Role

_BRACKETS = OPEN[:-1]
_PAIRS = dict(zip(OPEN, CLOSE, strict=True))
_FULL = str.maketrans("(){}[]", "（）｛｝［］")
_SENTENCE_ENDS = "。；;…！!？?：:"
_COMMAS = re.compile(r"[，,；;]")
_STOPS = re.compile(r"[。；;！!？?]")
_LONGEST = 30_000
# Whom to call, and the room where they sit.
_CONTACT = re.compile(r"联系 ?人|联系 ?电话|联系 ?方式|电话 ?[:：]|传真")
_ANNOUNCED = re.compile(
    r"^(?:[（(]?(?:此|该|本|这)项(?:工作|任务|措施|整改)?|(?:上述|以上|具体)(?:工作|任务|措施)?)?(?:均|统一|具体)?由(?=.)"
)
_TAIL = re.compile(r"[，,]\s*(?:均|统一)?由(?=[^，,]*牵头)")
# Levels with which the name of a body in a county or city begins.
_LEVELLED = re.compile(
    r"^(?:[省市县区州旗镇乡]|国家|团[省市县区]|[一-鿿]{2,4}[县市区镇乡]|高新区|经开区)(?=.{2})"
    r"|^各(?:镇|乡|街)"
)


Label = tuple[int, int, Role | str]


class Form(IntEnum):
    """How sure the form of a clause is."""

    PLAIN = 3
    SENTENCE = 2
    BARE = 1


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause in a paragraph: its span and what it says. alone: the paragraph holds nothing else.

    SENTENCE and BARE forms count only where a plan uses them again and again.
    """

    start: int
    end: int
    said: Said
    form: Form
    alone: bool = False
    labelled: bool = False


def clauses_of(text: str) -> list[Clause]:
    """The clauses of a paragraph in their order, not overlapping; none in what is longer than any paragraph."""
    if len(text) > _LONGEST:
        return []
    found = _in_brackets(text)
    found += _behind_labels(text, found)
    if not found:
        found = _sentences(text)
    return sorted(found, key=lambda clause: clause.start)


def _groups(text: str) -> list[tuple[int, int]]:
    """Spans of the outermost brackets, both signs included; one that is not closed ends with the text."""
    found, stack, begin = [], list[str](), 0
    for place, char in enumerate(text):
        if char in _BRACKETS:
            if not stack:
                begin = place
            stack.append(_PAIRS[char].translate(_FULL))
        elif char.translate(_FULL) in stack:
            while stack and stack[-1] != char.translate(_FULL):
                stack.pop()
            stack.pop()
            if not stack:
                found.append((begin, place + 1))
    if stack and labels(text[begin + 1 :])[:1] and labels(text[begin + 1 :])[0][0] == 0:
        found.append((begin, len(text)))
    return found


def _in_brackets(text: str) -> list[Clause]:
    found = []
    for start, end in _groups(text):
        closed = text[end - 1] in CLOSE
        inner = text[start + 1 : end - 1 if closed else end].strip()
        if _CONTACT.search(inner):
            continue
        announced = labels(inner) or short_labels(inner)
        if announced:
            said = read_labels(inner, announced)
            sane = not said.units or any(may_be_unit(name) for _, name in said.units)
            if sane and (said.named or said.terms) and _at_pause(text, start, end, announced=True):
                found.append(Clause(start, end, said, Form.PLAIN, labelled=True))
            continue
        if not _at_pause(text, start, end):
            continue
        phrases = read_phrases(inner)
        if phrases is not None:
            found.append(Clause(start, end, phrases, Form.PLAIN))
        elif (bare := _only_units(text, start, end)) is not None:
            found.append(Clause(start, end, bare, Form.BARE))
    return _adjoining(text, found)


def _adjoining(text: str, found: list[Clause]) -> list[Clause]:
    """（牵头单位：…）（配合单位：…）（完成时限：…） side by side are one clause."""
    kept: list[Clause] = []
    for clause in found:
        last = kept[-1] if kept else None
        roles = {role for role, _ in clause.said.units}
        if (
            last is not None
            and clause.labelled
            and not text[last.end : clause.start].strip()
            and not roles & {role for role, _ in last.said.units}
        ):
            last.said.join(clause.said)
            kept[-1] = replace(last, end=clause.end)
        else:
            kept.append(clause)
    return [clause for clause in kept if clause.said.named or clause.form is Form.BARE]


def _at_pause(text: str, start: int, end: int, *, announced: bool = False) -> bool:
    """Whether a bracket stands where a sentence ends: it speaks of the whole sentence, not of a word in it."""
    before, after = text[:start].rstrip(), text[end:].lstrip()
    if not after or after[0] in "。；;" or after[0] in _BRACKETS:
        return True
    if before and (before[-1] in _SENTENCE_ENDS or before[-1] in CLOSE):
        return True
    return announced and (not before or after[0] not in "，,、")


def _only_units(text: str, start: int, end: int) -> Said | None:
    """A bracket with nothing but names of bodies, and perhaps a time: （县发改局、县财政局，6月底前）.

    It must follow a sentence or end the line; behind a name it is that name's other name.
    """
    before = text[:start].rstrip()
    ended = before[-1:] in tuple(_SENTENCE_ENDS) or before[-1:] in tuple(CLOSE)
    if not ended and (text[end:].strip() or looks_like_unit(_STOPS.split(before)[-1][-8:])):
        return None
    pieces = cut(text[start + 1 : end - 1], _COMMAS)
    when = [piece for piece in pieces if is_time(piece.strip())]
    names, others = split_units("，".join(piece for piece in pieces if piece not in when))
    if not names or any(not looks_like_unit(name) or len(name) < 3 for name in names):
        return None
    if all(is_collective(name) for name in names):
        return None
    terms = [term for piece in when for term in deadline_of(piece.strip())]
    return Said(units=[(Role.RESPONSIBLE, name) for name in names], others=others, terms=terms)


def _behind_labels(text: str, taken: list[Clause]) -> list[Clause]:
    """Labels outside brackets, up to the end of the sentence that the last one begins."""
    mark = mark_of(text)
    offset = len(text) - len(mark.rest) if mark is not None else 0
    body = _masked(text[offset:])
    announced = [
        each for each in labels(body) if not any(c.start <= each[0] + offset < c.end for c in taken)
    ]
    announced = [each for each in announced if "\x00" not in body[each[0] : each[1]]]
    if not any(isinstance(kind, Role) or kind == "time" for _, _, kind in announced):
        return []
    found = []
    for group, end in _grouped(text[offset:], announced):
        clause = _labelled(text, offset, body, group, end)
        if clause is not None:
            found.append(clause)
    return found


def _grouped(text: str, announced: list[Label]) -> list[tuple[list[Label], int]]:
    """Labels that follow one another, and where the last value ends: other sentences part them."""
    stops = [match.end() for match in outside(text, re.compile("。"))]
    groups: list[tuple[list[Label], int]] = []
    group: list[Label] = []
    for label, following in zip(announced, [*announced[1:], None], strict=True):
        group.append(label)
        until = following[0] if following else len(text)
        end = next((stop for stop in stops if label[1] < stop <= until), until)
        if following is None or text[end:until].strip():
            groups.append((group, end))
            group = []
    return groups


def _labelled(text: str, offset: int, body: str, group: list[Label], end: int) -> Clause | None:
    first = group[0][0]
    if not _begins(body, first):
        return None
    value = text[offset : offset + end]
    said = read_labels(value[first:], [(s - first, b - first, kind) for s, b, kind in group])
    alone = not body[:first].strip(" ·●■◆★*-—") and not body[end:].strip()
    if not alone and not said.named:
        return None
    if said.units and not any(looks_like_unit(name) for _, name in said.units):
        return None
    return Clause(offset if alone else offset + first, offset + end, said, Form.PLAIN, alone)


def _masked(text: str) -> str:
    """The text with everything in brackets blotted out, so that labels within do not show."""
    chars = list(text)
    for start, end in _groups(text):
        if not text[start + 1 : end].strip().startswith(("单位", "部门")):
            chars[start:end] = ["\x00"] * (end - start)
    return "".join(chars)


def _begins(body: str, place: int) -> bool:
    """A label begins a line, or follows the end of a sentence or a tab."""
    before = body[:place].rstrip(" 　·●■◆★*-—")
    return not before or before[-1] in _SENTENCE_ENDS + "\x00\t”）)】"


def _sentences(text: str) -> list[Clause]:
    """此项工作由县财政局负责。 由县发改局牵头，县财政局配合。"""
    found, begin = [], 0
    mark = mark_of(text)
    if mark is not None:
        begin = len(text) - len(mark.rest)
    stops = [match.end() for match in outside(text, _STOPS)]
    for stop in [*stops, len(text)]:
        sentence = text[begin:stop]
        if sentence.strip():
            clause = _sentence(text, begin, stop)
            if clause is not None:
                found.append(clause)
        begin = stop
    return found


def _sentence(text: str, begin: int, stop: int) -> Clause | None:
    sentence = text[begin:stop]
    plain = sentence.rstrip(" 　。；;")
    start = begin + len(sentence) - len(sentence.lstrip())
    announced = _ANNOUNCED.match(plain.lstrip())
    tail = outside(plain, _TAIL)
    if announced:
        said = read_phrases(plain.lstrip()[announced.end() :])
    elif tail:
        said = read_phrases(plain[tail[-1].end() :])
        start = begin + tail[-1].start() + 1
    else:
        said = read_phrases(plain) if begin == 0 or text[:begin].strip() else None
    if said is None or not any(_LEVELLED.match(name) for _, name in said.units):
        return None
    alone = not text[:start].strip() and not text[stop:].strip()
    return Clause(start, stop, said, Form.SENTENCE, alone)


def units_only(text: str) -> list[str]:
    """The names of a line that holds nothing else, as it follows a label without a value."""
    names, _ = split_units(text)
    return names if names and all(looks_like_unit(name) for name in names) else []
