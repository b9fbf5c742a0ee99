"""Checks of the work itself: the clock, the worker, what waits, what could not be told, what is configured."""

import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from zhengxin.accounts import provider
from zhengxin.accounts import queries as accounts
from zhengxin.audit import queries as audit
from zhengxin.audit.types import Wanted
from zhengxin.intake import queries as intake
from zhengxin.intake.models import Submission
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say
from zhengxin.ledger import queries as ledger
from zhengxin.ledger.vault import queries as vault
from zhengxin.messages import queries as messages
from zhengxin.messages.enums import Channel
from zhengxin.messages.sending import connection
from zhengxin.operations import rules
from zhengxin.operations.beats import read_beat
from zhengxin.operations.enums import Verdict
from zhengxin.operations.types import Finding
from zhengxin.publication.board import queries as board
from zhengxin.rulebook import queries as rulebook
from zhengxin.rulebook.enums import LawStatus
from zhengxin.rulebook.types import Citation
from zhengxin.witnesses.enums import Channel as WitnessChannel
from zhengxin.witnesses.queries import read_witnesses

FOLLOWERS = ("archive", "duties", "publication")
STOPPED_TIMES = 3

OK, WARN, FAIL = Verdict.OK, Verdict.WARN, Verdict.FAIL


def work_findings(now: datetime) -> list[Finding]:
    """What bears on whether the program may serve now."""
    return [
        _keys(),
        rules.clock(now, _last_time()),
        rules.worker(beat := read_beat(settings.ZHENGXIN_HOME), now),
        rules.errands(beat, now),
        published_finding(now),
        calendar_finding(now),
        rules.backlog(unfollowed(), ledger.last_sealed_at(), now),
        rules.stopped(_stopped()),
    ]


def configured_findings(now: datetime, *, reach: bool) -> list[Finding]:
    """What an administrator should put right. With `reach` the mail server is asked whether it answers."""
    return [
        rules.exposure(
            behind_tls=settings.BEHIND_TLS,
            hosts=settings.ALLOWED_HOSTS,
            origins=settings.CSRF_TRUSTED_ORIGINS,
            invented=board.county().invented,
        ),
        rules.proxies(settings.TRUSTED_PROXIES, _signed_in_from(now)),
        _session_key(),
        _provider(reach),
        _accounts(now),
        _law(),
        *_messages(reach),
    ]


def published_finding(now: datetime) -> Finding:
    """The last day on which the board was brought in step."""
    last = board.updated_at()
    return rules.published(timezone.localdate(last) if last else None, timezone.localdate(now))


def calendar_finding(now: datetime) -> Finding:
    """Whether the working days ahead are known."""
    try:
        years = {source.year for source in rulebook.calendar_sources()}
    except Refused as refused:
        return Finding(
            "calendar", say("放假安排"), FAIL, refused.what + refused.why, refused.remedy
        )
    return rules.calendars(years, timezone.localdate(now))


def unfollowed() -> int:
    """How many sealed entries the slowest follower has not seen."""
    return ledger.size() - min(ledger.cursor(name) for name in FOLLOWERS)


def _last_time() -> datetime | None:
    written = [line.at for line in audit.lines(Wanted(), limit=1).lines]
    reserved = ledger.last_reserved_at()
    return max([*written, *([reserved] if reserved else [])], default=None)


def _stopped() -> list[str]:
    rows = Submission.objects.filter(state__in=intake.UNFINISHED).order_by("id")[:200]
    return [
        row.number
        for row in rows
        if (found := intake.interruption(row)) is not None and found.times >= STOPPED_TIMES
    ]


def _keys() -> Finding:
    title = say("密钥")
    if refused := vault.trouble():
        return Finding("keys", title, FAIL, refused.what + refused.why, refused.remedy)
    return Finding("keys", title, OK, say("主密钥在，并且打得开密钥库。"))


def _session_key() -> Finding:
    title = say("会话密钥")
    if len(settings.SECRET_KEY.strip()) < 50:
        return Finding(
            "session_key", title, FAIL, say("keys/session.key太短，会话可能被伪造。"),
            say("请删去keys/session.key再重启，会自动造一个；大家要重新登录。"),
        )  # fmt: skip
    if settings.DEBUG:
        return Finding("session_key", title, FAIL, say("打开了DEBUG，出错时会把内容显示给来访的人。"), say("请在设置里关掉DEBUG。"))  # fmt: skip
    return Finding("session_key", title, OK, say("会话密钥够长，没有打开DEBUG。"))


def _provider(reach: bool) -> Finding:
    title = say("统一身份认证")
    if not settings.OIDC_ISSUER:
        return Finding("provider", title, OK, say("没有设定，只用账号和密码登录。"))
    try:
        who = provider.provider()
        if reach:
            provider.discovered(who)
    except Refused as refused:
        return Finding("provider", title, FAIL, refused.why, say("请按账号说明改正ZHENGXIN_OIDC_…，或查认证服务。账号和密码照常可以登录。"))  # fmt: skip
    if who.secret and Path(settings.OIDC_SECRET_FILE).stat().st_mode & 0o077:
        return Finding("provider", title, WARN, say("存客户端密码的文件别人也能读。"), say("请运行chmod 600 {file}。", file=settings.OIDC_SECRET_FILE))  # fmt: skip
    return Finding("provider", title, OK, say("已设定{issuer}。", issuer=who.issuer))


def _signed_in_from(now: datetime) -> list[str]:
    """Which believed proxies passed people on without saying who they are."""
    since = now - timedelta(days=1)
    single = [each for each in settings.TRUSTED_PROXIES if "/" not in each]
    return [each for each in single if accounts.tried_from(each, since=since)]


def _accounts(now: datetime) -> Finding:
    title = say("账号")
    invented = [] if board.county().invented else accounts.invented_accounts(now)
    if invented:
        return Finding(
            "accounts", title, FAIL, say("真实的县里有{n}个示例账号，口令是公开的。", n=len(invented)),
            say("请系统管理员马上停用这些账号，并查审计记录里有没有人用过。"),
        )  # fmt: skip
    return Finding("accounts", title, OK, say("没有示例账号混进真实的县。"))


def _law() -> Finding:
    try:
        law = rulebook.law()
    except Refused as refused:
        return Finding("law", say("规则的依据"), FAIL, refused.what + refused.why, refused.remedy)
    return rules.memory_law(sum(c.status is LawStatus.MEMORY for c in set(_citations(law))))


def _citations(value: Any) -> Iterator[Citation]:
    if isinstance(value, Citation):
        yield value
    elif is_dataclass(value):
        for each in fields(value):
            yield from _citations(getattr(value, each.name))
    elif isinstance(value, dict):
        yield from _citations(tuple(value.values()))
    elif isinstance(value, tuple):
        for each in value:
            yield from _citations(each)


def _messages(reach: bool) -> list[Finding]:
    title = say("消息渠道")
    try:
        found = messages.channels()
    except Refused as refused:
        return [Finding("channels", title, FAIL, refused.what + refused.why, refused.remedy)]
    told = [
        Finding(
            "outbox",
            say("发不出去的消息"),
            WARN,
            say(
                "{way}有{n}条一再发不出去，最早的是{day}的，还在重试。",
                way=Channel(each.channel).label,
                n=each.n,
                day=timezone.localdate(each.since),
            ),
            say(
                "请查对方服务和channels.yaml里的地址；改好后自动发出。地址不再用的，从channels.yaml删去。"
            ),
        )
        for each in messages.stuck()
    ] or [Finding("outbox", say("发不出去的消息"), OK, say("没有。"))]
    told += rules.mail(
        has_server=found.mail is not None,
        witnesses=_by_mail(),
        former=settings.FORMER_MAIL_VARIABLES,
    )
    if reach and found.mail is not None:
        try:
            with_server = connection(found.mail)
            with_server.open()
            with_server.close()
        except (smtplib.SMTPException, ssl.SSLError, OSError) as fault:
            return [Finding(
                "channels", title, FAIL, say("邮件服务器{host}连不上（{kind}）。", host=found.mail.host, kind=type(fault).__name__),
                say("请核对channels.yaml里smtp的host、port、security、user和password。"),
            ), *told]  # fmt: skip
    if not found.recipients:
        return [Finding(
            "channels", title, WARN, say("没有工作台以外的收件人：后台停住时，不打开工作台就不知道。"),
            say("请照docs/how-to/messages.md写channels.yaml，至少给系统管理员写一个地址。"),
        ), *told]  # fmt: skip
    return [Finding("channels", title, OK, say("{n}个收件地址。", n=len(found.recipients))), *told]


def _by_mail() -> int:
    """How many witnesses get their checkpoints by mail; a list that cannot be read is told by its own errand."""
    try:
        return sum(each.channel == WitnessChannel.MAIL for each in read_witnesses())
    except Refused:
        return 0


def store_sizes() -> dict[str, int]:
    """Bytes of each SQLite store with its log; empty on a server."""
    home = Path(settings.ZHENGXIN_HOME)
    names = {"default": "zhengxin.sqlite3", "keys": "keys.sqlite3", "board": "board.sqlite3"}
    sizes = {}
    for alias, name in names.items():
        files = [path for path in (home / name, home / f"{name}-wal") if path.exists()]
        if files:
            sizes[alias] = sum(path.stat().st_size for path in files)
    return sizes


def age(moment: datetime | None, now: datetime) -> float | None:
    """Seconds since a moment, None when there was none."""
    return None if moment is None else max((now - moment).total_seconds(), 0.0)
