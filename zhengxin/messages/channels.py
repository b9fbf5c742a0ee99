"""Reads ZHENGXIN_HOME/channels.yaml: the mail server, the gateways and who is told outside the desk."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from django.conf import settings
from django.utils.translation import gettext as _

from zhengxin.accounts.enums import RoleChoice
from zhengxin.kernel.refused import Refused
from zhengxin.messages.enums import Channel
from zhengxin.messages.types import Channels, Gateway, MailServer, Recipient

FILE = "channels.yaml"
SECURITIES = ("starttls", "tls", "none")


class BadChannels(Refused):
    """The file cannot be used as it stands."""

    def __init__(self, why: str) -> None:
        super().__init__(
            _("消息渠道没有设置好：{file}不能使用。").format(file=FILE),
            why,
            _("请照docs/how-to/messages.md改好这个文件，再运行zhengxin doctor。"),
        )


def path() -> Path:
    """Where the file lies."""
    return Path(settings.ZHENGXIN_HOME) / FILE


def channels() -> Channels:
    """What the file says; nothing when there is none. Raises BadChannels."""
    file = path()
    if not file.exists():
        return Channels()
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as fault:
        place = getattr(fault, "problem_mark", None)
        where = _("第{line}行").format(line=place.line + 1) if place else ""
        raise BadChannels(_("文件读不出来或不是YAML：{where}。").format(where=where)) from fault
    top = _mapping(content or {}, _("最外层"))
    _only(top, {*Channel.values, "recipients"}, _("最外层"))
    mail = _mail(_mapping(top["smtp"], "smtp")) if "smtp" in top else None
    gateways = {
        name: _gateway(_mapping(top[name], name), name)
        for name in (Channel.SMS.value, Channel.CHAT.value)
        if name in top
    }
    found = Channels(mail=mail, gateways=gateways)
    listed = top.get("recipients") or []
    if not isinstance(listed, list):
        raise BadChannels(_("recipients要写成列表。"))
    return Channels(mail, gateways, tuple(_recipient(each, found) for each in listed))


def _mapping(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadChannels(_("{where}要写成“名称: 值”的形式。").format(where=where))
    return value


def _only(found: Mapping[str, Any], known: set[str], where: str) -> None:
    if unknown := sorted(map(str, set(found) - known)):
        raise BadChannels(
            _("{where}里有不认识的项：{names}。").format(where=where, names="、".join(unknown))
        )


def _text(found: Mapping[str, Any], name: str, where: str) -> str:
    value = found.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BadChannels(_("{where}缺少{name}。").format(where=where, name=name))
    return value.strip()


def _mail(found: Mapping[str, Any]) -> MailServer:
    _only(found, {"host", "port", "from", "security", "user", "password"}, "smtp")
    security, port, host = found.get("security", "starttls"), found.get("port"), found.get("host")
    if security not in SECURITIES or not isinstance(port, int) or not 0 < port < 65536:
        raise BadChannels(_("smtp要写端口port（数字）和security（starttls、tls或none）。"))
    if security == "none" and host not in ("127.0.0.1", "localhost", "::1"):
        raise BadChannels(_("不加密（security: none）的邮件服务器只能在本机。"))
    return MailServer(
        host=_text(found, "host", "smtp"),
        port=port,
        sender=_text(found, "from", "smtp"),
        security=security,
        user=str(found.get("user", "")),
        password=str(found.get("password", "")),
    )


def _gateway(found: Mapping[str, Any], name: str) -> Gateway:
    _only(found, {"url", "headers", "body", "answer"}, name)
    url = _text(found, "url", name)
    address = urlsplit(url)
    local = address.hostname in ("127.0.0.1", "localhost", "::1")
    if address.scheme not in ("http", "https") or (address.scheme == "http" and not local):
        raise BadChannels(_("{name}的url要以https开头（本机可以用http）。").format(name=name))
    if not found.get("body"):
        raise BadChannels(_("{name}缺少body。").format(name=name))
    headers = _mapping(found.get("headers") or {}, f"{name}.headers")
    answer = _mapping(found.get("answer") or {}, f"{name}.answer")
    return Gateway(url, {str(k): str(v) for k, v in headers.items()}, found["body"], answer)


def _recipient(given: Any, found: Channels) -> Recipient:
    each = _mapping(given, "recipients")
    _only(each, {"channel", "address", "role", "account"}, "recipients")
    channel, role = _text(each, "channel", "recipients"), str(each.get("role", ""))
    account = str(each.get("account", ""))
    if channel not in Channel.values or not found.describes(channel):
        raise BadChannels(_("收件人用的渠道{name}没有写设置。").format(name=channel))
    if bool(role) == bool(account) or (role and role not in RoleChoice.values):
        raise BadChannels(_("每个收件人写一个岗位role，或者一个账号account。"))
    # A gateway for a group has one address, its url.
    address = (
        str(each.get("address", ""))
        if channel == Channel.CHAT
        else _text(each, "address", "recipients")
    )
    return Recipient(channel, address, role, account)
