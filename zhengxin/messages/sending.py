"""Hands one parcel over to the mail server or to a gateway, and says what came back."""

import smtplib
from collections.abc import Mapping
from email.utils import parseaddr
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from zhengxin.messages.enums import Channel
from zhengxin.messages.types import Channels, Gateway, MailServer, Parcel

if TYPE_CHECKING:
    import httpx

# Seconds for the whole exchange of a gateway, and for each answer of a mail server.
PATIENCE = 10


class NotDelivered(Exception):
    """It was not taken. `answer` is a code or a kind of error; `everyone`: the way itself is closed."""

    def __init__(self, answer: str, *, everyone: bool) -> None:
        super().__init__(answer)
        self.answer = answer[:80]
        self.everyone = everyone


def send(parcel: Parcel, by: Channels) -> str:
    """Sends it and returns the peer's answer by code. Raises NotDelivered."""
    if parcel.channel == Channel.SMTP:
        assert by.mail is not None
        return _mail(parcel, by.mail)
    return _post(parcel, (by.gateways or {})[parcel.channel])


def connection(server: MailServer) -> EmailBackend:
    """The way to a mail server, not yet opened."""
    return EmailBackend(
        host=server.host,
        port=server.port,
        username=server.user,
        password=server.password,
        use_tls=server.security == "starttls",
        use_ssl=server.security == "tls",
        timeout=PATIENCE,
    )


def _mail(parcel: Parcel, server: MailServer) -> str:
    # The same message again has the same id: a mailbox that got it already can tell.
    name = sha256(parcel.key.encode()).hexdigest()[:32]
    domain = parseaddr(server.sender)[1].rpartition("@")[2] or "localhost"
    mail = EmailMessage(
        subject=parcel.subject,
        body=f"{parcel.text}\n{parcel.link}\n",
        from_email=server.sender,
        to=[parcel.address],
        headers={"Message-ID": f"<{name}@{domain}>"},
        connection=connection(server),
    )
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as refused:
        code = next(iter(refused.recipients.values()))[0]
        raise NotDelivered(f"SMTP {code}", everyone=False) from refused
    except smtplib.SMTPResponseException as fault:
        raise NotDelivered(f"SMTP {fault.smtp_code}", everyone=True) from fault
    except (smtplib.SMTPException, OSError) as fault:
        raise NotDelivered(type(fault).__name__, everyone=True) from fault
    except ValueError as fault:
        # An address or a sender that is none.
        raise NotDelivered(type(fault).__name__, everyone=False) from fault
    return "SMTP 250"


def filled(template: Any, values: Mapping[str, str]) -> Any:
    """The JSON value with {name} places filled in its strings; other braces stay."""
    if isinstance(template, str):
        for name, value in values.items():
            template = template.replace("{" + name + "}", value)
        return template
    if isinstance(template, dict):
        return {key: filled(value, values) for key, value in template.items()}
    if isinstance(template, list):
        return [filled(value, values) for value in template]
    return template


def _post(parcel: Parcel, gateway: Gateway) -> str:
    values = {
        "address": parcel.address,
        "subject": parcel.subject,
        "text": parcel.text,
        "link": parcel.link,
        "key": parcel.key,
    }
    # Loaded where it is used: every command would wait for it.
    import httpx

    try:
        # Only channels.yaml says where messages go: no proxy from the environment, no redirect.
        with httpx.Client(timeout=PATIENCE, trust_env=False, follow_redirects=False) as client:
            answer = client.post(
                gateway.url, json=filled(gateway.body, values), headers=dict(gateway.headers)
            )
    except (httpx.HTTPError, httpx.InvalidURL) as fault:
        raise NotDelivered(type(fault).__name__, everyone=True) from fault
    if not answer.is_success:
        closed = answer.status_code >= 500 or answer.status_code in (401, 403, 404, 429)
        raise NotDelivered(f"HTTP {answer.status_code}", everyone=closed)
    if gateway.answer and not _agrees(answer, gateway.answer):
        raise NotDelivered(f"HTTP {answer.status_code} not accepted", everyone=False)
    return f"HTTP {answer.status_code}"


def _agrees(answer: "httpx.Response", expected: Mapping[str, Any]) -> bool:
    try:
        body = answer.json()
    except ValueError:
        return False
    return isinstance(body, dict) and all(body.get(k) == v for k, v in expected.items())
