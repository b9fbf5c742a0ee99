"""What a measured value means: pure verdicts, each with what to do."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from ipaddress import ip_network

from zhengxin.kernel.say import say
from zhengxin.operations.enums import Verdict
from zhengxin.operations.types import Beat, Finding

_MB = 1024 * 1024
# What the worker carries out beside its rounds.
ERRANDS = {"exchange": say("上报交换"), "witnesses": say("见证"), "messages": say("对外消息")}
OK, WARN, FAIL = Verdict.OK, Verdict.WARN, Verdict.FAIL


def disk(free: int, total: int) -> Finding:
    """Bytes free where the home lies: below 200 MB nothing may be admitted, below 2 GB or 5% somebody should look."""
    title = say("磁盘空间")
    left = say(
        "还剩{free:,}MB（{percent}%）。", free=free // _MB, percent=100 * free // max(total, 1)
    )
    remedy = say("请清出空间或换更大的磁盘：报送的文件在submissions，下载文件在downloads。")
    if free < 200 * _MB:
        return Finding("disk", title, FAIL, left + say("装不下新的报送。"), remedy)
    if free < 2048 * _MB or free < total // 20:
        return Finding("disk", title, WARN, left, remedy)
    return Finding("disk", title, OK, left)


def clock(now: datetime, last: datetime | None) -> Finding:
    """The machine's clock against the newest time in the ledger and the audit log."""
    title = say("时钟")
    if last is not None and now < last - timedelta(minutes=2):
        ahead = _span(last - now)
        return Finding(
            "clock", title, FAIL, say("时钟比账上最后一笔早{ahead}：有人把时钟往回拨了，或者那一笔记错了时间。", ahead=ahead),
            say("请先校准时钟（timedatectl set-ntp true），核对无误后再办理；期限都按时钟计算。"),
        )  # fmt: skip
    return Finding("clock", title, OK, say("时钟不早于账上最后一笔。"))


def worker(beat: Beat | None, now: datetime) -> Finding:
    """Whether the worker is alive and gets on. It writes a sign of life every ten seconds, also in long work."""
    title = say("后台办理")
    start = say("请启动它：systemctl start zhengxin-worker；用zhengxin serve的，重启网站。")
    if beat is None:
        return Finding("worker", title, FAIL, say("后台没有运行过。"), start)
    silent = now - beat.beat_at
    if silent > timedelta(minutes=2):
        return Finding(
            "worker", title, FAIL, say("后台已{span}没有动静。", span=_span(silent)), start
        )
    if beat.failed_at is not None and now - beat.failed_at < timedelta(minutes=10):
        return Finding(
            "worker", title, WARN, say("后台最近一轮出错：{what}，共出错{n}轮。", what=beat.failed_with, n=beat.failures),
            say("它会自动再试。请看日志里logger为zhengxin的ERROR行（journalctl -u zhengxin-worker）。"),
        )  # fmt: skip
    if now - beat.round_at > timedelta(hours=3):
        return Finding(
            "worker", title, WARN, say("后台这一轮已办了{span}。", span=_span(now - beat.round_at)),
            say("大批报送可能要很久；回执上的进度不动的，请重启后台，会从停处接着办。"),
        )  # fmt: skip
    return Finding("worker", title, OK, say("后台在运行，已办{n:,}轮。", n=beat.rounds))


def errands(beat: Beat | None, now: datetime) -> Finding:
    """What goes to others outside, each kind in a thread of its own: a peer that hangs delays the intake of nothing."""
    title = say("对外往来")
    told = []
    for each in beat.errands if beat else ():
        name = ERRANDS.get(each.name, each.name)
        if each.failed_at is not None and now - each.failed_at < timedelta(minutes=30):
            told.append(say("{name}最近一次出错：{what}，共出错{n}次。", name=name, what=each.failed_with, n=each.failures))  # fmt: skip
        elif each.busy_since is not None and now - each.busy_since > timedelta(minutes=15):
            told.append(say("{name}已等了{span}，还没有完。", name=name, span=_span(now - each.busy_since)))  # fmt: skip
    if told:
        return Finding(
            "errands", title, WARN, "".join(told),
            say("它会自动再试，不耽误报送的办理。请看对方服务是否正常，再看日志里logger为zhengxin的ERROR行。"),
        )  # fmt: skip
    return Finding("errands", title, OK, say("没有出错，也没有等得太久的。"))


def proxies(trusted: Collection[str], seen: Collection[str]) -> Finding:
    """Whose word about visitors' addresses is believed. seen: proxies from whose own address people tried to sign in."""
    title = say("来访地址")
    for each in trusted:
        try:
            network = ip_network(each, strict=False)
        except ValueError:
            return Finding(
                "proxies", title, FAIL, say("ZHENGXIN_PROXIES里的{each}不是地址，也不是网段，每个请求都会出错。", each=each),
                say("请写反向代理的地址，如 ZHENGXIN_PROXIES=127.0.0.1,::1 。"),
            )  # fmt: skip
        if network.prefixlen < (8 if network.version == 4 else 32):
            return Finding(
                "proxies", title, FAIL, say("ZHENGXIN_PROXIES里的{each}太宽：外面的人可以自称任何地址，锁定防不住他。", each=each),
                say("请只写反向代理自己的地址。"),
            )  # fmt: skip
    if seen:
        return Finding(
            "proxies", title, WARN, say("一天内有登录记在反向代理自己的地址{seen}上：它没有说明来访者是谁，一个人试错会锁住所有人。", seen="、".join(seen)),
            say("请照deploy/nginx.conf让反向代理把X-Forwarded-For写成来访者的地址。是在服务器本机上登录的，不用管。"),
        )  # fmt: skip
    if not trusted:
        return Finding("proxies", title, OK, say("不信任何转来的地址，只看连接本身的地址。"))
    return Finding("proxies", title, OK, say("只信{n}处反向代理说的来访地址。", n=len(trusted)))


def mail(*, has_server: bool, witnesses: int, former: Collection[str]) -> list[Finding]:
    """Whether mail can go out where it must: one server for all mail, in channels.yaml."""
    title, told = say("发邮件的设置"), []
    if witnesses and not has_server:
        told.append(Finding(
            "mail", title, FAIL, say("有{n}个见证人用邮件，channels.yaml里却没有写smtp：检查点送不出去。", n=witnesses),
            say("请照docs/how-to/messages.md在channels.yaml里写smtp。"),
        ))  # fmt: skip
    if former:
        told.append(Finding(
            "mail_variables", title, WARN, say("环境变量{names}已经不起作用。", names="、".join(former)),
            say("邮件服务器只在channels.yaml的smtp里写一处；写好后删去这些环境变量。"),
        ))  # fmt: skip
    return told


def published(last: date | None, today: date) -> Finding:
    """The last day on which the board was brought in step."""
    title = say("按日公示")
    if last is None:
        return Finding(
            "published", title, WARN, say("还没有公示过。"), say("后台启动后会自动公示；也可以运行zhengxin publish-due。")
        )  # fmt: skip
    if last < today - timedelta(days=1):
        return Finding(
            "published", title, FAIL, say("最近一次公示是{day}：到期的没有终止，新的没有出现。", day=last),
            say("请看后台是否在运行；也可以马上运行zhengxin publish-due。"),
        )  # fmt: skip
    return Finding("published", title, OK, say("最近一次公示是{day}。", day=last))


def calendars(years: Collection[int], today: date) -> Finding:
    """Whether this year's and, from December on, next year's working days are known."""
    title = say("放假安排")
    if today.year not in years:
        return Finding(
            "calendar", title, FAIL, say("没有{year}年的放假安排，工作日期限都算不出来。", year=today.year), _import_calendar(today.year)
        )  # fmt: skip
    if today.year + 1 not in years and today.month >= 11:
        return Finding(
            "calendar", title, WARN, say("还没有{year}年的放假安排，跨年的期限算不出来。", year=today.year + 1), _import_calendar(today.year + 1)
        )  # fmt: skip
    return Finding("calendar", title, OK, say("放假安排到{year}年。", year=max(years)))


def _import_calendar(year: int) -> str:
    return say("请按国务院办公厅的放假通知写law/calendar/{year}.yaml，期限自动重算。", year=year)


def backlog(left: int, sealed_at: datetime | None, now: datetime) -> Finding:
    """Entries sealed but not yet folded into files, duties and notices."""
    title = say("更新各档案")
    if left and sealed_at is not None and now - sealed_at > timedelta(minutes=15):
        return Finding(
            "backlog", title, WARN, say("{n:,}条已入账的记录还没有进档案，最后一批入账已过{span}。", n=left, span=_span(now - sealed_at)),
            say("请看后台是否在运行；还不动的，运行zhengxin worker --once看它说什么。"),
        )  # fmt: skip
    return Finding("backlog", title, OK, say("已入账而未进档案的{n:,}条。", n=left))


def stopped(numbers: Collection[str]) -> Finding:
    """Submissions broken off again and again."""
    title = say("办不下去的批次")
    if numbers:
        return Finding(
            "stopped", title, WARN, say("{n}个批次一再中断：{numbers}。", n=len(numbers), numbers="、".join(list(numbers)[:5])),
            say("请在日志里找这些批次的ERROR行；磁盘满、内存不足、密钥缺失都会这样，排除后自动接着办。"),
        )  # fmt: skip
    return Finding("stopped", title, OK, say("没有。"))


def exposure(
    *, behind_tls: bool, hosts: Collection[str], origins: Collection[str], invented: bool
) -> Finding:
    """Whether people reach the site safely by the names it answers to."""
    title = say("域名和加密")
    outside = [host for host in hosts if host not in ("127.0.0.1", "localhost", "[::1]")]
    if "*" in outside:
        return Finding(
            "exposure", title, FAIL, say("ZHENGXIN_HOSTS写了*，任何域名都能冒充本站。"), say("请写本站的域名，如 ZHENGXIN_HOSTS=xinyong.example.gov.cn 。")
        )  # fmt: skip
    if outside and not behind_tls and not invented:
        return Finding(
            "exposure", title, FAIL, say("网站对外开放，但没有声明在加密的反向代理后面：口令和会话会明文传输。"),
            say("请照docs/how-to/install.md放在Nginx或Caddy后面，设ZHENGXIN_ORIGINS=https://域名。"),
        )  # fmt: skip
    if behind_tls and not outside:
        return Finding(
            "exposure", title, FAIL, say("声明了在加密的反向代理后面，却没有写域名，外面打不开。"), say("请设ZHENGXIN_HOSTS为本站的域名。")
        )  # fmt: skip
    if behind_tls and not origins:
        return Finding(
            "exposure", title, WARN, say("没有写ZHENGXIN_ORIGINS，发到外面的消息带不上完整的网址。"), say("请设ZHENGXIN_ORIGINS=https://域名。")
        )  # fmt: skip
    if any(not origin.startswith("https://") for origin in origins) and behind_tls:
        return Finding(
            "exposure", title, WARN, say("ZHENGXIN_ORIGINS里有不加密的网址。"), say("请只留https开头的。")
        )  # fmt: skip
    what = say("在加密的反向代理后面。") if behind_tls else say("只在本机打开。")
    return Finding("exposure", title, OK, what)


def memory_law(places: int) -> Finding:
    """Values of the law folder that nobody has held against the text."""
    title = say("规则的依据")
    if places:
        return Finding(
            "law", title, WARN, say("规则库有{n}处标着memory：没有对照过条文。", n=places),
            say("请由信用办对照原文核实，改好status；核实前不能据以作出对谁不利的决定。"),
        )  # fmt: skip
    return Finding("law", title, OK, say("每一处都有出处。"))


def _span(length: timedelta) -> str:
    minutes = int(length.total_seconds() // 60)
    if minutes < 120:
        return say("{n}分钟", n=minutes)
    if minutes < 48 * 60:
        return say("{n}小时", n=minutes // 60)
    return say("{n}天", n=minutes // (24 * 60))
