"""From the first start of a real county to a closed account, through the doors.

The first link, three administrators, a clerk invited and given a post, a leader's leave, the end.
"""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
import requests
from django.utils import timezone

from tests.homes import Home, new_home

pytestmark = pytest.mark.sqlite_story
UNIT = "台安县住房和城乡建设局"
SECRET = re.compile(r'class="zx-key">([A-Z2-7 ]+)<')
LINK = re.compile(r"https?://[^\s<\"]*/desk/(?:first|invitation)/[\w-]+/")
PASSWORD = "zhe-shi-mima-2026"


class Browser:
    """One person's browser, without scripts."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.session = requests.Session()
        self.session.trust_env = False
        self.secret, self.step = "", 0

    def get(self, path: str) -> requests.Response:
        return self.session.get(self._whole(path), timeout=30)

    def send(self, path: str, **said: object) -> requests.Response:
        """Opens the page, fills in its form, sends it; follows to the next page."""
        page = self.get(path).text
        to = str(said.pop("to", path))
        tokens = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        said["csrfmiddlewaretoken"] = tokens[-1]
        return self.session.post(
            self._whole(to), data=said, headers={"Referer": self._whole(path)}, timeout=30
        )

    def sign_in(self, username: str, password: str = PASSWORD) -> requests.Response:
        """By password; with an app where the account has one, which an administrator is led to enrol."""
        page = self.send("/desk/sign-in/", username=username, password=password)
        if page.url.endswith("/account/factors/"):
            page = self.enrol()
        if "/sign-in/factor/" in page.url:
            page = self.send("/desk/sign-in/factor/", code=self._code())
        return page

    def enrol(self) -> requests.Response:
        """An app that reads the secret off the page."""
        page = self.send("/desk/account/factors/", name="手机", to="/desk/account/factors/app/")
        self.secret = SECRET.search(page.text)[1].replace(" ", "")
        self.send("/desk/account/factors/app/confirm/", code=self._code())
        return self.get("/desk/")

    def _code(self) -> str:
        """A code that passes now and was not used."""
        step = max(int(time.time()) // 30 - 1, self.step + 1)
        self.step = step
        return pyotp.TOTP(self.secret).at(step * 30)

    def _whole(self, path: str) -> str:
        return path if path.startswith("http") else self.address + path


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with new_home(tmp_path_factory.mktemp("first")) as made:
        yield made


def number_of(home: Home, model: str, **which: object) -> int:
    """The key of one row."""
    return int(
        home.ask(
            f"from zhengxin.accounts.models import {model}\n"
            f"answer = {model}.objects.get(**{which!r}).pk"
        )
    )


def test_the_story_of_a_countys_accounts(home: Home, tmp_path: Path) -> None:
    printed = home.run("init", "taian")
    dead = LINK.findall(printed)
    assert len(dead) == 1
    log = tmp_path / "serve.log"
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with log.open("w") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "zhengxin", "serve", "--port", str(port), "--workers", "1"],
            env=home.environment,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        first = wait_for_link(log, address)
        _story(home, address, dead[0].split("/desk/")[1], first)
    finally:
        server.terminate()
        server.wait(timeout=30)
    # With accounts there is no first link any more.
    assert not LINK.search(home.run("init", "taian"))


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def wait_for_link(log: Path, address: str) -> str:
    for _ in range(600):
        found = LINK.search(log.read_text(encoding="utf-8"))
        try:
            if found and requests.get(f"{address}/", timeout=10).ok:
                return found[0]
        except requests.ConnectionError:
            pass
        time.sleep(0.1)
    raise AssertionError(log.read_text(encoding="utf-8"))


def _story(home: Home, address: str, dead: str, first: str) -> None:
    system, security, audit, clerk, leader = (Browser(address) for _ in range(5))
    # The link that init printed ended when the server printed its own.
    assert system.get(f"/desk/{dead}").status_code == 410
    office = re.search(r'<option value="(\d+)" selected>', system.get(first).text)
    assert office
    said = {"unit": office[1], "password": PASSWORD, "again": PASSWORD}
    opened = system.send(first, name="陆维", username="luwei", **said)
    links = LINK.findall(opened.text)
    assert len(links) == 2
    assert system.get(first).status_code == 410
    assert "已是另一名管理员" in security.send(links[0], name="陆维", username="lu2", **said).text
    assert (
        "您已是安全保密管理员"
        in security.send(links[0], name="严守", username="yanshou", **said).text
    )
    assert "您已是审计管理员" in audit.send(links[1], name="顾明", username="guming", **said).text
    for browser, username in ((system, "luwei"), (security, "yanshou"), (audit, "guming")):
        assert browser.sign_in(username).url == f"{address}/desk/"

    # A clerk and a leader are invited by the one, given posts by the other.
    unit = home.ask(
        "from django.utils import timezone\nfrom zhengxin.subjects import queries\n"
        f"answer = queries.unit_by_name({UNIT!r}, timezone.localdate()).id"
    )
    for browser, name, username, role in (
        (clerk, "林禾", "linhe", "clerk"),
        (leader, "周远山", "yuanshan", "leader"),
    ):
        link = LINK.search(system.send("/desk/accounts/open/", name=name, username=username).text)
        assert link
        assert "密码已设定" in browser.send(link[0], password=PASSWORD, again=PASSWORD).text
        give = f"/desk/accounts/{number_of(home, 'Account', username=username)}/give-post/"
        assert system.get(give).status_code == 403
        done = security.send(give, role=role, unit=unit, from_on=timezone.localdate())
        assert "岗位已登记" in done.text
        assert browser.sign_in(username).status_code == 200

    # The leader goes on leave; the clerk acts for him in his own name.
    post = number_of(home, "Post", account__username="yuanshan")
    account = number_of(home, "Account", username="linhe")
    delegated = leader.send(
        f"/desk/posts/{post}/delegate/",
        delegate=account,
        from_on=timezone.localdate(),
        until_on=timezone.localdate() + timedelta(days=3),
        because="年休假",
    )
    assert "已委托给林禾" in delegated.text
    assert "林禾代周远山，单位负责人" in clerk.send("/desk/post/", post=post).text
    # Whoever stands in for a leader proves a second factor first, and then still is no administrator.
    assert clerk.get("/desk/accounts/").url.endswith("/account/factors/")
    clerk.enrol()
    assert clerk.get("/desk/accounts/").status_code == 403

    # The clerk leaves the service: closed, out at once, and everything stands in the log.
    closed = system.send(f"/desk/accounts/{account}/close/", confirmed="on")
    assert "登录已失效" in closed.text
    out = clerk.get("/desk/")
    assert out.url.startswith(f"{address}/desk/sign-in/")
    assert "这个账号已停用" in out.text
    assert "账号或密码不对" in clerk.sign_in("linhe").text
    told = audit.get("/desk/audit/").text
    for words in ("停用账号", "委托岗位", "登记岗位", "本人设定密码", "代谁：周远山"):
        assert words in told, words
    stored = home.ask(
        "from zhengxin.accounts.models import Invitation, Session\n"
        "answer = [list(Invitation.objects.values()), list(Session.objects.values())]"
    )
    assert first.split("/")[-2] not in str(stored)
    listed = home.run("account", "list", "--all")
    assert re.search(r"linhe\t林禾\t已停用", listed)


def test_the_command_line_does_the_same(home: Home) -> None:
    link = LINK.search(home.run("account", "invite", "mengqiu", "--name", "孟秋"))
    assert link
    assert "已登记" in home.run("account", "post", "mengqiu", "--unit", UNIT, "--role", "clerk")
    assert "同一时期已是" in home.run(
        "account", "post", "mengqiu", "--unit", UNIT, "--role", "clerk", fails=True
    )
    assert f"{UNIT} 报送经办人" in home.run("account", "list")
    last = timezone.localdate() + timedelta(days=2)
    ended = home.run(
        "account", "end-post", "mengqiu", "--unit", UNIT, "--role", "clerk", "--last-day", last
    )
    assert f"{last}结束" in ended
    assert "没有这个在任的岗位" in home.run(
        "account", "end-post", "mengqiu", "--unit", UNIT, "--role", "leader", fails=True
    )
    assert "已停用" in home.run("account", "close", "mengqiu", "--yes")
    assert "没有账号“nobody”" in home.run("account", "close", "nobody", "--yes", fails=True)
    assert "已停用" in home.run("account", "invite", "mengqiu", fails=True)
    taken = home.run("account", "invite", "--administrator", "audit_admin", fails=True)
    assert "已经有过审计管理员" in taken
