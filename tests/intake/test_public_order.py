"""Penalties under the law on public order are known by any spelling of it, in any column."""

import pytest

from tests.intake.files import sound_row
from tests.intake.test_submissions import drafts, rows_of, send
from zhengxin.kernel.actor import Actor

pytestmark = [
    pytest.mark.django_db(databases=["default", "keys"]),
    pytest.mark.usefixtures("store"),
]


@pytest.mark.parametrize(
    "basis",
    [
        "《中华人民共和国治安管理\n处罚法》第二十三条",
        "治安管理 处罚法",
        "治安管理处罚条例",
        "治安处罚法",
        "《治罚法》第四十三条",
        "《治安管理》处罚法",
        "治安管理、处罚法",
        "治安管理\u200b处罚法",
        "治安管理處罰法",
        "治安管理行为处罚法",
        "治安管理惩罚法",
        "中华人民共和国治安管理法第二十六条",
        "《治安法》第四十九条",
        "治管法第五十条",
        "治安管理条例第十条",
        "冶安管理处罚法第二十条",
        "治安管埋处罚法第二十条",
        "治安管理違法第三条",
    ],
)
def test_a_public_order_penalty_is_known_however_its_law_is_written(
    clerk: Actor, basis: str
) -> None:
    submission = send(rows_of(sound_row(1, CF_YJ=basis)), clerk)
    [draft] = drafts(submission)
    assert "public_order" in str(draft["trait"]).split(";")


@pytest.mark.parametrize(
    ("changed", "sealed"),
    [
        ({"CF_WSH": "示公（治）行罚决字〔2026〕502号"}, True),
        ({"CF_WFXW": "违反治安管理行为"}, True),
        ({"CF_SY": "依照《治安管理处罚法》查明殴打他人"}, True),
        ({"CF_WFXW": "治安违法行为"}, True),
        ({"CF_WFXW": "违反治安管理处罚法的行为"}, True),
        ({"CF_WFXW": "依治安管理处罚法处理"}, True),
        ({"CF_NR": "依据治安管理处罚法罚款60000元"}, True),
        ({"BZ": "治安管理处罚法案件"}, True),
        ({"CF_WSH": "示公（治安）行罚决字〔2026〕51号"}, True),
        ({"CF_WSH": "示公（治）决字〔2026〕55号"}, True),
        ({"CF_YJ": "《旅馆业治安管理条例》《企业事业单位内部治安保卫条例》第十九条"}, False),
        ({"CF_YJ": "《社会治安综合治理条例》"}, False),
        ({"BZ": "社会治安法治宣传"}, False),
        ({"CF_YJ": "《大气污染防治法》第九十九条、《安全生产法》"}, False),
        ({"CF_YJ": "《水污染防治法》《安全管理条例》处罚办法"}, False),
        ({"CF_WSH": "示公交罚〔2026〕5号"}, False),
    ],
)
def test_a_public_order_penalty_is_known_by_its_other_columns(
    clerk: Actor, changed: dict[str, str], sealed: bool
) -> None:
    [draft] = drafts(send(rows_of(sound_row(1, **changed)), clerk))
    assert ("public_order" in str(draft["trait"]).split(";")) is sealed
