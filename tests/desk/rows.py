"""Files as a department would send them, made from the description of the source."""

import csv
import io
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from zhengxin.intake import queries as intake
from zhengxin.kernel.uscc import uscc_check_character

# A code of the invented region 999999 with its right last character, and with a wrong one.
BUILDER = "91999901MA0000032" + uscc_check_character("91999901MA0000032")
WRONG = "91999901MA00000321"


def days_ago(n: int) -> date:
    """The day `n` days before today."""
    return timezone.localdate() - timedelta(days=n)


LICENCE = {
    "XK_XDR_MC": "示例县惠民建材有限公司",
    "XK_XDR_LB": "法人及非法人组织",
    "XK_XDR_SHXYM": BUILDER,
    "XK_FRDB": "张明",
    "XK_XKWS": "建筑工程施工许可决定书",
    "XK_XKLB": "普通",
    "XK_NR": "准予施工",
    "XK_YXQZI": "2099-12-31",
    "XK_XKJG": "示例县住房和城乡建设局",
    "XK_XKJGDM": BUILDER,
    "XK_ZT": "有效",
    "XK_LYDW": "示例县住房和城乡建设局",
    "XK_LYDWDM": BUILDER,
}
PENALTY = {
    "CF_XDR_MC": "示例县惠民建材有限公司",
    "CF_XDR_LB": "法人及非法人组织",
    "CF_XDR_SHXYM": BUILDER,
    "CF_FRDB": "张明",
    "CF_WFXW": "未取得施工许可证擅自施工",
    "CF_SY": "经查，当事人在东河路工地擅自施工。",
    "CF_YJ": "建筑工程施工许可管理办法第十二条",
    "CF_CFLB": "罚款",
    "CF_NR": "处罚款贰万元",
    "CF_NR_FK": "2",
    "CF_CFJG": "示例县住房和城乡建设局",
    "CF_CFJGDM": BUILDER,
    "CF_SJLY": "示例县住房和城乡建设局",
    "CF_SJLYDM": BUILDER,
}


def licence(serial: int, **changes: Any) -> dict[str, str]:
    """One sound licence, with changes."""
    day = days_ago(1).isoformat()
    number = f"示住建许〔{days_ago(1).year}〕{serial}号"
    return {**LICENCE, "XK_WSH": number, "XK_JDRQ": day, "XK_YXQZ": day, **changes}


def penalty(serial: int, **changes: Any) -> dict[str, str]:
    """One sound penalty, with changes."""
    number = f"示住建罚〔{days_ago(1).year}〕{serial}号"
    return {**PENALTY, "CF_WSH": number, "CF_JDRQ": days_ago(1).isoformat(), **changes}


def table(source: str, *rows: dict[str, str], name: str = "报送.csv") -> SimpleUploadedFile:
    """A CSV file with every column of the source."""
    columns = intake.source(source).kept
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([column.header for column in columns])
    writer.writerows([row.get(column.field, "") for column in columns] for row in rows)
    return SimpleUploadedFile(name, out.getvalue().encode(), content_type="text/csv")
