"""The county's own identity provider (OpenID Connect Core 1.0): where to send the reader, and who came back.

Authorization code with PKCE (RFC 7636), state and nonce; the ID token's signature, issuer, audience,
times and nonce are checked. Nothing of the provider's answer is kept or logged but a keyed digest.
Libraries are loaded when somebody comes this way: they would cost every command a tenth of a second.
"""

import asyncio
import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from zhengxin.kernel.refused import Refused

if TYPE_CHECKING:
    import httpx

# No shared secrets and no "none": whoever can read the client secret must not be able to make tokens.
ALGORITHMS = ["RS256", "PS256", "ES256"]
_SECONDS = 5
_LEEWAY = 60
_LARGEST = 1 << 20
_DISCOVERY = "/.well-known/openid-configuration"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class ProviderRefused(Refused):
    """The identity provider is not set up well, does not answer, or its answer does not hold."""


@dataclass(frozen=True, slots=True)
class Provider:
    """What the settings say. secret is empty for a client without one (PKCE alone)."""

    issuer: str
    client_id: str
    secret: str
    label: str


@dataclass(frozen=True, slots=True)
class Sought:
    """A round trip that began: what the browser's session keeps until it comes back."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Return:
    """What came back: the code, for which round trip, to which address of this site."""

    code: str
    sought: Sought
    back: str


def label() -> str:
    """What the provider is called on the sign-in page; empty where none is set up."""
    return str(settings.OIDC_LABEL) if settings.OIDC_ISSUER else ""


def provider() -> Provider:
    """The provider of the settings. Raises ProviderRefused when they cannot work."""
    issuer = str(settings.OIDC_ISSUER)
    if not issuer or not settings.OIDC_CLIENT_ID:
        raise _misconfigured(_("没有设定ZHENGXIN_OIDC_ISSUER和ZHENGXIN_OIDC_CLIENT_ID。"))
    if not _safe(issuer):
        raise _misconfigured(_("ZHENGXIN_OIDC_ISSUER要用https地址。"))
    secret = ""
    if settings.OIDC_SECRET_FILE:
        try:
            secret = Path(settings.OIDC_SECRET_FILE).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as fault:
            raise _misconfigured(_("ZHENGXIN_OIDC_SECRET_FILE指的文件读不了。")) from fault
    return Provider(issuer, str(settings.OIDC_CLIENT_ID), secret, label())


def discovered(who: Provider) -> dict[str, Any]:
    """The provider's description of itself. Raises ProviderRefused."""
    described = _fetched(who.issuer.rstrip("/") + _DISCOVERY)
    if described.get("issuer") != who.issuer:
        raise _wrong(_("它说的签发者和设定的不一样。"))
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        address = str(described.get(name, ""))
        if not _safe(address) or (_plain(address) and not _plain(who.issuer)):
            raise _wrong(_("它的说明里缺%(name)s，或者不是https地址。") % {"name": name})
    return described


def seek(*, back: str) -> tuple[str, Sought]:
    """The address to send the reader to, and what to keep meanwhile. back: this site's address for the return."""
    who = provider()
    described = discovered(who)
    sought = Sought(*(secrets.token_urlsafe(48) for _part in range(3)))
    asked = {
        "response_type": "code",
        "client_id": who.client_id,
        "redirect_uri": back,
        "scope": "openid",
        "state": sought.state,
        "nonce": sought.nonce,
        "code_challenge": _challenge(sought.verifier),
        "code_challenge_method": "S256",
    }
    address = described["authorization_endpoint"]
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(asked)}", sought


def found(*, came: Return, at: datetime) -> tuple[str, str]:
    """Issuer and subject of whoever came back with this code. Raises ProviderRefused."""
    who = provider()
    described = discovered(who)
    token = _token(who, described, came)
    keys = _fetched(described["jwks_uri"])
    return who.issuer, _subject(token, keys, who, came.sought.nonce, at)


def _token(
    who: Provider,
    described: dict[str, Any],
    came: Return,
) -> str:
    import httpx

    sent = {
        "grant_type": "authorization_code",
        "code": came.code,
        "redirect_uri": came.back,
        "code_verifier": came.sought.verifier,
    }
    ways = described.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    basic = None
    if who.secret and "client_secret_basic" in ways:
        basic = httpx.BasicAuth(*(_form_encoded(part) for part in (who.client_id, who.secret)))
    else:
        sent["client_id"] = who.client_id
        if who.secret:
            sent["client_secret"] = who.secret
    request = httpx.Request("POST", described["token_endpoint"], data=sent)
    answer = _answered(request, basic)
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise _wrong(_("它没有给出身份凭证。"))
    return token


def _subject(token: str, keys: dict[str, Any], who: Provider, nonce: str, at: datetime) -> str:
    from joserfc import jwt
    from joserfc.errors import InvalidClaimError, JoseError
    from joserfc.jwk import KeySet

    try:
        read = jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS)  # type: ignore[arg-type]  # a document from outside
        claims = read.claims
        jwt.JWTClaimsRegistry(
            now=int(at.timestamp()),
            leeway=_LEEWAY,
            iss={"essential": True, "value": who.issuer},
            aud={"essential": True, "value": who.client_id},
            nonce={"essential": True, "value": nonce},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        ).validate(claims)
        # OpenID Connect Core 3.1.3.7, 4 and 5: a token for several audiences says for whom it was made.
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if several else who.client_id) != who.client_id:
            raise InvalidClaimError("azp")
    except (JoseError, ValueError, TypeError, KeyError) as fault:
        raise _wrong(
            _("它给出的身份凭证没有通过核对（%(kind)s）。") % {"kind": type(fault).__name__}
        ) from fault
    return str(claims["sub"])


def _challenge(verifier: str) -> str:
    """S256 of RFC 7636 section 4.2."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _form_encoded(part: str) -> str:
    # RFC 6749 section 2.3.1: both halves are form-encoded before they are joined.
    return urlencode({"": part})[1:]


def _fetched(address: str) -> dict[str, Any]:
    import httpx

    return _answered(httpx.Request("GET", address))


def _answered(request: "httpx.Request", auth: "httpx.BasicAuth | None" = None) -> dict[str, Any]:
    """The JSON object of an answer. Raises ProviderRefused, without a word of the provider's in it."""
    import httpx

    try:
        # In all, not for each read: a provider that trickles must not hold the desk's threads.
        body = asyncio.run(asyncio.wait_for(_body(request, auth), _SECONDS))
    except httpx.HTTPStatusError as fault:
        raise _wrong(_("它回答了%(code)d。") % {"code": fault.response.status_code}) from fault
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, TimeoutError) as fault:
        raise ProviderRefused(
            _("暂时不能用统一认证登录。"),
            _("认证服务没有应答（%(kind)s）。") % {"kind": type(fault).__name__},
            _("请稍后再试，或者用账号和密码登录；一直这样的，请告诉系统管理员。"),
        ) from fault
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as fault:
        raise _wrong(_("它的应答读不懂。")) from fault
    if not isinstance(document, dict):
        raise _wrong(_("它的应答读不懂。"))
    return document


async def _body(request: "httpx.Request", auth: "httpx.BasicAuth | None") -> bytes:
    import httpx

    async with httpx.AsyncClient(timeout=_SECONDS, follow_redirects=False) as client:
        answer = await client.send(request, auth=auth, stream=True)
        try:
            answer.raise_for_status()
            body = bytearray()
            async for part in answer.aiter_bytes():
                body += part
                if len(body) > _LARGEST:
                    raise _wrong(_("它的应答太大。"))
        finally:
            await answer.aclose()
    return bytes(body)


def _safe(address: str) -> bool:
    """https, or http to this machine itself."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    )


def _plain(address: str) -> bool:
    return address.startswith("http://")


def _misconfigured(why: str) -> ProviderRefused:
    return ProviderRefused(
        _("不能用统一认证登录。"),
        why,
        _("请用账号和密码登录，并告诉系统管理员运行zhengxin doctor。"),
    )


def _wrong(why: str) -> ProviderRefused:
    return ProviderRefused(
        _("没有登录：认证服务的应答不对。"),
        why,
        _("请重新登录一次，或者用账号和密码登录；一直这样的，请告诉系统管理员。"),
    )
