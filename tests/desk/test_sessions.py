"""How long and in how many browsers one stays signed in; a password that grows old."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.desk.conftest import PASSWORD, County
from zhengxin.accounts.models import Account, Session
from zhengxin.audit.models import AuditLine
from zhengxin.config.sessions import SessionStore

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])


def entered(username: str, browser: str = "Firefox/128 Windows") -> Client:
    client = Client(headers={"user-agent": browser})
    answer = client.post("/desk/sign-in/", {"username": username, "password": PASSWORD})
    assert answer["Location"] == "/desk/"
    assert client.get("/desk/").status_code == 200
    return client


def moved(**times) -> None:
    """The sessions as if they had begun or been used earlier."""
    assert Session.objects.filter(begun_at__isnull=False).update(**times)


def test_a_session_idle_too_long_ends_and_says_so(county: County) -> None:
    client = entered("jingban")
    moved(seen_at=timezone.now() - settings.SESSION_IDLE + timedelta(seconds=20))
    assert client.get("/desk/").status_code == 200
    # Being used moved the time on.
    assert Session.objects.get().seen_at > timezone.now() - timedelta(minutes=1)
    moved(seen_at=timezone.now() - settings.SESSION_IDLE)
    answer = client.get("/desk/quality/", follow=True)
    assert answer.redirect_chain == [("/desk/sign-in/?next=/desk/quality/", 302)]
    assert "您离开已久" in answer.content.decode()


def test_what_is_sent_after_the_session_ended_is_said_to_be_lost(county: County) -> None:
    client = entered("jingban")
    moved(seen_at=timezone.now() - settings.SESSION_IDLE)
    answer = client.post("/desk/account/", {"old": "x"}, follow=True)
    assert "刚才提交的没有收下，什么也没有改" in answer.content.decode()
    assert "刚才提交的" not in client.get("/desk/quality/", follow=True).content.decode()


def test_a_session_ends_after_its_whole_time_however_busy(county: County) -> None:
    client = entered("jingban")
    moved(begun_at=timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE))
    assert "已满时限" in client.get("/desk/", follow=True).content.decode()


def test_the_session_is_read_in_one_query_and_written_once_a_minute(county: County) -> None:
    client = entered("jingban")
    with CaptureQueriesContext(connection) as seen:
        client.get("/desk/account/")
    asked = [each["sql"] for each in seen if "accounts_session" in each["sql"]]
    assert len(asked) == 1
    assert asked[0].startswith("SELECT")
    # By its primary key.
    assert '"session_key" = ' in asked[0].split("WHERE")[1]


def test_the_oldest_browser_gives_way_and_both_are_told(county: County) -> None:
    first = entered("jingban")
    for _ in range(settings.SESSIONS_AT_ONCE - 1):
        entered("jingban")
    assert first.get("/desk/").status_code == 200
    last = Client()
    last.post("/desk/sign-in/", {"username": "jingban", "password": PASSWORD})
    assert "最早的1处登录已结束" in last.get("/desk/").content.decode()
    assert "您的账号在别处登录" in first.get("/desk/", follow=True).content.decode()
    assert AuditLine.objects.filter(act="account.end_session", detail__sessions=1).count() == 1


def test_one_sees_the_own_sessions_and_ends_one(county: County) -> None:
    here = entered("jingban", "Chrome/130 Linux")
    there = entered("jingban")
    entered("shichang")
    page = here.get("/desk/account/sessions/").content.decode()
    assert "您现在在2处登录。" in page
    assert "Firefox，Windows" in page
    keys = [each.session_key for each in Session.objects.all()]
    assert not any(key in page for key in keys)
    handle = page.split('name="session" value="')[1].split('"')[0]
    here.post("/desk/account/sessions/", {"session": handle})
    assert "在另一处结束" in there.get("/desk/", follow=True).content.decode()
    assert here.get("/desk/").status_code == 200
    again = here.post("/desk/account/sessions/", {"session": handle}, follow=True)
    assert "已经结束了" in again.content.decode()


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(county: County) -> None:
    here, there = entered("jingban"), entered("jingban")
    new = "xin-de-mima-2026"
    changed = here.post("/desk/account/", {"old": PASSWORD, "new": new, "again": new})
    assert changed.status_code == 302
    assert here.get("/desk/").status_code == 200
    assert "密码已更换，请用新密码" in there.get("/desk/", follow=True).content.decode()


def test_an_ended_session_is_not_revived_by_a_page_under_way(county: County) -> None:
    client = entered("jingban")
    store = SessionStore(client.session.session_key)
    store["under way"] = True
    Session.objects.update(ended_because="by_person")
    with pytest.raises(UpdateError):
        store.save()
    assert Session.objects.get().ended_because == "by_person"


def test_signing_out_leaves_no_session(county: County) -> None:
    client = entered("jingban")
    client.post("/desk/sign-out/")
    assert not Session.objects.exists()


def test_a_password_grows_old_with_a_warning_before(county: County) -> None:
    own = Account.objects.filter(username="jingban")
    days = settings.PASSWORD_DAYS
    own.update(password_set_at=timezone.now() - timedelta(days=days - 3))
    client = Client()
    client.post("/desk/sign-in/", {"username": "jingban", "password": PASSWORD})
    assert "密码还有3天到期" in client.get("/desk/").content.decode()
    own.update(password_set_at=timezone.now() - timedelta(days=days))
    for path in ("/desk/", "/desk/submissions/", "/desk/account/sessions/"):
        assert client.get(path)["Location"] == "/desk/account/"
    assert "请先更换密码再办事" in client.get("/desk/account/").content.decode()
    new = "xin-de-mima-2026"
    client.post("/desk/account/", {"old": PASSWORD, "new": new, "again": new})
    assert client.get("/desk/").status_code == 200


def test_the_public_pages_ask_for_no_session(county: County) -> None:
    client = entered("jingban")
    with CaptureQueriesContext(connection) as seen:
        client.get("/")
    assert not [each for each in seen if "accounts_" in each["sql"]]
