"""Reading peers/<code>.yaml into a Peer. No Django, so that a description can be checked anywhere."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from zhengxin.handover.types import Carrier, FileForm, Inward, Peer, Place
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say

_PEER = {
    "title",
    "sources",
    "form",
    "most_rows",
    "every_minutes",
    "alarm_hours",
    "answer_days",
    "headers",
    "delivery",
    "answers",
    "inward",
    "verifier",
    "signing_key",
    "values",
}
_PLACES = {
    Carrier.DROP: {"folder"},
    Carrier.SFTP: {
        "host",
        "port",
        "user",
        "host_keys",
        "key_file",
        "password_env",
        "folder",
        "seconds",
    },
    Carrier.HTTP: {"url", "token_env", "token_file", "ca_file", "seconds"},
}
_NEEDED = {
    Carrier.DROP: {"folder"},
    Carrier.SFTP: {"host", "user", "host_keys", "folder"},
    Carrier.HTTP: {"url"},
}
_INWARD = {"unit", "folder", "signed", "key_digest"}
_LOOPBACK = ("http://127.0.0.1", "http://localhost", "http://[::1]")


class PeerUnreadable(Refused):
    """A description of a peer cannot be used; names the file and what is wrong in it."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            say("上报对象说明“{path}”不能使用。", path=path.name),
            why,
            say("请按“怎样上报交换”改正后重试。"),
        )


class PeerUnknown(Refused):
    """No description of that name."""

    def __init__(self, code: str, known: Sequence[str]) -> None:
        super().__init__(
            say("没有名为“{code}”的上报对象。", code=code),
            say("现有：{known}。", known="、".join(known)) if known else "",
            say("请核对名称；新增一个只需一个文件，见“怎样上报交换”。"),
        )


def read_peers(folders: Sequence[Path]) -> dict[str, Peer]:
    """Every peer in `folders` by code; a later folder overrides an earlier one. Raises PeerUnreadable."""
    found = {}
    for folder in folders:
        for path in sorted(folder.glob("*.yaml")):
            found[path.stem] = read_peer(path)
    return found


def read_peer(path: Path) -> Peer:
    """The peer described at `path`. Raises PeerUnreadable."""
    try:
        text = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise PeerUnreadable(path, say("不是合格的YAML：{error}。", error=error)) from error
    try:
        return _peer(path, _only(text, _PEER, path.stem))
    except KeyError as error:
        raise PeerUnreadable(path, say("缺少{key}。", key=error)) from error
    except (ValueError, TypeError, AttributeError) as error:
        raise PeerUnreadable(path, say("有一处写法不对：{error}。", error=error)) from error


def _peer(path: Path, text: Mapping[str, Any]) -> Peer:
    headers = str(text.get("headers", "chinese"))
    if headers not in ("chinese", "codes"):
        raise ValueError(say("headers只能是chinese或codes"))
    peer = Peer(
        code=path.stem,
        title=str(text["title"]),
        sources=tuple(map(str, text["sources"])),
        form=FileForm(text.get("form", "csv")),
        most_rows=int(text.get("most_rows", 50_000)),
        every_minutes=int(text.get("every_minutes", 0)),
        alarm_hours=int(text.get("alarm_hours", 24)),
        answer_days=int(text.get("answer_days", 3)),
        headers=headers,
        delivery=_place(text["delivery"]),
        answers=_place(text["answers"]) if text.get("answers") else None,
        inward=_inward(text["inward"]) if text.get("inward") else None,
        verifier=str(text.get("verifier") or ""),
        signing_key=str(text.get("signing_key") or ""),
        values={
            str(field): {str(ours): str(theirs) for ours, theirs in pairs.items()}
            for field, pairs in (text.get("values") or {}).items()
        },
        path=path,
    )
    if peer.most_rows < 1 or not peer.sources:
        raise ValueError(say("sources和most_rows不能为空"))
    if peer.inward is not None and peer.inward.signed and not peer.verifier:
        raise ValueError(say("收取要求签名，却没有写对方的verifier"))
    return peer


def _place(text: Mapping[str, Any]) -> Place:
    """One of drop, sftp, http with its options."""
    ((name, options),) = text.items()
    carrier = Carrier(name)
    options = dict(_only(options, _PLACES[carrier], name))
    if missing := sorted(_NEEDED[carrier] - set(options)):
        raise KeyError("、".join(missing))
    if carrier is Carrier.HTTP:
        url = str(options["url"])
        # Personal data leaves the county: in clear only within this machine.
        if not url.startswith("https://") and not url.startswith(_LOOPBACK):
            raise ValueError(say("url要以https://开头"))
    if "host_keys" in options:
        options["host_keys"] = tuple(map(str, options["host_keys"]))
        if not options["host_keys"]:
            raise ValueError(say("host_keys至少写一行，以免连到冒名的主机"))
    return Place(carrier=carrier, **options)


def _inward(text: Mapping[str, Any]) -> Inward:
    return Inward(**_only(text, _INWARD, "inward"))


def _only(text: Any, allowed: set[str], where: str) -> Mapping[str, Any]:
    if not isinstance(text, Mapping):
        raise ValueError(say("{where}要写成“名称: 值”", where=where))
    if unknown := sorted(set(map(str, text)) - allowed):
        raise ValueError(
            say("{where}里有不认识的{unknown}", where=where, unknown="、".join(unknown))
        )
    return text
