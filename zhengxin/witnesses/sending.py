"""The three roads of a checkpoint: a mail, a file in a folder, a request to `witness serve`.

What goes out is the body of a request add-checkpoint (C2SP tlog-witness), also as a file: it carries its
proof, so that a witness without network can check it.
"""

import base64
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from zhengxin.messages.queries import channels
from zhengxin.messages.sending import connection
from zhengxin.witnesses.enums import Channel
from zhengxin.witnesses.types import Witness

# Seconds of waiting for a witness; the worker has other things to do.
PATIENCE = 10
KEYS = "keys"
_LONGEST_ANSWER = 1 << 14
Body = Callable[[int], bytes]


class NotDelivered(Exception):
    """The checkpoint did not reach the witness; the sentence says why. It is tried again."""


class SigningRefused(NotDelivered):
    """The witness has seen something that this tree does not continue."""


def request_body(old: int, proof: list[bytes], note: str) -> bytes:
    """The body of a request: old size, consistency proof from there, empty line, checkpoint."""
    lines = [f"old {old}", *(base64.b64encode(each).decode() for each in proof), "", note]
    return "\n".join(lines).encode()


def deliver(witness: Witness, *, size: int, old: int, body: Body, key_notes: str) -> str:
    """Brings the checkpoint of `size` to a witness last known at `old`; returns signature lines answered.

    body(old) makes the request from any older size. What the log's keys said of their successors
    travels with mail and file. Raises NotDelivered, SigningRefused.
    """
    if witness.channel == Channel.HTTP:
        return _push(witness, size=size, old=old, body=body)
    try:
        if witness.channel == Channel.MAIL:
            _mail(witness, size=size, request=body(old), key_notes=key_notes)
        else:
            _drop(witness, size=size, request=body(old), key_notes=key_notes)
    except OSError as error:
        raise NotDelivered(str(error)) from error
    return ""


def replies(witness: Witness) -> list[Path]:
    """Cosigned notes that a witness laid into its exchange folder."""
    folder = folder_of(witness) / "cosigned"
    return sorted(folder.glob("*.txt")) if witness.channel == Channel.FILE else []


def folder_of(witness: Witness) -> Path:
    """A witness's exchange folder; a relative address begins in ZHENGXIN_HOME."""
    return Path(settings.ZHENGXIN_HOME) / witness.address


def _file_name(size: int) -> str:
    return f"checkpoint-{size}.txt"


def _files(size: int, request: bytes, key_notes: str) -> dict[str, bytes]:
    """What a witness gets, by name; the program looks for `keys` beside the checkpoint."""
    keys = {KEYS: key_notes.encode()} if key_notes else {}
    return {**keys, _file_name(size): request}


def _drop(witness: Witness, *, size: int, request: bytes, key_notes: str) -> None:
    folder = folder_of(witness)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in _files(size, request, key_notes).items():
        fresh = folder / f".{name}"
        fresh.write_bytes(content)
        fresh.replace(folder / name)


def _mail(witness: Witness, *, size: int, request: bytes, key_notes: str) -> None:
    """By the mail server of channels.yaml. Raises BadChannels, NotDelivered."""
    server = channels().mail
    if server is None:
        raise NotDelivered(_("channels.yaml里没有写smtp，不能发邮件。"))
    text = _(
        "{office}：\n\n附件是政务诚信登记簿今天的检查点，共{size}条。请用见证程序核对并签名：\n\n"
        "    python witness.py check {file}\n\n"
        "核对无误后，请把见证程序写出的 cosigned/{size}.txt 作为附件回复这封邮件。\n"
        "见证程序报警时请不要回复，把它留下的证据文件夹保存好，向本级信用工作机构和上级报告。\n"
    ).format(office=witness.office, size=size, file=_file_name(size))
    message = EmailMessage(
        subject=_("登记簿检查点：{size}条").format(size=size),
        body=text,
        from_email=server.sender,
        to=[witness.address],
        connection=connection(server),
        # As bytes: a mail program must not touch the line ends of what is signed.
        attachments=[
            (name, content, "application/octet-stream")
            for name, content in _files(size, request, key_notes).items()
        ],
    )
    message.send()


def _push(witness: Witness, *, size: int, old: int, body: Body) -> str:
    # Loaded where it is used: every command would wait for it.
    import httpx

    address = f"{witness.address.rstrip('/')}/add-checkpoint"
    try:
        status, answer = _post(address, body(old))
        if status == 409 and answer.strip().isdecimal() and old != (known := int(answer)):
            if known > size:
                raise SigningRefused(
                    _("见证人见过{known}条，本登记簿只有{size}条。").format(known=known, size=size)
                )
            status, answer = _post(address, body(known))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise NotDelivered(str(error) or type(error).__name__) from error
    if status in (409, 422):
        raise SigningRefused(_("见证人认为今天的登记簿不是它见过的延续。"))
    if status != 200:
        raise NotDelivered(_("见证人答复{status}：{answer}").format(status=status, answer=answer))
    return answer


def _post(address: str, body: bytes) -> tuple[int, str]:
    """Status and text of the answer, no longer than a few signatures can be."""
    import httpx

    with httpx.stream("POST", address, content=body, timeout=PATIENCE) as answer:
        read = b""
        for piece in answer.iter_bytes(_LONGEST_ANSWER):
            read += piece
            if len(read) > _LONGEST_ANSWER:
                break
        return answer.status_code, read[:_LONGEST_ANSWER].decode("utf-8", "replace")
