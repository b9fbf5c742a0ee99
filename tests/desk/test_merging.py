"""A unit that owes is merged into another, and a leader changes: who owes opens, reports and accepts, at the desk."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.desk.conftest import SYSTEM, County
from tests.factors import DeskClient
from zhengxin import journey
from zhengxin.accounts.models import Post
from zhengxin.duties import standing
from zhengxin.duties.models import Duty
from zhengxin.subjects import actions as subjects

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
SignedIn = Callable[[str], DeskClient]


def merged(county: County, officer: DeskClient) -> None:
    """The housing bureau is merged into the market bureau since the first of the month; confirmed at the desk."""
    line = subjects.record_succession(
        predecessor_id=county.units["县住建局"],
        successor_id=county.units["县市场监管局"],
        kind="merged",
        on=date(2026, 11, 1),
        basis="（虚构）机构改革方案",
        at=timezone.now(),
        actor=SYSTEM,
    )
    assert officer.sign(f"/desk/attribution/succession/{line.pk}/", {}).status_code == 302


def test_whoever_followed_the_bearer_opens_reports_and_is_done(
    county: County, signed_in: SignedIn, owe: Callable[..., int]
) -> None:
    duty_id, officer, clerk = owe(5), signed_in("xinyong"), signed_in("shichang")
    path = f"/desk/duties/{duty_id}/"
    assert clerk.get(path).status_code == 404
    merged(county, officer)
    what = standing.duty(duty_id).what
    assert what in clerk.get("/desk/duties/").content.decode()
    assert f"{path}report/" in clerk.get(path).content.decode()
    assert clerk.post(f"{path}report/", {"words": "已改正。"}).status_code == 302
    assert clerk.get(f"{path}verify/").status_code == 403
    assert officer.sign(f"{path}verify/", {"because": "看过了"}).status_code == 302
    assert standing.duty(duty_id).state == "on_time"
    assert what in clerk.get("/desk/duties/list/?state=ended").content.decode()


def test_a_changed_leader_accepts_what_the_merged_unit_owed_too(
    county: County, signed_in: SignedIn, owe: Callable[..., int]
) -> None:
    today = timezone.localdate()
    # 县市场监管局 gets a leader while nothing is owed, who later hands the post over to 方正言.
    journey.give_post(
        account_id=county.accounts["fuze"].pk,
        unit_id=county.units["县市场监管局"],
        role="leader",
        from_on=date(2026, 1, 1),
        until_on=None,
        at=timezone.now(),
        actor=SYSTEM,
    )
    post = Post.objects.latest("id")
    owe(5)
    merged(county, signed_in("xinyong"))
    said = {"successor": "fuhe", "last_day": today - timedelta(days=1)}
    done = signed_in("baomi").post(f"/desk/posts/{post.pk}/hand-over/", said)
    assert done.status_code == 302, done.content.decode()
    takeover = Duty.objects.get(kind="takeover")
    assert takeover.bearer_id == county.units["县市场监管局"]
    leader = signed_in("fuhe")
    held = county.accounts["fuhe"].posts.get(role="leader")
    leader.post("/desk/post/", {"post": held.pk})
    path = f"/desk/duties/{takeover.pk}/takeover/"
    assert path in leader.get(f"/desk/duties/{takeover.pk}/").content.decode()
    assert "前任留下1项没有办结的职责。" in leader.get(path).content.decode()
    assert leader.sign(path, {"because": "已逐项核对。"}).status_code == 302
    assert standing.duty(takeover.pk).state == "on_time"
