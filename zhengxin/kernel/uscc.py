"""Unified social credit codes (GB 32100-2015) and the organisation code inside (GB 11714).

The alphabets and weights are public because intake builds the same check over whole columns.
"""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from zhengxin.kernel.say import say

LENGTH = 18
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
MODULUS = 31
REGION_SLICE = slice(2, 8)
ORGANISATION_SLICE = slice(8, 17)
ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
ORGANISATION_CHECKS = "0123456789X"
FILLER = "0" * 17 + "X"

REGISTRARS = {
    "1": "机构编制",
    "2": "外交",
    "3": "司法行政",
    "4": "文化",
    "5": "民政",
    "6": "旅游",
    "7": "宗教",
    "8": "工会",
    "9": "市场监督管理",
    "A": "中央军委",
    "N": "农业农村",
    "Y": "其他",
}
KINDS = {
    "11": "机关",
    "12": "事业单位",
    "13": "编办直接管理的群众团体",
    "19": "机构编制其他",
    "21": "外国常驻新闻机构",
    "29": "外交其他",
    "31": "律师执业机构",
    "32": "公证处",
    "33": "基层法律服务所",
    "34": "司法鉴定机构",
    "35": "仲裁委员会",
    "39": "司法行政其他",
    "41": "外国在华文化中心",
    "49": "文化其他",
    "51": "社会团体",
    "52": "民办非企业单位",
    "53": "基金会",
    "59": "民政其他",
    "61": "外国旅游部门常驻代表机构",
    "62": "港澳台地区旅游部门常驻内地（大陆）代表机构",
    "69": "旅游其他",
    "71": "宗教活动场所",
    "72": "宗教院校",
    "79": "宗教其他",
    "81": "基层工会",
    "89": "工会其他",
    "91": "企业",
    "92": "个体工商户",
    "93": "农民专业合作社",
    "A1": "军队事业单位",
    "A9": "军队其他",
    "N1": "组级集体经济组织",
    "N2": "村级集体经济组织",
    "N3": "乡镇级集体经济组织",
    "N9": "农业农村其他",
    "Y1": "其他",
}
GOVERNMENT_KINDS = frozenset({"11", "12", "13", "19"})


class CodeState(StrEnum):
    """What a check of an identifier found."""

    OK = "ok"
    FILLER = "filler"
    BAD = "bad"


class PartyCategory(StrEnum):
    """The three categories of a party in the double-publicity templates."""

    ORGANISATION = "organisation"
    INDIVIDUAL_BUSINESS = "individual_business"
    NATURAL_PERSON = "natural_person"

    @property
    def label(self) -> str:
        """The word of the template."""
        return say(_CATEGORY_LABELS[self])


_CATEGORY_LABELS = {
    PartyCategory.ORGANISATION: "法人及非法人组织",
    PartyCategory.INDIVIDUAL_BUSINESS: "个体工商户",
    PartyCategory.NATURAL_PERSON: "自然人",
}


@dataclass(frozen=True, slots=True)
class UsccCheck:
    """The verdict on one code.

    code: the normalised code; reason: why it is BAD (empty otherwise); warnings: doubts that do
    not refuse it; kind: two-character prefix, empty unless OK; category: what the prefix implies.
    """

    code: str
    state: CodeState
    reason: str = ""
    warnings: tuple[str, ...] = ()
    kind: str = ""
    category: PartyCategory | None = None

    @property
    def ok(self) -> bool:
        """True for a real code (the filler is not one)."""
        return self.state is CodeState.OK


def normalise_code(text: str) -> str:
    """Half-width, upper case, without any spaces or invisible marks."""
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(char for char in folded if unicodedata.category(char) not in {"Zs", "Cc", "Cf"})


def uscc_check_character(first17: str) -> str:
    """The 18th character that belongs to `first17` (GB 32100-2015). Raises ValueError."""
    total = sum(
        ALPHABET.index(char) * weight for char, weight in zip(first17, WEIGHTS, strict=True)
    )
    return ALPHABET[-total % MODULUS]


def organisation_check_character(first8: str) -> str:
    """The 9th character of an organisation code (GB 11714). Raises ValueError."""
    total = sum(
        ORGANISATION_ALPHABET.index(char) * weight
        for char, weight in zip(first8, ORGANISATION_WEIGHTS, strict=True)
    )
    return ORGANISATION_CHECKS[-total % 11]


def implied_category(code: str) -> PartyCategory | None:
    """The party category that the prefix of `code` implies; None for an unknown registrar."""
    if code[:2] == "92":
        return PartyCategory.INDIVIDUAL_BUSINESS
    return PartyCategory.ORGANISATION if code[:1] in REGISTRARS else None


@lru_cache(maxsize=1 << 12)
def check_uscc(text: str) -> UsccCheck:
    """Check one code. BAD carries a Chinese reason, the wrong last character with the right one.

    The 17 zeros and X that stand for "has no code yet" are FILLER and their check digit is not
    enforced. A wrong inner organisation code is a warning only: some historic codes fail it.
    """
    code = normalise_code(text)
    if code == FILLER:
        return UsccCheck(code, CodeState.FILLER)
    if reason := _fault(code):
        return UsccCheck(code, CodeState.BAD, reason)
    return UsccCheck(
        code,
        CodeState.OK,
        warnings=_warnings(code),
        kind=code[:2],
        category=implied_category(code),
    )


def _fault(code: str) -> str:
    if len(code) != LENGTH:
        return say("统一社会信用代码应为{right}位，现为{found}位", right=LENGTH, found=len(code))
    for place, char in enumerate(code, start=1):
        if char not in ALPHABET:
            return say(
                "第{place}位“{char}”不是代码用字：代码只用数字和不含I、O、S、V、Z的大写字母",
                place=place,
                char=char,
            )
    if code[0] not in REGISTRARS:
        return say("第1位“{char}”不是登记管理部门代码", char=code[0])
    if not code[REGION_SLICE].isdigit():
        return say("第3至8位应为6位行政区划数字，现为“{found}”", found=code[REGION_SLICE])
    expected = uscc_check_character(code[:17])
    if code[17] != expected:
        return say("校验位不符：按前17位计算，末位应为{expected}", expected=expected)
    return ""


def _warnings(code: str) -> tuple[str, ...]:
    found: list[str] = []
    if code[:2] not in KINDS:
        found.append(say("前2位“{prefix}”不在已知的机构类别中", prefix=code[:2]))
    inner = code[ORGANISATION_SLICE]
    expected = organisation_check_character(inner[:8])
    if inner[8] != expected:
        found.append(
            say("第17位是组织机构代码的校验位，按前8位计算应为{expected}", expected=expected)
        )
    return tuple(found)
