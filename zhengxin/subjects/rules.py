"""Whose record is it? The verdict on one mention, from what the register holds.

Only two agreeing facts, a unit's own dated name, or a person's decision make a verdict certain.
A natural person is never found by name alone.
"""

import re
from collections.abc import Iterable
from datetime import date

from zhengxin.kernel.leaks import find_id_numbers
from zhengxin.kernel.names import fold_name
from zhengxin.kernel.say import say
from zhengxin.kernel.uscc import CodeState, check_uscc
from zhengxin.subjects.types import (
    CERTAIN,
    NONE,
    UNSURE,
    Attribution,
    DatedName,
    Follower,
    Found,
    Judged,
    Known,
    Mention,
    identifies,
)

_SHORT, _FORMER, _ALIAS = "short", "former", "alias"


def attribute(mention: Mention, found: Found, on: date) -> Attribution:
    """The verdict on `mention` for a record of day `on`.

    A unit's name valid on that day decides first, because one judgement cannot be right for all
    days of a name that changed hands; then a person's judgement; then identifiers; then names.
    """
    if not mention.identifier:
        dated = _unit_by_dated_name(mention, found, on)
        if dated is not None:
            return dated
    if found.judged is not None and _holds_for(found.judged, mention):
        return _as_judged(found)
    if mention.id_hash:
        return _by_hash(mention, found)
    if mention.identifier:
        return _by_code(mention, found, on)
    return _by_name(mention, found, on)


def _holds_for(judged: Judged, mention: Mention) -> bool:
    """A natural person without a number is decided on row by row: the next of that name may be a stranger."""
    return not judged.is_person or identifies(mention.identifier)


def _as_judged(found: Found) -> Attribution:
    judged = found.judged
    assert judged is not None
    because = say(
        "{by}于{year}年{month}月{day}日认定：{because}",
        by=judged.by,
        year=judged.on.year,
        month=judged.on.month,
        day=judged.on.day,
        because=judged.because,
    )
    certainty = NONE if judged.subject_id is None else CERTAIN
    return Attribution(certainty, judged.subject_id, because)


def _by_hash(mention: Mention, found: Found) -> Attribution:
    known = found.by_hash
    if known is None:
        return Attribution(NONE, None, say("登记册中没有持这一证件号码的自然人。"))
    if _names_called(known, mention.folded):
        return Attribution(CERTAIN, known.subject_id, say("证件号码与姓名都一致。"))
    return _unsure(say("证件号码一致，登记姓名与所填姓名不同。"), [known])


def _by_code(mention: Mention, found: Found, on: date) -> Attribution:
    alike = _bodies(found.by_name)
    known = found.by_code
    if known is None:
        return _unknown_code(mention, alike)
    names = _names_called(known, mention.folded)
    if not names:
        because = say(
            "代码对应的登记名称是“{known}”，所填名称是“{given}”。",
            known=known.name,
            given=mention.name,
        )
        return _unsure(because, [known, *alike])
    if known.is_unit and not known.open_on(on):
        return _not_open(known, on)
    in_use = [name for name in names if name.valid_on(on)]
    others = [rival for rival in _dated(alike, mention.folded, on) if rival != known]
    if not in_use and others:
        because = say(
            "代码是“{known}”的，而“{given}”当日是另一主体的名称。",
            known=known.name,
            given=mention.name,
        )
        return _unsure(because, [known, *others])
    return Attribution(CERTAIN, known.subject_id, _agreement(known, (in_use or names)[0], on))


def _unknown_code(mention: Mention, alike: list[Known]) -> Attribution:
    checked = check_uscc(mention.identifier)
    if checked.state is not CodeState.OK:
        because = say("代码不成立：{reason}。", reason=checked.reason)
        return _unsure(because, alike) if alike else Attribution(NONE, None, because)
    uncoded = [known for known in alike if known.is_unit or not known.uscc]
    if uncoded:
        return _unsure(
            say(
                "名称与登记的“{known}”一致，但登记册中它没有这个代码。",
                known=uncoded[0].name,
            ),
            uncoded,
        )
    if find_id_numbers(mention.name):
        because = say("名称里有身份证件号码，不能照这个名称登记。")
        return _unsure(because, alike)
    if doubt := _person_as_body(mention):
        return _unsure(doubt, alike)
    if alike:
        return Attribution(
            NONE, None, say("代码有效，登记册中尚无此主体；另有同名主体，代码不同。")
        )
    return Attribution(NONE, None, say("代码有效，登记册中尚无此主体。"))


def _person_as_body(mention: Mention) -> str:
    """Why a new code may stand beside a natural person's name; empty when nothing speaks for it.

    An individual business may bear its owner's name: there the name alone says nothing.
    """
    if mention.natural_person_hint:
        return say("类别填的是自然人，却写了单位的代码：请认定是单位还是自然人，认定之前不入账。")
    own_name = mention.identifier.startswith(_INDIVIDUAL_BUSINESS)
    if own_name or not named_like_a_person(mention.name):
        return ""
    return say(
        "名称像是自然人的姓名，却按单位报送，登记册中尚无这个代码：请认定是单位还是自然人，认定之前不入账。"
    )


def _agreement(known: Known, name: DatedName, on: date) -> str:
    if not name.valid_on(on):
        return say(
            "代码一致，“{given}”是它在另一时期的名称，登记名称是“{known}”。",
            given=name.text,
            known=known.name,
        )
    if name.kind == _SHORT:
        return say("代码一致，名称是“{known}”的简称。", known=known.name)
    if name.kind in {_FORMER, _ALIAS}:
        return say("代码一致，名称是“{known}”当日所用。", known=known.name)
    return say("代码与名称都一致。")


def _unit_by_dated_name(mention: Mention, found: Found, on: date) -> Attribution | None:
    if mention.natural_person_hint or not mention.folded:
        return None
    dated = _dated(_bodies(found.by_name), mention.folded, on)
    if len(dated) != 1 or not dated[0].is_unit:
        return None
    known = dated[0]
    name = next(name for name in _names_called(known, mention.folded) if name.valid_on(on))
    if name.kind == _SHORT:
        because = say("“{given}”是{known}的简称。", given=name.text, known=known.name)
    elif name.text == known.name:
        because = say("名称与登记的单位名称一致。")
    else:
        because = say("“{given}”是{known}当日所用名称。", given=name.text, known=known.name)
    return Attribution(CERTAIN, known.subject_id, because)


def _by_name(mention: Mention, found: Found, on: date) -> Attribution:
    if not mention.folded:
        return Attribution(NONE, None, say("没有名称，也没有代码。"))
    alike = _bodies(found.by_name)
    if mention.natural_person_hint or (found.by_name and not alike):
        return Attribution(
            NONE, None, say("只有姓名，没有证件号码：同名的人很多，不能只凭姓名确定。")
        )
    if not alike:
        return Attribution(NONE, None, say("没有代码，登记册中也没有这一名称。"))
    if len(alike) > 1:
        return _unsure(say("没有代码，登记册中有{n}个主体用过这一名称。", n=len(alike)), alike, on)
    known = alike[0]
    if not known.is_unit:
        return _unsure(say("只有名称，没有代码：与“{known}”同名。", known=known.name), alike)
    if not known.open_on(on):
        return _not_open(known, on)
    return _unsure(
        say("“{given}”当日不是{known}的名称。", given=mention.name, known=known.name), alike
    )


def _not_open(known: Known, on: date) -> Attribution:
    if known.opened_on is not None and on < known.opened_on:
        because = say(
            "{known}于{year}年{month}月{day}日才成立，晚于这条记录。",
            known=known.name,
            **_parts(known.opened_on),
        )
        return _unsure(because, [known], on)
    assert known.closed_on is not None
    because = say(
        "{known}已于{year}年{month}月{day}日撤销，早于这条记录。",
        known=known.name,
        **_parts(known.closed_on),
    )
    if known.successors:
        confirmed = all(follower.confirmed for follower in known.successors)
        because += say(
            "承接单位是{names}。" if confirmed else "承接单位可能是{names}，尚未确认。",
            names=say("、").join(follower.name for follower in known.successors),
        )
    return _unsure(because, [known], on)


def _unsure(because: str, candidates: Iterable[Known], on: date | None = None) -> Attribution:
    ids: list[int] = []
    for known in candidates:
        ids += [follower.subject_id for follower in _relatives(known, on)] + [known.subject_id]
    return Attribution(UNSURE, None, because, tuple(dict.fromkeys(ids)))


def _relatives(known: Known, on: date | None) -> tuple[Follower, ...]:
    """Who stood in a unit's place on a day it was not open: likelier than the unit itself."""
    if on is None or known.open_on(on):
        return ()
    if known.opened_on is not None and on < known.opened_on:
        return known.predecessors
    return known.successors


def _bodies(found: Iterable[Known]) -> list[Known]:
    return [known for known in found if not known.is_person]


def _names_called(known: Known, folded: str) -> list[DatedName]:
    return [name for name in known.names if folded and name.folded == folded]


def _dated(found: Iterable[Known], folded: str, on: date) -> list[Known]:
    """Those that existed on the day and used the name on it."""
    return [
        known
        for known in found
        if known.open_on(on) and any(name.valid_on(on) for name in _names_called(known, folded))
    ]


def _parts(day: date) -> dict[str, int]:
    return {"year": day.year, "month": day.month, "day": day.day}


_INDIVIDUAL_BUSINESS = "92"
# Words that a body's name ends with and a person's does not.
_BODY_ENDINGS = (
    "公司",
    "企业",
    "集团",
    "中心",
    "政府",
    "基地",
    "联盟",
    *"厂店部社行院校所站局会馆园场队铺室户学市家吧房诊厅庄坊城屋处",
)
# Those of them that hardly end a given name, so that 大华店 is a shop and 李建社 is not.
_NO_GIVEN_NAME_ENDS = ("公司", "企业", "集团", "中心", "医院", "学校", *"厂店部所站馆队铺吧诊厅")
_SHORTEST_BODY = 4
# Rare characters may come in a private code point; masks stand for a character left out.
_HAN = "㐀-䶿一-鿿〇\ue000-\uf8ff\U00020000-\U000323af"
_MASKS = "*×?□○"
_PERSONS_SHAPE = re.compile(
    rf"[{_HAN}][{_HAN}{_MASKS}]{{0,3}}|[{_HAN}]+(?:·[{_HAN}]+)+|[a-z]+(?:[·'-]?[a-z]+)*"
)
# Several people in one cell: 王建国、李四, 王建国等3人.
_BETWEEN_NAMES = re.compile(r"[,，、;；/|&\s]+")
_JOINED = re.compile(r"[和与及]")
_PLACE = re.compile(r"[县市区镇乡村]")
# What stands around a person's name and is none of it: quotes, a bracket, an address, a number.
_AROUND = re.compile(
    r"^[\s“”‘’\"'《「【\[]+|^(?:户主|自然人|当事人)[:：]?"
    r"|(?:[\s“”‘’\"'》」.。]|[\[【][^\]】]*[\]】]?|[\]】]|先生|女士|同志|[0-9０-９]+)+$"
)
_AND_OTHERS = re.compile(r"\s*等(?:\s*[0-9０-９一二三四五六七八九十]+\s*[人名])?\s*$")


def looks_like_a_person(name: str) -> bool:
    """True unless the name is plainly that of a body. In doubt a name is a person's: that only hides it."""
    folded = _without_bracket(name)
    return len(folded) < _SHORTEST_BODY or not folded.endswith(_BODY_ENDINGS)


def named_like_a_person(name: str) -> bool:
    """True for a whole name in a person's shape: up to 4 Chinese characters, parts joined by `·`, Latin letters, or several such.

    Narrower than `looks_like_a_person`: it keeps a body with a code of its own waiting, so a long
    name without a known ending passes. A registered body's name is Chinese; Latin letters alone are not.
    """
    bare = _AROUND.sub("", name)
    if _one_like_a_person(name) or _one_like_a_person(bare):
        return True
    each = [part for part in _BETWEEN_NAMES.split(_AND_OTHERS.sub("", bare)) if part]
    if len(each) == 1 and looks_like_a_person(bare) and not _PLACE.search(bare):
        # 和 may stand in the name of a body or a person too, but then hardly between two names.
        joined = _JOINED.split(each[0])
        each = joined if min(map(len, joined)) > 1 else each
    return bool(each) and all(_one_like_a_person(part) for part in each)


def _one_like_a_person(name: str) -> bool:
    folded = _without_bracket(name)
    if not _PERSONS_SHAPE.fullmatch(folded):
        return False
    if len(folded) < _SHORTEST_BODY:
        return not folded.endswith(_NO_GIVEN_NAME_ENDS)
    return looks_like_a_person(name)


def _without_bracket(name: str) -> str:
    folded = fold_name(name)
    return folded.rpartition("(")[0] if folded.endswith(")") else folded
