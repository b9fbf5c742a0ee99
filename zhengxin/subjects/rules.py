"""Whose record is it? The verdict on one mention, from what the register holds.

Only two agreeing facts, a unit's own dated name, or a person's decision make a verdict certain.
A natural person is never found by name alone.
"""

import re
import unicodedata
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
    if own_name:
        return ""
    if person_beside(mention.name):
        return say(
            "单位名称旁边像是写了个人的姓名，登记册中尚无这个代码：请认定登记什么名称，认定之前不入账。"
        )
    if not named_like_a_person(mention.name):
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


# Where one name ends and something else begins; a list of names is parted by the latter ones.
_PARTED = re.compile(r"([()\[\]{}<>《》〈〉【】〔〕「」『』。_\s\0-]+|[,、;/|&+]+)")
_LISTED = frozenset(",、;/|&+")
# Who a person written beside a body is said to be, or how it is tied to the body.
_ROLE = re.compile(
    "(?:法定代表人?|代表人?|(?:实际)?控制人|(?:实际)?(?:经营|承包)[者人]|负责人|(?:出资|投资|合伙|联系|当事|经办|被罚)人"
    "|(?:副?总)?经理|(?:委托)?代理人|受托人|(?:副?董事|厂|店|社|校|院|站|场|理事)长|董事|监事|股东|业主|户主|店主|老板|法人|姓名|本人"
    "|[及和与系为是即]|以及)+"
)
_BODY = re.compile("^.*(?:公司|合作社|商行|商店|超市|事务所|分店|饭店|酒店|药店|经营部|[厂店])")
_OWNED = re.compile(rf"^[{_HAN}]{{2,4}}(?:经营|开办|开设|投资|注册|名下)的")
# What stands beside a name and names nobody: kinds of enterprise, places, parts of a body.
_NOBODY = re.compile(
    r"[a-z0-9.]*|.|.*(?:合伙|独资|合资|个体|个人|自然人|法人|国有|民营|集团|总部|筹建?|控股|经营|存续|注销|吊销|连锁|加盟|直营|分支"
    r"|机构|项目|仓库?|车间|工会|食堂|支部|委|办|[林农牧渔茶果]场|矿|圃|街道|路|街|号|楼|层|期|组|标段|省|市|县|区|镇|乡|村|屯|州|盟|旗)"
    r"|(?:中国|北京|天津|上海|重庆|河北|山西|辽宁|吉林|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海"
    r"|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门|黑龙江)"
)


def person_beside(name: str, known: frozenset[str] = frozenset()) -> bool:
    """True where a person seems to stand beside a body in `name`: …有限公司（经营者某某）, …公司、某某, …公司某某.

    known: folded names of the body, where it has some. What is left beside the longest of them is a person's unless
    it is a place, a branch or a kind of enterprise; without, only what has a person's shape or a word for who it is.
    """
    folded = fold_name(name)
    own = max((each for each in known if each and each in folded), key=len, default="")
    if own:
        left = _PARTED.split(folded.replace(":", "").replace(own, "\0", 1))
        return any(_somebody(piece) for piece in left[::2])
    if _OWNED.match(folded):
        return True
    parts = _PARTED.split(unicodedata.normalize("NFKC", name).casefold().replace(":", ""))
    pieces, marks = parts[::2], ["", *parts[1::2], ""]
    bodies = [not _short(piece) and piece.endswith(_BODY_ENDINGS) for piece in pieces]
    after_body = False
    for n, piece in enumerate(pieces):
        rest = _BODY.sub("", piece)
        listed = any(bodies) and not _LISTED.isdisjoint(marks[n] + marks[n + 1])
        beside = after_body or listed or rest != piece
        if _somebody(rest) and _ROLE.match(rest) and (beside or n):
            return True
        if beside and _somebody(rest) and _one_like_a_person(rest):
            return True
        after_body = after_body or bodies[n] or rest != piece
    return False


def _short(piece: str) -> bool:
    return len(piece) < _SHORTEST_BODY


def _somebody(piece: str) -> bool:
    """True for what may name a person, after a word for who it is or without one."""
    bare = _ROLE.sub("", piece, count=1) if _ROLE.match(piece) else piece
    if len(bare) < 2 or _NOBODY.fullmatch(piece) or _NOBODY.fullmatch(bare):
        return False
    ending = _NO_GIVEN_NAME_ENDS if _short(bare) else _BODY_ENDINGS
    return not bare.endswith(ending)


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
