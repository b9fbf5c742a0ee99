"""The invented enterprises, businesses, cooperatives and persons of the county, with valid invented codes."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from zhengxin.kernel.idcard import id_check_character
from zhengxin.kernel.uscc import PartyCategory, organisation_check_character, uscc_check_character

# No such registration region and no such county: nobody real can carry one of these codes.
USCC_REGION = "990121"
ID_REGION = "219901"
COUNTY = "示例县"

TOWNS = (
    "东河镇",
    "柳湾镇",
    "双井镇",
    "沙坪镇",
    "西岭镇",
    "白杨镇",
    "青石镇",
    "河口镇",
    "城关街道",
    "北苑街道",
)
_SIGNS = (
    "恒泽", "瑞禾", "丰岭", "云柏", "泓远", "晟朴", "澄川", "棠禾", "岚岳", "沐谷", "榆桥", "景堃", "嘉喆",
    "鑫淼", "䶮和", "犇原", "砚田", "知远", "临溪", "绿畴", "长亭", "北辰", "汇榕", "朗坤", "思齐", "越陌",
    "禾沁", "松韵", "聚岩", "锦帆",
)  # fmt: skip
_TRADES = (
    "建筑工程", "市政工程", "房地产开发", "道路运输", "物流", "食品", "粮油购销", "农业科技", "建材", "商贸",
    "机械制造", "环保科技", "医药", "燃气", "水产养殖", "新能源", "物业服务", "人力资源", "印务", "饲料",
)  # fmt: skip
_SHOPS = (
    "老槐树饭店", "小满超市", "顺路汽修部", "春来早点铺", "百味面馆", "如意理发店", "好邻居便利店", "安心药店",
    "满仓农资店", "听雨茶楼", "大碗牛肉面馆", "鲜果时光水果店", "阿福烧烤店", "明亮眼镜店", "平安旅馆",
    "一品豆腐坊", "旺角宾馆", "青藤书屋", "四季鲜菜店", "福满楼酒家",
)  # fmt: skip
_CROPS = ("稻香", "金穗", "绿野", "农旺", "惠丰", "禾丰", "田园", "众合")
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜谢邹窦章云苏潘葛奚范彭郎鲁韦昌马苗凤方俞任袁柳"
_GIVEN = (
    "建国", "秀兰", "志远", "雨桐", "德厚", "文静", "海涛", "玉珍", "立新", "子墨", "长河", "春燕", "守业",
    "思源", "铁柱", "晓梅", "国梁", "佳怡", "永康", "喆", "淼", "䶮", "㛃", "堃", "鑫",
)  # fmt: skip
_DOTTED = ("巴特尔·苏和", "阿依古丽·艾山", "其其格·乌兰")


@dataclass(frozen=True, slots=True)
class Party:
    """One party: its name, category, credit code (empty for persons), id number and legal head."""

    name: str
    category: PartyCategory
    code: str
    id_number: str
    head: str


def uscc(kind: str, serial: int) -> str:
    """A valid invented credit code with prefix `kind` ("91", "92", "93")."""
    organisation = f"MA{serial:06d}"
    first = f"{kind}{USCC_REGION}{organisation}{organisation_check_character(organisation)}"
    return first + uscc_check_character(first)


def id_number(born_on: date, serial: int) -> str:
    """A well-formed number of a county that never existed."""
    first = f"{ID_REGION}{born_on:%Y%m%d}{serial % 1000:03d}"
    return first + id_check_character(first)


class Parties:
    """The county's parties, drawn once from `random`; the same seed gives the same county."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._serial = 1000
        self.enterprises = [self._enterprise(place) for place in range(150)]
        self.businesses = [self._business(place) for place in range(180)]
        self.cooperatives = [self._cooperative(place) for place in range(30)]
        self.persons = [self._person(place) for place in range(160)]

    def _code(self, kind: str) -> str:
        self._serial += 1
        return uscc(kind, self._serial)

    def _head(self) -> str:
        return self._random.choice(_SURNAMES) + self._random.choice(_GIVEN)

    def _enterprise(self, place: int) -> Party:
        sign = _SIGNS[place % len(_SIGNS)]
        trade = _TRADES[(place * 7 + place // len(_SIGNS)) % len(_TRADES)]
        return Party(
            f"{COUNTY}{sign}{trade}有限公司",
            PartyCategory.ORGANISATION,
            self._code("91"),
            "",
            self._head(),
        )

    def _business(self, place: int) -> Party:
        town = TOWNS[place % len(TOWNS)]
        shop = _SHOPS[(place // len(TOWNS) + place) % len(_SHOPS)]
        return Party(
            f"{COUNTY}{town}{shop}",
            PartyCategory.INDIVIDUAL_BUSINESS,
            self._code("92"),
            "",
            self._head(),
        )

    def _cooperative(self, place: int) -> Party:
        town = TOWNS[place % len(TOWNS)]
        crop = _CROPS[(place // len(TOWNS) + place) % len(_CROPS)]
        return Party(
            f"{COUNTY}{town}{crop}种植专业合作社",
            PartyCategory.ORGANISATION,
            self._code("93"),
            "",
            self._head(),
        )

    def _person(self, place: int) -> Party:
        name = _DOTTED[place // 60] if place % 60 == 59 else self._head()
        born_on = date(1958, 1, 1) + timedelta(days=self._random.randrange(16_000))
        return Party(name, PartyCategory.NATURAL_PERSON, "", id_number(born_on, 100 + place), name)

    def one(self, among: str) -> Party:
        """A party among "e" enterprises, "b" businesses, "c" cooperatives, "p" persons (one letter drawn)."""
        kind = self._random.choice(among)
        pool = {
            "e": self.enterprises,
            "b": self.businesses,
            "c": self.cooperatives,
            "p": self.persons,
        }[kind]
        return self._random.choice(pool)
