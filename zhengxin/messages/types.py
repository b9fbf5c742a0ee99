"""The ways out as the file channels.yaml describes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where e-mail is handed over. security: starttls, tls or none (only to this machine)."""

    host: str
    port: int
    sender: str
    security: str
    user: str
    password: str


@dataclass(frozen=True, slots=True)
class Gateway:
    """An address that takes a JSON body by POST.

    body: any JSON; in its strings {address} {subject} {text} {link} {key} are filled in.
    answer: keys and values that the JSON answer must have to count as accepted; status 2xx always.
    """

    url: str
    headers: Mapping[str, str]
    body: Any
    answer: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Recipient:
    """An address outside the desk, for whoever holds a role or for one account (by user name)."""

    channel: str
    address: str
    role: str
    account: str


@dataclass(frozen=True, slots=True)
class Channels:
    """Everything in channels.yaml; empty when there is no such file."""

    mail: MailServer | None = None
    gateways: Mapping[str, Gateway] | None = None
    recipients: tuple[Recipient, ...] = ()

    def describes(self, channel: str) -> bool:
        """Whether this way out is set up."""
        return self.mail is not None if channel == "smtp" else channel in (self.gateways or {})


@dataclass(frozen=True, slots=True)
class Parcel:
    """What goes out: a fixed sentence and a link."""

    channel: str
    address: str
    subject: str
    text: str
    link: str
    key: str
