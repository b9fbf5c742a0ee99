"""Lists of units: where one name ends and the next begins, and what looks like a unit at all."""

import re

OPEN, CLOSE = "（(〔[【［《", "）)〕]】］》"
_LEVEL = "省市县区旗州镇乡盟"
# What the name of a body ends in.
_ENDS = re.compile(
    r"(?:"
    r"局|委|办|部|厅|署|院|会|室|站|所|处|科|组|股|中心|政府|政协|人大|银行|"
    r"公司|集团|学校|大学|中学|小学|党校|街道|街|镇|乡|村|屯|社区|县|市|区|旗|"
    r"州|盟|省|农场|牧场|林场|场|园区|园|支队|大队|中队|总队|队|馆|台|社|"
    r"指挥部|专班|联盟|协会|妇联|残联|侨联|文联|科协|社科联|工商联|总工会|工会|团|"
    r"院校|单位|部门|企业|机构|机关|党委|党组|支部|工委|电网|移动|联通|电信|铁塔|邮政|"
    r"海关|税务|气象|烟草|消防|供电|人行|军区|部队|各地|地方|地区|高校|联社|厂|"
    r"港|铁路|供销社|分行|支行|基地|平台|领导小组|联席会议|牵头方|各方|主体|联合体|"
    r"河长|林长|路长|中央|信保|人保|农发行|国开行|农商行|校|院所|研究室"
    r")$"
)
_ALIAS = re.compile(r"[（(〔\[［][^（(〔\[［）)〕\]］]*[）)〕\]］]$")
_LEADING_ALIAS = re.compile(r"[（(〔\[［][^（(〔\[［）)〕\]］]*[）)〕\]］]")
# Words that no name of a body holds: a sentence was taken for a list.
_SENTENCE = re.compile(
    r"由|应当|的|负责|牵头|配合|必须|进行|予以|并|将|是|其(?!他|它)|对(?!外|台|口)|可以|要(?!害)|本人|自行|主要|情况|责任(?!公司)|该|如"
)
_COLLECTIVE = re.compile(
    r"^(?:全[县市区省])?(?:各|有关|相关|其他|其它|所有|全体|属地|所在地|当地|县直|市直|省直|区直|国务院有关|[省市县区](?:委|政府)(?:各|有关|所属))"
)
_ET_AL = re.compile(
    r"等(?:[0-9一二三四五六七八九十]+[个家])?(?:(?:各|各个)?(?:有关|相关|职能|责任|成员|县级|市级|县直|市直|区直|省直|行业|主管)*"
    r"(?:部门|单位|地方|方面|机构)?(?:(?:和|及|、|以及)?(?:单位|部门|地方|地区))?)?$"
)
_GROUP_HEAD = re.compile(
    rf"^(?:各|全[县市区省]各|所有|有关|相关)[一-鿿]{{0,4}}?(?:[{_LEVEL}]{{1,3}}|[镇乡]街|街[镇道]|地|部门|单位|地区|党委|科室)"
    r"(?:[（(〔\[][^）)〕\]]*[）)〕\]])?$"
)
# Of a group's second half only bare kinds count: 县级市, 街道办事处, not 高新区 or 县财政局.
_GROUP_TAIL = re.compile(
    rf"^(?:级|省直管|直管|自治|计划单列)?(?:县级市|[{_LEVEL}]{{1,3}}|街道|部门|单位|直辖市|自治区|自治州|场|科室|企业|机构|政府)"
    r"(?:[（(〔\[][^）)〕\]]*[）)〕\]])?(?:人民政府|政府|办事处|管委会|管理委员会|党委|党工委|部门|单位|委员会|等)*$"
)
_APART = re.compile(r"[、，,；;/／|]|\n|　")
_JOINED = re.compile(r"以及|和|及|与|暨")
# What a cell or label without a unit is filled with: 无, —, /.
_NOBODY = ("", "无", "暂无", "略")
_WORD = re.compile(r"[^\W_]")
_SPACED = re.compile(r"[ \t]+")
# Two or three names that 和 joins; whatever is longer is no list.
_LONGEST = 120
_PERSON = re.compile(r"[一-鿿]{2,4}")


def outside(text: str, pattern: re.Pattern[str]) -> list[re.Match[str]]:
    """Where a pattern stands outside every bracket."""
    depth, deep = 0, set()
    for place, char in enumerate(text):
        if char in OPEN:
            depth += 1
        if depth:
            deep.add(place)
        if char in CLOSE and depth:
            depth -= 1
    if depth:
        # A bracket that nobody closes hides nothing.
        deep = set()
    return [match for match in pattern.finditer(text) if match.start() not in deep]


def cut(text: str, pattern: re.Pattern[str]) -> list[str]:
    """The pieces between the places where the pattern stands outside every bracket."""
    pieces, begin = [], 0
    for match in outside(text, pattern):
        pieces.append(text[begin : match.start()])
        begin = match.end()
    return [*pieces, text[begin:]]


def bare_name(name: str) -> str:
    """The name without the brackets behind it: 县委党校〔县行政学院〕 is 县委党校."""
    return _ALIAS.sub("", name)


def is_collective(name: str) -> bool:
    """Whether a name means a group: 各镇场街道办事处, 各有关部门和单位, 有关部门."""
    return _COLLECTIVE.match(name) is not None


def looks_like_unit(name: str) -> bool:
    """Whether this can be the name of a body or of a group of bodies."""
    plain = _LEADING_ALIAS.sub("", name)
    if not 2 <= len(plain) <= 30 or _SENTENCE.search(plain):
        return False
    return _ENDS.search(plain) is not None


def may_be_unit(name: str) -> bool:
    """Whether nothing about a name says that it is no body; an unusual one passes."""
    return 2 <= len(name) <= 24 and _SENTENCE.search(_LEADING_ALIAS.sub("", name)) is None


def split_units(text: str) -> tuple[list[str], bool]:
    """The names of a list as written, and whether it ends in 等.

    A group written with a comma (各区、县级市) is one name; 和 and spaces part two names only where
    what stands before and after is a whole name by itself.
    """
    names: list[str] = []
    others = False
    for piece in cut(text.strip(" \t。.;；，,、:："), _APART):
        for part in _spaced(piece.strip()):
            for each in _joined(part.strip(" \t。.：:")):
                name, more = _without_others(each)
                others = others or more
                if names and _GROUP_HEAD.match(names[-1]) and _GROUP_TAIL.match(name):
                    names[-1] = _with_gap(text, names[-1], name)
                elif name not in _NOBODY and _WORD.search(name):
                    names.append(name)
    return names, others


def _without_others(name: str) -> tuple[str, bool]:
    """A name without 等有关部门 behind it, and whether that stood there."""
    ending = _ET_AL.search(name)
    if ending is None or ending.start() == 1:
        return name, False
    return name[: ending.start()], True


def _with_gap(text: str, head: str, tail: str) -> str:
    """Head and tail of one group with whatever stands between them."""
    begin = text.find(head)
    end = text.find(tail, begin + len(head))
    return text[begin : end + len(tail)] if begin >= 0 and end >= 0 else f"{head}、{tail}"


def _spaced(piece: str) -> list[str]:
    """Spaces part names where all pieces are names; else they are an accident of layout."""
    pieces = _SPACED.split(piece)
    bodies = [each for each in pieces if looks_like_unit(each)]
    if len(bodies) == len(pieces) or (
        bodies and all(_PERSON.fullmatch(p) for p in pieces if p not in bodies)
    ):
        # 县发改局 张某: the person who answers for the body is no body.
        return bodies
    return ["".join(pieces)]


def _joined(text: str) -> list[str]:
    if len(text) > _LONGEST:
        return [text]
    for match in outside(text, _JOINED):
        left, right = text[: match.start()], text[match.end() :]
        if _GROUP_HEAD.match(left) and _GROUP_TAIL.match(right):
            continue
        if len(left) > 2 and len(right) > 2 and looks_like_unit(left) and _whole(right):
            return [left, *_joined(right)]
    return [text]


def _whole(right: str) -> bool:
    """Whether what follows 和 is a name by itself, not the second half of one (人力资源和社会保障局)."""
    return looks_like_unit(_joined(right)[0])
