"""A reviewer finds the sealed record, sees nothing of it, and lifts a seal set by mistake."""

from collections.abc import Callable

import pytest

from tests.desk.conftest import County
from tests.desk.rows import penalty
from tests.desk.test_discretion import own_keys as own_keys
from tests.desk.test_discretion import send
from tests.factors import DeskClient
from zhengxin.publication.models import Notice

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
SAID = {"basis": "安全生产法第九十七条；原件第3页", "because": "依据栏误填", "confirmed": "on"}


@pytest.fixture
def shut(county: County) -> int:
    law = {"CF_YJ": "《中华人民共和国治安管理处罚法》第二十三条"}
    return send(county, "penalties", penalty(1, CF_SY="聚众扰乱", **law)).id


def test_a_reviewer_lifts_the_seal_and_sees_nothing_before(
    signed_in: Callable[[str], DeskClient], shut: int
) -> None:
    reviewer = signed_in("fuhe")
    assert 'href="/desk/notices/sealed/"' in reviewer.get("/desk/notices/").content.decode()
    path = f"/desk/notices/{shut}/lift-seal/"
    listed = reviewer.get("/desk/notices/sealed/").content.decode()
    assert f'href="{path}"' in listed
    asked = reviewer.get(path).content.decode()
    for page in (listed, asked, reviewer.get(f"/desk/notices/{shut}/").content.decode()):
        assert "惠民建材" not in page
        assert "聚众扰乱" not in page
        assert "第二十三条" not in page
    for lacking in ("basis", "because", "confirmed"):
        answer = reviewer.sign(path, {**SAID, lacking: ""})
        assert answer.status_code != 302
    assert Notice.objects.get(entry_id=shut).withheld == "public_order"
    assert reviewer.sign(path, SAID)["Location"] == "/desk/notices/sealed/"
    assert Notice.objects.get(entry_id=shut).state == "ungraded"
    assert (
        "没有依治安管理处罚法封存的记录" in reviewer.get("/desk/notices/sealed/").content.decode()
    )
    assert "惠民建材" in reviewer.get(f"/desk/notices/{shut}/").content.decode()
    assert reviewer.get(path).status_code == 404


@pytest.mark.parametrize(
    "who", ["jingban", "fuze", "xinyong", "jiandu", "xitong", "baomi", "shenji"]
)
def test_nobody_else_opens_these_pages(
    signed_in: Callable[[str], DeskClient], shut: int, who: str
) -> None:
    visitor = signed_in(who)
    for path in ("/desk/notices/sealed/", f"/desk/notices/{shut}/lift-seal/"):
        assert visitor.get(path).status_code == 403
    answer = visitor.post(f"/desk/notices/{shut}/lift-seal/", SAID)
    assert answer.status_code == 403
    assert Notice.objects.get(entry_id=shut).withheld == "public_order"
