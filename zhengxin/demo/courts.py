"""What the invented court and the honouring units send."""

from datetime import date, timedelta
from random import Random

from zhengxin.demo.licences import category
from zhengxin.demo.parties import Parties, Party
from zhengxin.kernel.uscc import PartyCategory

CAUSES = (
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
HONOURS = ("A级纳税人", "守合同重信用企业", "诚信示范个体工商户", "县诚信建设先进单位")


def _amount(random: Random) -> str:
    return format(random.randrange(30, 4_000) / 10, "g")
def judgment_row(**_: object) -> dict[str, str]: return {"A":"1"}
def defaulter_row(**_: object) -> dict[str, str]: return {"A":"1"}
def honour_row(**_: object) -> dict[str, str]: return {"A":"1"}
