"""The roll of accounts at the desk: opening by invitation, posts, closing; every refusal is logged."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.desk.conftest import PASSWORD, POSTS, SYSTEM, County
from zhengxin import journey
from zhengxin.accounts import actions
from zhengxin.accounts.models import Account, Invitation, Post
from zhengxin.audit.models import AuditLine
from zhengxin.messages.models import Message

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])

LINK = re.compile(r"http://(?:testserver|localhost)(/desk/invitation/[\w-]+/)")
NEW = "xin-de-mima-2026"


def link_in(answer) -> str:
    """The link made by a form: on the page to which it leads, once."""
    assert answer.redirect_chain == [("/desk/accounts/link/", 302)]
    assert answer.status_code == 200
    found = LINK.search(answer.content.decode())
    assert found
    return found[1]


def test_a_person_is_invited_given_a_post_and_closed(
    county: County, signed_in: Callable[[str], Client]
) -> None:
    system, security = signed_in("xitong"), signed_in("baomi")
    link = link_in(
        system.post("/desk/accounts/open/", {"name": "沈言", "username": "shenyan"}, follow=True)
    )
    person, account = Client(), Account.objects.get(username="shenyan")
    page = person.get(link).content.decode()
    assert "沈言，请设定您的密码。" in page
    # Looking does not use the link up, nor do two different spellings.
    assert person.post(link, {"password": NEW, "again": "x"}).status_code == 422
    assert person.post(link, {"password": "short", "again": "short"}).status_code == 422
    assert person.post(link, {"password": NEW, "again": NEW})["Location"] == "/desk/sign-in/"
    assert person.get(link).status_code == 410
    # Without a post nobody comes in.
    assert person.post("/desk/sign-in/", {"username": "shenyan", "password": NEW})["Location"]
    assert person.get("/desk/").status_code == 403
    given = security.post(
        f"/desk/accounts/{account.pk}/give-post/",
        {"role": "clerk", "unit": county.units["县市场监管局"], "from_on": timezone.localdate()},
    )
    assert given["Location"] == f"/desk/accounts/{account.pk}/"
    assert person.get("/desk/").status_code == 200
    assert "沈言" in system.get("/desk/accounts/", {"q": "市场监督"}).content.decode()
    close = f"/desk/accounts/{account.pk}/close/"
    assert system.post(close, {}).status_code == 422
    assert system.post(close, {"confirmed": "on"})["Location"] == f"/desk/accounts/{account.pk}/"
    assert "这个账号已停用" in person.get("/desk/", follow=True).content.decode()
    acts = AuditLine.objects.filter(object_id=str(account.pk)).values_list("act", "outcome")
    assert list(acts.order_by("id")) == [
        ("account.open", "done"),
        ("account.invite", "done"),
        ("account.set_password", "done"),
        ("account.give_post", "done"),
        ("account.close", "done"),
    ]
    told = str(list(AuditLine.objects.values())) + str(list(Invitation.objects.values()))
    assert NEW not in told
    assert link.split("/")[-2] not in told


def test_reset_and_reopening_give_a_new_link(
    county: County, signed_in: Callable[[str], Client]
) -> None:
    system, account = signed_in("xitong"), county.accounts["jingban"]
    clerk = signed_in("jingban")
    clerk.get("/desk/")
    invite = f"/desk/accounts/{account.pk}/invite/"
    assert system.post(invite, {}).status_code == 422
    link_in(system.post(invite, {"confirmed": "on"}, follow=True))
    # Its person and the security administrators are told, and by whom.
    told = Message.objects.filter(kind="account_changed", subject__contains="密码被重设")
    assert {m.account.username if m.account else m.role for m in told} == {
        "jingban",
        "baomi",
        "security_admin",
    }
    by = county.accounts["xitong"].name
    assert all(f"由{by}办理" in m.text for m in told)
    assert "重设了您的账号" in clerk.get("/desk/", follow=True).content.decode()
    entered = clerk.post("/desk/sign-in/", {"username": "jingban", "password": PASSWORD})
    assert entered.status_code == 422
    journey.close_account(account_id=account.pk, at=timezone.now(), actor=SYSTEM)
    link_in(system.post(f"/desk/accounts/{account.pk}/reopen/", follow=True))
    # The page shows it once.
    assert system.get("/desk/accounts/link/")["Location"] == "/desk/accounts/"


def test_three_administrators_share_the_work(
    county: County, signed_in: Callable[[str], Client]
) -> None:
    account, post = county.accounts["jingban"], Post.objects.get(account__username="jingban")
    by_system = ["/desk/accounts/open/", *(
        f"/desk/accounts/{account.pk}/{verb}/" for verb in ("invite", "close", "reopen")
    )]  # fmt: skip
    by_security = [
        f"/desk/accounts/{account.pk}/give-post/",
        f"/desk/posts/{post.pk}/end/",
        f"/desk/posts/{post.pk}/hand-over/",
    ]
    for paths, may in ((by_system, "xitong"), (by_security, "baomi")):
        for username in ("xitong", "baomi", "shenji", "xinyong", "fuze"):
            client = signed_in(username)
            for path in paths:
                refused = client.post(path, {}).status_code == 403
                assert refused == (username != may), (path, username)
    # Nobody gives a post to the own account, and an administrator's account is not taken away.
    own = f"/desk/accounts/{county.accounts['baomi'].pk}/give-post/"
    assert signed_in("baomi").get(own).status_code == 403
    taken = signed_in("xitong").post(
        f"/desk/accounts/{county.accounts['shenji'].pk}/close/", {"confirmed": "on"}
    )
    assert taken.status_code == 422
    assert "互相制约" in taken.content.decode()
    line = AuditLine.objects.latest("id")
    assert (line.act, line.outcome) == ("account.close", "refused")
    assert "互相制约" in line.detail["why"]


def test_ending_and_handing_over_a_post(county: County, signed_in: Callable[[str], Client]) -> None:
    security, post = signed_in("baomi"), Post.objects.get(account__username="jingban")
    hand_over = f"/desk/posts/{post.pk}/hand-over/"
    today = timezone.localdate()
    nobody = security.post(hand_over, {"successor": "nobody", "last_day": today})
    assert "没有这个账号名" in nobody.content.decode()
    same = security.post(hand_over, {"successor": "jingban", "last_day": today})
    assert "就是现在的任职人" in same.content.decode()
    done = security.post(hand_over, {"successor": "shichang", "last_day": today}, follow=True)
    assert "已移交，孟秋从" in done.content.decode()
    new = Post.objects.latest("id")
    assert (new.account.username, new.from_on) == ("shichang", today + timedelta(days=1))
    end = f"/desk/posts/{new.pk}/end/"
    assert security.post(end, {"last_day": today}).status_code == 422
    assert security.post(end, {"last_day": new.from_on}).status_code == 302
    assert AuditLine.objects.filter(act="account.hand_over_post", detail__successor=new.account_id)


def test_the_page_lists_searches_and_pages_in_few_queries(
    county: County, signed_in: Callable[[str], Client], django_assert_max_num_queries
) -> None:
    at = timezone.now()
    for n in range(70):
        actions.open_account(
            username=f"person{n:02}", name=f"某人{n}", password=None, at=at, actor=SYSTEM
        )
    client = signed_in("shenji")
    client.get("/desk/accounts/")
    with django_assert_max_num_queries(14):
        page = client.get("/desk/accounts/").content.decode()
    assert f"{len(POSTS)}个账号在用，70个等本人设密码。" in page
    assert f"共{len(POSTS) + 70}个" in page
    assert "开通账号" not in page
    assert (
        client.get("/desk/accounts/", {"page": 3}).content.decode().count("<tr>") == len(POSTS) + 11
    )
    found = client.get("/desk/accounts/", {"q": "person6", "state": "invited"}).content.decode()
    assert found.count('<th scope="row">') == 10
    empty = client.get("/desk/accounts/", {"q": "没有的人"}).content.decode()
    assert "没有符合筛选的账号" in empty


def test_what_is_not_there(county: County, signed_in: Callable[[str], Client]) -> None:
    system, security = signed_in("xitong"), signed_in("baomi")
    for number in (0, 10**12, 10**30):
        assert system.get(f"/desk/accounts/{number}/").status_code == 404
        assert system.get(f"/desk/accounts/{number}/close/").status_code == 404
        assert security.get(f"/desk/posts/{number}/end/").status_code == 404
        assert security.get(f"/desk/posts/{number}/delegate/").status_code == 404
        assert security.post(f"/desk/delegations/{number}/end/").status_code == 404
    assert system.post("/desk/accounts/invite/boss/").status_code == 404


def test_an_unknown_link_is_refused_and_logged(county: County) -> None:
    for kind in ("first", "invitation"):
        answer = Client().get(f"/desk/{kind}/not-a-token/")
        assert answer.status_code == 410
        assert "怎么办：" in answer.content.decode()
    lines = AuditLine.objects.filter(act="account.link")
    assert {line.outcome for line in lines} == {"refused"}
    assert "not-a-token" not in str(list(lines.values()))


def test_without_units_the_first_page_says_what_to_do() -> None:
    token = journey.issue_first_link(at=timezone.now(), actor=SYSTEM)
    answer = Client().get(f"/desk/first/{token}/")
    assert answer.status_code == 410
    assert "zhengxin init" in answer.content.decode()
