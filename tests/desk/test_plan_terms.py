"""One term of a task of a plan is changed at the desk; the others stay."""

import pytest
from django.utils import timezone

from tests.desk.planned import SignedIn
from tests.desk.planned import own_keys as own_keys
from tests.desk.planned import read as read
from zhengxin.oversight import queries
from zhengxin.oversight.models import Plan

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])


def test_one_term_of_a_task_is_changed_and_the_others_stay(read: Plan, signed_in: SignedIn) -> None:
    client, path = signed_in("xinyong"), f"/desk/plans/{read.pk}/tasks/1/term/"

    def terms() -> list[str]:
        return [term.text for term in queries.draft(read, timezone.localdate()).tasks[0].terms]

    def change(which: str, term: str, day: str = "") -> int:
        said = {"which": which, "term": term, "day": day, "because": "会议议定"}
        return int(client.post(path, said).status_code)

    assert terms() == ["2027年底前"]
    assert change("more", "quarters") == 302
    assert change("more", "none") == 422
    assert terms() == ["2027年底前", "每季度"]
    assert "2027年底前" in client.get(path).content.decode()
    assert change("0 2027年底前", "day", "2028-01-31") == 302
    assert terms() == ["2028年1月31日前", "每季度"]
    # Whoever opened the page before means the term of then: it is not there any more.
    assert change("0 2027年底前", "none") == 422
    assert change("1 每季度", "none") == 302
    assert change("1 每季度", "none") == 422
    assert terms() == ["2028年1月31日前"]
    assert change("more", "years") == 302
    assert change("all", "months") == 302
    assert terms() == ["每月"]
    assert change("0 每月", "none") == 302
    # Where there is no term there is none to choose.
    assert "改哪一条" not in client.get(path).content.decode()
    assert change("", "quarters") == 302
    assert terms() == ["每季度"]
