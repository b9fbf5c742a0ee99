"""What the invented court and the honouring units send. Rows are keyed by the sources' field codes."""

from datetime import date, timedelta
from random import Random

from zhengxin.demo.files import Row
from zhengxin.demo.licences import category, years_later
from zhengxin.demo.parties import Parties, Party
from zhengxin.kernel.uscc import PartyCategory

_CAUSES = (
    "建设工程施工合同纠纷",
    "买卖合同纠纷",
    "金融借款合同纠纷",
    "租赁合同纠纷",
    "农村土地承包合同纠纷",
    "劳务合同纠纷",
)
_OUTCOMES = (
    "被告于判决生效之日起十日内支付原告价款{amount}万元及利息。",
    "被告于判决生效之日起十五日内返还借款本金{amount}万元。",
    "被告于判决生效之日起十日内支付工程款{amount}万元。",
)
_CONDUCTS = (
    "有履行能力而拒不履行生效法律文书确定义务",
    "违反财产报告制度",
    "以转移财产方式规避执行",
)
_HONOURS = (
    ("纳税信用A级单位", "eec", "连续两年按期申报、足额缴纳，没有欠税。"),
    ("守合同重信用企业", "e", "三年内合同全部按期履行，没有失信记录。"),
    ("诚信示范个体工商户", "b", "明码标价，投诉全部当日办结。"),
    ("县诚信建设先进单位", "ec", "公开的服务承诺全部兑现。"),
)


def _amount(random: Random) -> str:
    """An amount in 万元 with at most one decimal."""
    return format(random.randrange(30, 4_000) / 10, "g")


def judgment_row(*, serial: int, decided_on: date, court: str, party: Party, random: Random) -> Row:
    """One row of the judgments source: `party` lost."""
    amount = _amount(random)
    return {
        "PJ_AH": f"（{decided_on.year}）示0121民初{serial}号",
        "PJ_FY": court,
        "PJ_AY": random.choice(_CAUSES),
        "PJ_WSLX": "民事判决书",
        "PJ_DSR_MC": party.name,
        "PJ_DSR_LB": category(party),
        "PJ_DSR_DM": party.code,
        "PJ_DSR_ZJHM": party.id_number,
        "PJ_DW": "被告",
        "PJ_JG": random.choice(_OUTCOMES).format(amount=amount),
        "PJ_JE": amount,
        "PJ_RQ": decided_on.isoformat(),
        "PJ_SXRQ": "",
        "BZ": "",
    }


def defaulter_row(
    *, serial: int, decided_on: date, court: str, party: Party, random: Random
) -> Row:
    """One row of the judgment defaulters source."""
    amount = _amount(random)
    return {
        "SX_MC": party.name,
        "SX_LB": category(party),
        "SX_DM": party.code,
        "SX_ZJHM": party.id_number,
        "SX_FRDB": party.head,
        "SX_AH": f"（{decided_on.year}）示0121执{serial}号",
        "SX_YJWH": f"（{decided_on.year - 1}）示0121民初{serial + 300}号",
        "SX_FY": court,
        "SX_YW": f"支付价款{amount}万元及迟延履行期间的债务利息。",
        "SX_JE": amount,
        "SX_LXQK": random.choice(("全部未履行", "全部未履行", "部分未履行")),
        "SX_QX": random.choice(_CONDUCTS),
        "SX_FBRQ": decided_on.isoformat(),
        "SX_LARQ": (decided_on - timedelta(days=75)).isoformat(),
        "SX_CCRQ": "",
        "BZ": "",
    }


def honour_row(
    *, serial: int, decided_on: date, granted_by: str, prefix: str, parties: Parties, random: Random
) -> Row:
    """One row of the honours source."""
    honour, among, deed = random.choice(_HONOURS)
    party = parties.one(among)
    return {
        "RY_MC": honour,
        "RY_WH": f"{prefix}〔{decided_on.year}〕{serial}号",
        "RY_JB": "县级",
        "RY_HDZ": party.name,
        "RY_LB": category(party),
        "RY_DM": party.code,
        "RY_ZJHM": party.id_number,
        "RY_DW": granted_by,
        "RY_RQ": decided_on.isoformat(),
        "RY_YXQZ": decided_on.isoformat(),
        "RY_YXQZI": years_later(decided_on, 2).isoformat(),
        "RY_SY": deed,
        "BZ": "",
    }


def owing(name: str, code: str) -> Party:
    """A unit as a debtor."""
    return Party(name, PartyCategory.ORGANISATION, code, "", "")
