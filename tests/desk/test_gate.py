"""Who comes in, by which post, to which page; what a refusal looks like and leaves behind."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.desk.conftest import FROM, PASSWORD, SYSTEM, County
from tests.factors import DeskClient
from zhengxin.accounts import actions as accounts
from zhengxin.audit.models import AuditLine

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])

ALL = {"jingban", "fuze", "shichang", "xinyong", "fuhe", "jiandu", "xitong", "baomi", "shenji"}
RECORDS = ALL - {"xitong", "baomi", "shenji"}
# Page -> who may open it.
ROLES = {
    "/desk/": ALL,
    "/desk/account/": ALL,
    "/desk/account/sessions/": ALL,
    "/desk/account/delegations/": ALL,
    "/desk/accounts/": {"xitong", "baomi", "shenji"},
    "/desk/accounts/open/": {"xitong"},
    "/desk/submissions/": RECORDS,
    "/desk/submissions/new/": {"jingban", "fuze", "shichang", "xinyong"},
    "/desk/submissions/new/licences/": {"jingban", "fuze"},
    "/desk/submissions/new/licences/row/": {"jingban", "fuze"},
    "/desk/quality/": RECORDS,
    "/desk/attribution/": {"xinyong", "fuhe"},
    "/desk/grading/": {"xinyong", "fuhe"},
    "/desk/release/": {"fuhe"},
    "/desk/files/": RECORDS,
    "/desk/agreements/": RECORDS,
    "/desk/agreements/new/": {"xinyong"},
    "/desk/recipients/": {"xinyong"},
    "/desk/messages/": ALL,
    "/desk/health/": {"xitong"},
    "/desk/audit/": {"shenji"},
    "/desk/audit/export/": {"shenji"},
}


@pytest.mark.parametrize("path", ROLES)
def test_every_page_opens_for_its_roles_only_and_logs_the_others(
    path: str, county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    for username in sorted(ALL):
        before = AuditLine.objects.filter(outcome="refused").count()
        answer = signed_in(username).get(path)
        after = AuditLine.objects.filter(outcome="refused").count()
        if username in ROLES[path]:
            assert (answer.status_code, after) == (200, before), username
        else:
            assert (answer.status_code, after) == (403, before + 1), username
            assert "怎么办：" in answer.content.decode()


@pytest.mark.parametrize("path", ROLES)
def test_a_stranger_is_asked_to_sign_in_and_comes_back(path: str, county: County) -> None:
    answer = Client().get(path)
    assert answer.status_code == 302
    assert answer["Location"] == f"/desk/sign-in/?next={path}"


def test_the_navigation_shows_exactly_the_pages_that_open(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    for username in sorted(ALL):
        shown = signed_in(username).get("/desk/").content.decode().split("</header>")[0]
        for path, who in ROLES.items():
            if path.count("/") == 3 and path != "/desk/":
                assert (f'href="{path}"' in shown) == (username in who), (username, path)


def test_sign_in_out_and_failures_are_logged(county: County) -> None:
    client = Client()
    wrong = client.post("/desk/sign-in/", {"username": "jingban", "password": "bu-dui-2026"})
    assert wrong.status_code == 422
    assert "账号或密码不对" in wrong.content.decode()
    right = client.post(
        "/desk/sign-in/",
        {"username": "jingban", "password": PASSWORD, "next": "/desk/quality/"},
    )
    assert right["Location"] == "/desk/quality/"
    assert client.get("/desk/").status_code == 200
    assert client.post("/desk/sign-out/")["Location"] == "/desk/sign-in/"
    assert client.get("/desk/").status_code == 302
    outcomes = AuditLine.objects.filter(act="account.sign_in").order_by("id")
    assert [line.outcome for line in outcomes] == ["refused", "done", "done"]
    assert PASSWORD not in str(list(outcomes.values()))


def test_the_way_onward_never_leaves_the_site(county: County) -> None:
    answer = Client().post(
        "/desk/sign-in/",
        {"username": "jingban", "password": PASSWORD, "next": "https://example.org/"},
    )
    assert answer["Location"] == "/desk/"


def test_no_account_is_shown_where_none_is_invented(county: County) -> None:
    page = Client().get("/desk/sign-in/").content.decode()
    assert "jingban" not in page
    assert "演示账号" not in page


def test_signing_out_needs_a_post(county: County, signed_in: Callable[[str], DeskClient]) -> None:
    assert signed_in("jingban").get("/desk/sign-out/").status_code == 405


def test_forms_without_their_token_are_refused(county: County) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(county.accounts["xinyong"])
    sent = {"name": "某银行", "contact": "3001", "purpose": "授信"}
    assert client.post("/desk/recipients/", sent).status_code == 403
    client.force_login(county.accounts["jingban"])
    assert client.post("/desk/submissions/new/licences/", {}).status_code == 403


def test_an_account_with_several_posts_chooses_one(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    accounts.give_post(
        account_id=county.accounts["jingban"].pk,
        unit_id=county.units["县市场监管局"],
        role="clerk",
        from_on=FROM,
        at=timezone.now(),
        actor=SYSTEM,
    )
    client = signed_in("jingban")
    assert client.get("/desk/")["Location"] == "/desk/post/"
    posts = list(county.accounts["jingban"].posts.order_by("id"))
    assert client.post("/desk/post/", {"post": posts[1].pk})["Location"] == "/desk/"
    assert "示例县市场监督管理局" in client.get("/desk/").content.decode().split("zx-who")[1][:60]
    # Another account's post cannot be taken.
    other = county.accounts["shenji"].posts.get()
    assert client.post("/desk/post/", {"post": other.pk}).status_code == 200
    assert client.get("/desk/audit/").status_code == 403


def test_a_post_that_ended_opens_nothing(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    accounts.end_post(
        post_id=county.accounts["jingban"].posts.get().pk,
        last_day=timezone.localdate() - timedelta(days=1),
        at=timezone.now(),
        actor=SYSTEM,
    )
    answer = signed_in("jingban").get("/desk/submissions/")
    assert answer.status_code == 403
    assert "没有在任的岗位" in answer.content.decode()


def test_the_password_is_changed_with_the_old_one_and_the_session_stays(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    client = signed_in("jingban")
    new = "xin-de-mima-2027"
    wrong = client.post("/desk/account/", {"old": "bu-dui", "new": new, "again": new + "x"})
    assert wrong.status_code == 422
    page = wrong.content.decode()
    assert "现在的密码不对。" in page
    assert 'id="id_old_error"' in page
    done = client.post("/desk/account/", {"old": PASSWORD, "new": new, "again": new})
    assert done.status_code == 302
    assert client.get("/desk/account/").status_code == 200
    county.accounts["jingban"].refresh_from_db()
    assert county.accounts["jingban"].check_password(new)


def test_pages_are_not_kept_by_the_browser(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    answer = signed_in("jingban").get("/desk/")
    assert "no-store" in answer["Cache-Control"]
    assert "'self'" in answer["Content-Security-Policy"]
    assert "style=" not in answer.content.decode()


def test_the_address_of_a_form_opens_a_page_that_says_so(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    answer = signed_in("jingban").get("/desk/messages/read/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "这个地址不能直接打开" in answer.content.decode()
