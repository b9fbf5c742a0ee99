"""Leave at the desk: the delegate chooses the post, acts in the own name, and both stand in the log."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.desk.conftest import County
from tests.desk.rows import licence, table
from tests.factors import add_passkey
from zhengxin.accounts.models import Delegation, Post
from zhengxin.audit.models import AuditLine

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])


def asked(county: County, to: str, **changes) -> dict[str, object]:
    today = timezone.localdate()
    return {
        "delegate": county.accounts[to].pk,
        "from_on": today,
        "until_on": today + timedelta(days=5),
        "because": "年休假",
    } | changes


def post_of(username: str) -> Post:
    return Post.objects.get(account__username=username)


def test_a_leader_goes_on_leave(county: County, signed_in: Callable[[str], Client]) -> None:
    # Whoever stands in for a leader proves a second factor like one.
    county.passkeys["jingban"] = add_passkey(county.accounts["jingban"])
    leader, clerk = signed_in("fuze"), signed_in("jingban")
    path = f"/desk/posts/{post_of('fuze').pk}/delegate/"
    page = leader.get(path).content.decode()
    assert "林禾（jingban）" in page
    assert "周远山（fuze）" not in page
    assert "孟秋" not in page
    wrong = leader.post(path, asked(county, "jingban", until_on="2026-01-01"))
    assert "结束日期早于开始日期" in wrong.content.decode()
    done = leader.post(path, asked(county, "jingban"))
    assert done["Location"] == "/desk/account/delegations/"
    assert "委托林禾代行" in leader.get("/desk/account/delegations/").content.decode()
    # The clerk now has two posts to choose from.
    assert clerk.get("/desk/")["Location"] == "/desk/post/"
    assert "代周远山" in clerk.get("/desk/post/").content.decode()
    clerk.post("/desk/post/", {"post": post_of("fuze").pk})
    assert "林禾代周远山，单位负责人" in clerk.get("/desk/").content.decode()
    sent = clerk.post("/desk/submissions/new/licences/", {"file": table("licences", licence(1))})
    assert sent.status_code == 302
    line = AuditLine.objects.get(act="submission.receive")
    assert (line.actor_name, line.account_id) == ("林禾", county.accounts["jingban"].pk)
    assert line.detail["on_behalf_of"] == "周远山"
    assert line.detail["on_behalf_of_account"] == county.accounts["fuze"].pk
    told = signed_in("shenji").get("/desk/audit/").content.decode()
    assert "代谁：周远山" in told
    # Taken back, it is gone at the next page.
    made = Delegation.objects.get()
    ended = leader.post(f"/desk/delegations/{made.pk}/end/", {"next": "/desk/account/delegations/"})
    assert ended["Location"] == "/desk/account/delegations/"
    assert "代周远山" not in clerk.get("/desk/").content.decode()
    assert leader.post(f"/desk/delegations/{made.pk}/end/").status_code == 409


def test_the_way_back_never_leaves_the_site(
    county: County, signed_in: Callable[[str], Client]
) -> None:
    leader = signed_in("fuze")
    leader.post(f"/desk/posts/{post_of('fuze').pk}/delegate/", asked(county, "jingban"))
    made = Delegation.objects.get()
    ended = leader.post(f"/desk/delegations/{made.pk}/end/", {"next": "https://example.org/"})
    assert ended["Location"] == "/desk/account/delegations/"


def test_a_leader_delegates_for_a_clerk_and_others_do_not(
    county: County, signed_in: Callable[[str], Client]
) -> None:
    path = f"/desk/posts/{post_of('jingban').pk}/delegate/"
    for username in ("shichang", "xinyong", "xitong", "shenji"):
        assert signed_in(username).get(path).status_code == 403, username
    assert (
        "林禾，报送经办人" in signed_in("fuze").get("/desk/account/delegations/").content.decode()
    )
    # The choice does not hold the leader, and a forged one is refused.
    forged = signed_in("fuze").post(path, asked(county, "fuze"))
    assert forged.status_code == 422
    assert not Delegation.objects.exists()


def test_the_security_administrator_delegates_by_user_name(
    county: County, signed_in: Callable[[str], Client]
) -> None:
    security, post = signed_in("baomi"), post_of("jingban")
    path = f"/desk/posts/{post.pk}/delegate/"
    nobody = security.post(path, asked(county, "shichang", delegate="nobody"))
    assert "没有这个账号名" in nobody.content.decode()
    done = security.post(path, asked(county, "shichang", delegate="shichang"))
    assert done["Location"] == f"/desk/accounts/{post.account_id}/"
    assert "代林禾" in security.get("/desk/accounts/").content.decode()
    auditor = f"/desk/posts/{post_of('shenji').pk}/delegate/"
    conflict = security.post(auditor, asked(county, "xitong", delegate="xitong"))
    assert "互相制约" in conflict.content.decode()
