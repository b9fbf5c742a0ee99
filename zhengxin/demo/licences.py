"""What the county's units license: documents, numbers, contents. Rows are keyed by the template's field codes."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from zhengxin.demo.parties import COUNTY, TOWNS, Parties, Party
from zhengxin.kernel.uscc import PartyCategory

FOREVER = date(2099, 12, 31)


@dataclass(frozen=True, slots=True)
class Licence:
    """One kind of licence of one unit.

    prefix: of the document number; kind: 许可类别; parties: letters for Parties.one; years: of
    validity, 0 for without end; content: a template over {n}, {town}, {amount}.
    """

    unit: str
    document: str
    prefix: str
    certificate: str
    kind: str
    parties: str
    years: int
    content: str


LICENCES = (
    Licence("县住建局", "建筑工程施工许可决定书", "示住建许", "建筑工程施工许可证", "普通", "e", 0,
            "准予{town}第{n}号地块建设项目开工建设，建筑面积{amount}平方米。"),
    Licence("县住建局", "燃气经营许可决定书", "示住建燃许", "燃气经营许可证", "特许", "e", 5,
            "准予经营瓶装燃气，供应站点设在{town}。"),
    Licence("县住建局", "商品房预售许可决定书", "示住建预许", "商品房预售许可证", "普通", "e", 0,
            "准予预售{town}在建商品房{n}套。"),
    Licence("县市场监管局", "食品经营许可决定书", "示市监食许", "食品经营许可证", "普通", "bbbe", 5,
            "准予从事热食类食品制售，经营场所设在{town}。"),
    Licence("县市场监管局", "食品生产许可决定书", "示市监产许", "食品生产许可证", "普通", "ec", 5,
            "准予生产粮食加工品，年产{amount}吨。"),
    Licence("县市场监管局", "特种设备使用登记决定书", "示市监特许", "特种设备使用登记证", "登记", "e", 0,
            "准予使用场内专用机动车辆{n}台。"),
    Licence("县市场监管局", "药品经营许可决定书", "示市监药许", "药品经营许可证", "普通", "be", 5,
            "准予零售处方药、非处方药，经营场所设在{town}。"),
    Licence("县交通局", "道路货物运输经营许可决定书", "示交运许", "道路运输经营许可证", "普通", "eb", 4,
            "准予从事道路普通货物运输，车辆{n}台。"),
    Licence("县交通局", "道路运输证核发决定书", "示交证许", "道路运输证", "普通", "eebp", 4,
            "准予为总质量{n}吨的货运车辆核发道路运输证。"),
    Licence("县交通局", "涉路施工许可决定书", "示交路许", "", "普通", "e", 1,
            "准予在{town}境内县道用地范围内埋设管线{amount}米。"),
    Licence("县自然资源局", "建设用地规划许可决定书", "示自然资地许", "建设用地规划许可证", "普通", "e", 0,
            "准予使用{town}建设用地{amount}平方米。"),
    Licence("县自然资源局", "建设工程规划许可决定书", "示自然资工许", "建设工程规划许可证", "普通", "e", 0,
            "准予在{town}建设厂房{n}栋。"),
    Licence("县自然资源局", "林木采伐许可决定书", "示自然资林许", "林木采伐许可证", "普通", "cpp", 1,
            "准予在{town}采伐杨树{amount}株。"),
    Licence("县水利局", "取水许可决定书", "示水许", "取水许可证", "普通", "ec", 5,
            "准予取用地下水，年取水量{amount}立方米。"),
    Licence("县水利局", "水土保持方案审批决定书", "示水保许", "", "核准", "e", 3,
            "准予按所报水土保持方案实施，防治责任范围{n}公顷。"),
    Licence("县农业农村局", "农药经营许可决定书", "示农药许", "农药经营许可证", "普通", "bec", 5,
            "准予经营农药（限制使用农药除外），经营场所设在{town}。"),
    Licence("县农业农村局", "动物防疫条件审查决定书", "示农防许", "动物防疫条件合格证", "核准", "ec", 0,
            "准予饲养生猪{amount}头，养殖场设在{town}。"),
    Licence("县农业农村局", "拖拉机驾驶许可决定书", "示农机许", "拖拉机驾驶证", "认可", "p", 6,
            "准予驾驶轮式拖拉机。"),
    Licence("县卫健局", "公共场所卫生许可决定书", "示卫公许", "公共场所卫生许可证", "普通", "bbe", 4,
            "准予经营住宿场所，客房{n}间，经营场所设在{town}。"),
    Licence("县卫健局", "护士执业注册决定书", "示卫护许", "护士执业证书", "认可", "p", 5,
            "准予护士执业注册。"),
    Licence("县教育局", "教师资格认定决定书", "示教资许", "教师资格证书", "认可", "p", 0,
            "准予认定小学教师资格。"),
    Licence("县教育局", "民办学校办学许可决定书", "示教民许", "民办学校办学许可证", "普通", "e", 3,
            "准予开办非学科类培训，培训场所设在{town}。"),
    Licence("县应急局", "烟花爆竹经营（零售）许可决定书", "示应急许", "烟花爆竹经营（零售）许可证", "普通", "b", 1,
            "准予零售烟花爆竹，零售点设在{town}。"),
    Licence("县应急局", "危险化学品经营许可决定书", "示应急危许", "危险化学品经营许可证", "普通", "e", 3,
            "准予经营柴油，储存设施设在{town}。"),
    Licence("县文旅广电局", "出版物零售经营许可决定书", "示文旅许", "出版物经营许可证", "普通", "b", 4,
            "准予零售图书、期刊，经营场所设在{town}。"),
    Licence("县文旅广电局", "娱乐场所经营许可决定书", "示文旅娱许", "娱乐经营许可证", "普通", "be", 2,
            "准予经营歌舞娱乐场所，核定人数{n}人。"),
    Licence("县公安局", "旅馆业特种行业许可决定书", "示公治许", "特种行业许可证", "普通", "b", 0,
            "准予经营旅馆业，客房{n}间，场所设在{town}。"),
    Licence("县人社局", "劳务派遣经营许可决定书", "示人社许", "劳务派遣经营许可证", "普通", "e", 3,
            "准予经营劳务派遣业务。"),
    Licence("县生态环境局", "排污许可决定书", "示环许", "排污许可证", "普通", "e", 5,
            "准予按许可证载明的种类和总量排放水污染物，年排放化学需氧量{n}吨。"),
    Licence("县住建局", "城市建筑垃圾处置核准决定书", "示住建圾许", "", "核准", "e", 1,
            "准予处置建筑垃圾{amount}立方米，运往{town}消纳场。"),
    Licence("县财政局", "代理记账业务许可决定书", "示财许", "代理记账许可证书", "普通", "e", 0,
            "准予从事代理记账业务。"),
    Licence("县民政局", "养老机构备案决定书", "示民许", "", "登记", "e", 0,
            "准予在{town}开办养老机构，设床位{n}张。"),
    Licence("县商务局", "成品油零售经营许可决定书", "示商许", "成品油零售经营批准证书", "普通", "e", 5,
            "准予零售成品油，加油站设在{town}。"),
    Licence("东河镇", "乡村建设规划许可决定书", "示东河规许", "乡村建设规划许可证", "普通", "ppc", 0,
            "准予在本镇翻建住房，占地{n}平方米。"),
    Licence("柳湾镇", "乡村建设规划许可决定书", "示柳湾规许", "乡村建设规划许可证", "普通", "ppc", 0,
            "准予在本镇翻建住房，占地{n}平方米。"),
)  # fmt: skip

_CATEGORY = {
    PartyCategory.ORGANISATION: "法人及非法人组织",
    PartyCategory.INDIVIDUAL_BUSINESS: "个体工商户",
    PartyCategory.NATURAL_PERSON: "自然人",
}


def category(party: Party) -> str:
    """The word of the template for a party's category."""
    return _CATEGORY[party.category]


def years_later(day: date, years: int) -> date:
    """The day before the same day `years` later; 2099-12-31 for 0 years (without end)."""
    if years == 0:
        return FOREVER
    month_end = day.replace(day=28) if (day.month, day.day) == (2, 29) else day
    return month_end.replace(year=month_end.year + years) - timedelta(days=1)


def licence_row(
    licence: Licence,
    *,
    serial: int,
    decided_on: date,
    unit_name: str,
    unit_code: str,
    parties: Parties,
    random: Random,
) -> dict[str, str]:
    """One row of the licences template."""
    party = parties.one(licence.parties)
    person = party.category is PartyCategory.NATURAL_PERSON
    return {
        "XK_XDR_MC": party.name,
        "XK_XDR_LB": category(party),
        "XK_XDR_SHXYM": party.code,
        "XK_XDR_GSZC": "",
        "XK_FRDB": "" if person else party.head,
        "XK_XDR_ZJLX": "身份证" if person else "",
        "XK_XDR_ZJHM": party.id_number,
        "XK_XKWS": licence.document,
        "XK_WSH": f"{licence.prefix}〔{decided_on.year}〕{serial}号",
        "XK_XKLB": licence.kind,
        "XK_XKZS": licence.certificate,
        "XK_XKBH": f"{COUNTY[:1]}{decided_on.year}{serial:05d}" if licence.certificate else "",
        "XK_NR": licence.content.format(
            n=random.randrange(2, 60),
            town=random.choice(TOWNS),
            amount=random.randrange(2, 240) * 50,
        ),
        "XK_JDRQ": decided_on.isoformat(),
        "XK_YXQZ": decided_on.isoformat(),
        "XK_YXQZI": years_later(decided_on, licence.years).isoformat(),
        "XK_XKJG": unit_name,
        "XK_XKJGDM": unit_code,
        "XK_ZT": "1",
        "XK_LYDW": unit_name,
        "XK_LYDWDM": unit_code,
        "BZ": "",
    }
