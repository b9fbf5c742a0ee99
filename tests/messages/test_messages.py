"""Told once, at the desk and outside; outside never more than a fixed sentence and a link; never given up."""

import email
import email.policy
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from tests.messages.peers import gateway, mail_server
from zhengxin.accounts import actions as accounts
from zhengxin.kernel.actor import Actor
from zhengxin.messages import actions as messages
from zhengxin.messages import queries, rules
from zhengxin.messages.channels import BadChannels, channels
from zhengxin.messages.enums import MessageKind
from zhengxin.messages.models import Attempt, Delivery, Message
from zhengxin.subjects import actions as subjects

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
SYSTEM = Actor.system("测试")
AT = timezone.now()
SECRET = "王小明210321199001011237退回3行"


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    """A home of the test's own, behind a TLS proxy."""
    settings.ZHENGXIN_HOME = tmp_path
    settings.CSRF_TRUSTED_ORIGINS = ["https://xinyong.example"]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return tmp_path


@pytest.fixture
def clerk():
    unit = subjects.register_unit(
        name="示例县水利局", kind="department", code="ZX-T01", at=AT, actor=SYSTEM
    )
    account = accounts.open_account(
        username="shuili", name="韩既白", password="mima-ceshi-2026", at=AT, actor=SYSTEM
    )
    accounts.give_post(
        account_id=account.pk,
        unit_id=unit.pk,
        role="clerk",
        from_on=date(2026, 1, 1),
        at=AT,
        actor=SYSTEM,
    )
    return account


def tell(account=None, key="submission/1", role="", at=AT):
    return messages.tell(
        kind=MessageKind.SUBMISSION_RETURNED, key=key, account_ids=[account.pk] if account else [],
        role=role, subject=SECRET, text=SECRET, link="/desk/submissions/1/", at=at, actor=SYSTEM,
    )  # fmt: skip


def deliver(minutes: float = 0) -> int:
    return messages.deliver(at=AT + timedelta(minutes=minutes), actor=SYSTEM)


def write(home, text: str) -> None:
    (home / "channels.yaml").write_text(text, encoding="utf-8")


def mail(
    port: int, recipients: str = "{account: shuili, channel: smtp, address: hjb@shuili.example}"
) -> str:
    return (
        f"smtp: {{host: 127.0.0.1, port: {port}, from: 政信 <zx@xinyong.example>, security: none}}\n"
        f"recipients:\n- {recipients}\n"
    )


def chat(port: int, channel: str = "chat") -> str:
    return (
        f"{channel}:\n  url: http://127.0.0.1:{port}/hook\n  headers: {{Authorization: Bearer k}}\n"
        "  body: {msgtype: text, text: {content: '{text}{link}'}, to: ['{address}'], id: '{key}'}\n"
        "  answer: {errcode: 0}\n"
        f"recipients:\n- {{role: system_admin, channel: {channel}, address: g1}}\n"
    )


def test_a_message_is_told_once_and_read_by_its_own_account_only(clerk):
    assert (tell(clerk), tell(clerk)) == (1, 0)
    assert queries.unread(clerk.pk) == 1
    message = queries.inbox(clerk.pk).get()
    stranger = Actor(account_id=clerk.pk + 1, name="x", unit_id=None, roles=frozenset())
    mine = Actor(account_id=clerk.pk, name="x", unit_id=None, roles=frozenset())
    assert messages.mark_read(message_ids=[message.pk], at=AT, actor=stranger) == 0
    assert messages.mark_read(message_ids=None, at=AT, actor=SYSTEM) == 0
    assert queries.message_of(clerk.pk + 1, message.pk) is None
    assert messages.mark_read(message_ids=[message.pk], at=AT, actor=mine) == 1
    assert queries.unread(clerk.pk) == 0


def test_mail_goes_out_with_a_fixed_sentence_and_a_link_and_nothing_else(home, clerk):
    with mail_server() as peer:
        write(home, mail(peer.port))
        tell(clerk)
        assert (deliver(), deliver(999)) == (1, 0)
    letter = email.message_from_bytes(peer.got[0].encode(), policy=email.policy.default)
    assert letter["To"] == "hjb@shuili.example"
    assert letter["Subject"] == "政信：有一批报送需要您处理。"
    words = letter.get_content().strip().splitlines()
    assert words == [
        "有一批报送需要您处理。请登录工作台查看。",
        "https://xinyong.example/desk/submissions/1/",
    ]
    assert letter["Message-ID"].endswith("@xinyong.example>")
    assert (Attempt.objects.get().accepted, Attempt.objects.get().answer) == (True, "SMTP 250")


@pytest.mark.parametrize("channel", ["chat", "sms"])
def test_a_gateway_gets_its_own_form_of_json(home, channel):
    with gateway() as peer:
        peer.body = '{"errcode": 0}'
        write(home, chat(peer.port, channel))
        tell(role="system_admin")
        assert deliver() == 1
    assert peer.got == [
        {
            "msgtype": "text",
            "text": {
                "content": "有一批报送需要您处理。请登录工作台查看。https://xinyong.example/desk/submissions/1/"
            },
            "to": ["g1"],
            "id": "submission/1/system_admin",
        }
    ]
    assert peer.headers[0]["Authorization"] == "Bearer k"


def test_a_gateway_that_says_no_politely_has_not_taken_it(home):
    with gateway() as peer:
        write(home, chat(peer.port))
        tell(role="system_admin")
        for body in ('{"errcode": 310000}', "OK", "[]"):
            peer.body = body
            assert deliver(60 * 24 * len(peer.got)) == 0
        assert Delivery.objects.get().state == "waiting"
        peer.body = '{"errcode": 0, "errmsg": "ok"}'
        assert deliver(60 * 24 * 9) == 1
    assert len(peer.got) == 4


def test_an_outage_loses_nothing_and_is_told(home, clerk):
    with gateway() as peer:
        write(home, chat(peer.port))
        peer.status, peer.body = 503, '{"errcode": 0}'
        for number in range(3):
            tell(role="system_admin", key=f"submission/{number}")
        # A way that is closed is knocked at once a round, not once a message.
        assert (deliver(), len(peer.got)) == (0, 1)
        assert queries.stuck() == []
        for hour in range(1, 24):
            deliver(60 * hour)
        assert [each.channel for each in queries.stuck()] == ["chat"]
        assert queries.outbox() == 3
        peer.status = 200
        assert deliver(60 * 48) == 3
    assert (queries.stuck(), queries.outbox()) == ([], 0)
    assert Attempt.objects.filter(accepted=False).exclude(answer="HTTP 503").count() == 0


def test_nobody_listening_is_no_error_of_the_program(home):
    with gateway() as peer:
        port = peer.port
    write(home, chat(port))
    tell(role="system_admin")
    assert deliver() == 0
    assert Attempt.objects.get().answer == "ConnectError"


def test_one_bad_address_does_not_stop_the_others(home, clerk):
    with mail_server() as peer:
        write(home, mail(peer.port))
        peer.recipient = 550
        tell(clerk)
        assert deliver() == 0
        assert Attempt.objects.get().answer == "SMTP 550"
        peer.recipient = 250
        tell(clerk, key="submission/2")
        assert deliver() == 1
        peer.greeting = 554
        tell(clerk, key="submission/3")
        assert deliver() == 0
    assert Attempt.objects.order_by("-id").first().answer == "SMTP 554"


def test_an_address_taken_out_of_the_file_is_dropped_and_says_so(home, clerk):
    write(home, mail(9))
    tell(clerk)
    deliver()
    write(home, mail(9, "{account: shuili, channel: smtp, address: new@shuili.example}"))
    deliver(60)
    assert Delivery.objects.get().state == "dropped"
    assert Attempt.objects.order_by("-id").first().answer == "not in channels.yaml"


def test_a_message_reaches_the_desk_though_the_file_is_wrong(home, clerk):
    write(home, "smtp: [")
    assert tell(clerk) == 1
    with pytest.raises(BadChannels):
        deliver()
    with mail_server() as peer:
        write(home, mail(peer.port))
        assert deliver() == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("smtp: [", "不是YAML"),
        ("fax: {}", "fax"),
        ("smtp: {host: mail.example, port: 25, from: a@b.c, security: none}", "只能在本机"),
        ("smtp: {host: mail.example, port: x, from: a@b.c}", "端口"),
        ("smtp: {port: 25, from: a@b.c}", "host"),
        ("chat: {url: 'http://gateway.example/', body: {}}", "https"),
        ("chat: {url: 'https://gateway.example/'}", "body"),
        ("recipients: [{role: clerk, channel: smtp, address: a@b.c}]", "没有写设置"),
        (chat(9).replace("role: system_admin", "role: king"), "岗位"),
        (chat(9).replace("role: system_admin, ", ""), "岗位"),
        ("recipients: yes", "列表"),
        ("- smtp", "名称: 值"),
    ],
)
def test_a_wrong_file_is_refused_with_the_reason(home, text, why):
    write(home, text)
    with pytest.raises(BadChannels, match=why):
        channels()


def test_pauses_grow_and_end_at_six_hours():
    pauses = [rules.pause_after(tries) for tries in range(1, 30)]
    assert pauses[:3] == [timedelta(minutes=m) for m in (1, 2, 4)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == rules.LONGEST == timedelta(hours=6)


def test_tries_cannot_be_changed(home):
    write(home, chat(9))
    tell(role="system_admin")
    deliver()
    table = Attempt._meta.db_table
    for statement in (f"UPDATE {table} SET accepted = true", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Message.objects.count() == 1
