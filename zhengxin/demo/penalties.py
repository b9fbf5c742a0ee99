"""What the county's units punish: conduct, basis, kinds, amounts. Rows are keyed by the template's field codes."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from zhengxin.demo.licences import category
from zhengxin.demo.parties import TOWNS, Parties
from zhengxin.kernel.uscc import PartyCategory


@dataclass(frozen=True, slots=True)
class Penalty:
    """One kind of penalty of one unit.

    fine: lowest and highest in yuan, (0, 0) for none; fact: a template over {name}, {day}, {town},
    {n}; share: how often it occurs beside the unit's others.
    """

    unit: str
    prefix: str
    conduct: str
    basis: str
    kinds: str
    parties: str
    fine: tuple[int, int]
    fact: str
    share: int = 3


PENALTIES = (
    Penalty("县市场监管局", "示市监罚", "经营超过保质期的食品", "《中华人民共和国食品安全法》第一百二十四条第一款第五项",
            "罚款;没收非法财物", "bbe", (5_000, 20_000),
            "{day}，执法人员在{town}检查时发现{name}的货架上有超过保质期的食品{n}袋，当事人无法说明来源。"),
    Penalty("县市场监管局", "示市监罚", "未按规定明码标价", "《中华人民共和国价格法》第四十二条",
            "警告", "b", (0, 0), "{day}，执法人员在{town}检查时发现{name}有{n}种商品未标明价格。"),
    Penalty("县市场监管局", "示市监罚", "使用未经检定的计量器具", "《中华人民共和国计量法》第二十五条",
            "罚款", "b", (500, 1_000), "{day}，{name}在{town}经营时使用的{n}台电子秤未经检定。"),
    Penalty("县市场监管局", "示市监罚", "使用未经定期检验的特种设备", "《中华人民共和国特种设备安全法》第八十四条第一项",
            "罚款;责令停产停业", "e", (30_000, 120_000), "{day}，{name}在用的{n}台叉车超过检验有效期。", 1),
    Penalty("县住建局", "示住建罚", "未取得施工许可证擅自施工", "《中华人民共和国建筑法》第六十四条",
            "罚款", "e", (20_000, 90_000), "{day}，{name}在{town}承建的项目未取得施工许可证即开工，已完成基础{n}处。"),
    Penalty("县住建局", "示住建罚", "施工现场未采取扬尘防治措施", "《中华人民共和国大气污染防治法》第一百一十五条",
            "罚款", "e", (10_000, 50_000), "{day}，{name}在{town}的工地有{n}处裸露土方未覆盖，出入口未冲洗车辆。"),
    Penalty("县住建局", "示住建罚", "将承包的工程转包", "《中华人民共和国建筑法》第六十七条",
            "罚款;没收违法所得;降低资质等级", "e", (50_000, 200_000), "{day}查明，{name}将{town}道路工程转包给他人施工。", 1),
    Penalty("县交通局", "示交罚", "超限运输", "《中华人民共和国公路法》第七十六条第五项",
            "罚款", "eepp", (500, 10_000), "{day}，{name}的货车在{town}路段行驶，车货总质量超过限定标准{n}%。"),
    Penalty("县交通局", "示交罚", "未取得道路运输经营许可擅自从事道路运输经营", "《中华人民共和国道路运输条例》第六十三条",
            "罚款;没收违法所得", "pb", (3_000, 20_000), "{day}，{name}在{town}从事货物运输，不能出示道路运输经营许可证。"),
    Penalty("县应急局", "示应急罚", "未按规定对从业人员进行安全生产教育和培训", "《中华人民共和国安全生产法》第九十七条第三项",
            "罚款", "e", (10_000, 60_000), "{day}，执法人员在{town}检查，{name}有{n}名从业人员未经安全培训上岗。"),
    Penalty("县应急局", "示应急罚", "特种作业人员未取得相应资格上岗作业", "《中华人民共和国安全生产法》第九十七条第七项",
            "罚款;责令停产停业", "e", (20_000, 100_000), "{day}，{name}的{n}名焊工未取得特种作业操作证即上岗。", 1),
    Penalty("县生态环境局", "示环罚", "超过标准排放大气污染物", "《中华人民共和国大气污染防治法》第九十九条第二项",
            "罚款", "e", (100_000, 300_000), "{day}，{name}设在{town}的锅炉烟气颗粒物浓度超过排放标准{n}%。", 2),
    Penalty("县生态环境局", "示环罚", "未按规定贮存危险废物", "《中华人民共和国固体废物污染环境防治法》第一百一十二条",
            "罚款", "e", (100_000, 200_000), "{day}，{name}在{town}的厂区露天堆放废矿物油桶{n}只。", 1),
    Penalty("县自然资源局", "示自然资罚", "非法占用土地", "《中华人民共和国土地管理法》第七十七条",
            "罚款;没收非法财物", "epc", (8_000, 90_000), "{day}查明，{name}未经批准占用{town}土地{n}平方米建设仓房。"),
    Penalty("县水利局", "示水罚", "未经批准擅自取水", "《中华人民共和国水法》第六十九条第一项",
            "罚款", "ec", (20_000, 80_000), "{day}，{name}在{town}未经批准打井{n}眼取用地下水。"),
    Penalty("县农业农村局", "示农罚", "经营假农药", "《农药管理条例》第五十五条第一款第二项",
            "罚款;没收违法所得;没收非法财物", "bc", (5_000, 40_000), "{day}，{name}在{town}销售的{n}瓶农药有效成分与标签不符。"),
    Penalty("县农业农村局", "示农罚", "经营未附有检疫证明的动物产品", "《中华人民共和国动物防疫法》第一百条",
            "罚款", "bp", (2_000, 15_000), "{day}，{name}在{town}运输的{n}件猪肉未附检疫证明。"),
    Penalty("县卫健局", "示卫罚", "公共场所从业人员未取得健康合格证明上岗", "《公共场所卫生管理条例实施细则》第三十八条",
            "警告;罚款", "b", (500, 3_000), "{day}，{name}有{n}名从业人员未取得健康合格证明。"),
    Penalty("县文旅广电局", "示文旅罚", "接纳未成年人进入娱乐场所", "《娱乐场所管理条例》第四十八条",
            "没收违法所得;责令停产停业", "b", (0, 0), "{day}，执法人员在{town}检查时发现{name}接纳未成年人{n}名。"),
    Penalty("县住建局", "示住建罚", "运输车辆沿途遗撒", "《城市市容和环境卫生管理条例》第三十四条",
            "罚款", "epb", (500, 5_000), "{day}，{name}的运输车辆在{town}沿途遗撒渣土，污染路面约{n}平方米。"),
    Penalty("县住建局", "示住建罚", "擅自占道经营", "《城市市容和环境卫生管理条例》第三十六条",
            "警告", "b", (0, 0), "{day}，{name}在{town}占用人行道经营，占道约{n}平方米。"),
    Penalty("县人社局", "示人社罚", "未按规定编制农民工工资支付台账", "《保障农民工工资支付条例》第五十四条",
            "罚款", "e", (10_000, 50_000), "{day}，{name}在{town}的项目未编制工资支付台账，涉及农民工{n}名。"),
    Penalty("县公安局", "示公治罚", "扰乱公共秩序", "《中华人民共和国治安管理处罚法》",
            "警告", "p", (0, 0), "{day}，{name}在{town}集市喧哗起哄，经劝阻不听。", 2),
    Penalty("县公安局", "示公消罚", "旅馆未按规定登记住宿人员信息", "《旅馆业治安管理办法》",
            "警告", "b", (0, 0), "{day}，{name}未按规定登记{n}名住宿人员。", 2),
)  # fmt: skip


def in_wan(yuan: int) -> str:
    """An amount in yuan as 万元, without useless zeros: 2000 is "0.2"."""
    return format((Decimal(yuan) / 10_000).normalize(), "f")


def penalty_row(
    penalty: Penalty,
    *,
    serial: int,
    decided_on: date,
    unit_name: str,
    unit_code: str,
    parties: Parties,
    random: Random,
) -> dict[str, str]:
    """One row of the penalties template; fines in 万元."""
    party = parties.one(penalty.parties)
    person = party.category is PartyCategory.NATURAL_PERSON
    low, high = penalty.fine
    fine = random.randrange(low, high + 1, 500) if high else 0
    gains = random.randrange(2, 60) * 100 if "没收违法所得" in penalty.kinds else 0
    words = [*(["处以警告"] if "警告" in penalty.kinds else [])]
    words += [f"罚款{fine}元"] if fine else []
    words += [f"没收违法所得{gains}元"] if gains else []
    for kind in ("没收非法财物", "责令停产停业", "降低资质等级"):
        words += [kind] if kind in penalty.kinds else []
    return {
        "CF_XDR_MC": party.name,
        "CF_XDR_LB": category(party),
        "CF_XDR_SHXYM": party.code,
        "CF_XDR_GSZC": "",
        "CF_FRDB": "" if person else party.head,
        "CF_XDR_ZJLX": "身份证" if person else "",
        "CF_XDR_ZJHM": party.id_number,
        "CF_WSH": f"{penalty.prefix}〔{decided_on.year}〕{serial}号",
        "CF_WFXW": penalty.conduct,
        "CF_SY": penalty.fact.format(
            name=party.name,
            day=f"{decided_on.month}月",
            town=random.choice(TOWNS),
            n=random.randrange(2, 40),
        ),
        "CF_YJ": penalty.basis,
        "CF_CFLB": penalty.kinds,
        "CF_NR": "、".join(words) + "。",
        "CF_NR_FK": in_wan(fine) if fine else "",
        "CF_NR_WFFF": in_wan(gains) if gains else "",
        "CF_NR_ZKDX": "",
        "CF_JDRQ": decided_on.isoformat(),
        "CF_YXQ": "2099-12-31",
        "CF_GSJZQ": "",
        "CF_CFJG": unit_name,
        "CF_CFJGDM": unit_code,
        "CF_SJLY": unit_name,
        "CF_SJLYDM": unit_code,
        "BZ": "",
    }
