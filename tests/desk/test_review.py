"""A record that resembles a withheld one waits until a reviewer says which it is."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.desk.conftest import County
from tests.desk.rows import days_ago, licence
from tests.desk.test_discretion import own_keys as own_keys
from tests.desk.test_discretion import send
from tests.factors import DeskClient
from zhengxin.publication.models import Notice

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])


def test_a_reviewer_settles_what_resembles_a_withheld_record(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    first = send(county, "licences", licence(1)).id
    reviewer = signed_in("fuhe")
    day = (timezone.localdate() + timedelta(days=30)).isoformat()
    closed = {"reason": "privacy", "because": "当事人申请", "review_on": day}
    assert reviewer.sign(f"/desk/release/{first}/withhold/", closed).status_code == 302
    # Nothing but a record under review can be let through.
    opened = {"reason": "", "because": "另一份文书"}
    assert reviewer.sign(f"/desk/release/{first}/withhold/", opened).status_code != 302
    respelt = send(county, "licences", licence(2, XK_WSH=f"示住建许{days_ago(1).year}第001號")).id
    other = send(county, "licences", licence(3)).id
    listed = reviewer.get("/desk/notices/").content.decode()
    for entry in (respelt, other):
        assert Notice.objects.get(entry_id=entry).withheld == "review"
        assert f"/desk/release/{entry}/withhold/" in listed
        assert "待复核" in reviewer.get(f"/desk/notices/{entry}/").content.decode()
    path = f"/desk/release/{other}/withhold/"
    assert "可以公示" in reviewer.get(path).content.decode()
    without_day = reviewer.sign(path, {"reason": "privacy", "because": "同一份", "review_on": ""})
    assert "请填写复核日期" in without_day.content.decode()
    answer = reviewer.sign(path, {"reason": "show", "because": "另一份文书"})
    assert answer.status_code == 302, answer.content.decode()
    assert Notice.objects.get(entry_id=other).state == "scheduled"
    same = f"/desk/release/{respelt}/withhold/"
    assert reviewer.sign(same, closed).status_code == 302
    assert Notice.objects.get(entry_id=respelt).withheld == "privacy"
    assert "等人复核的" not in reviewer.get("/desk/notices/").content.decode()
