"""A small OpenID provider on loopback, which can be told to misbehave."""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT, SECRET = "zhengxin", "mi-ma:1"
SUBJECT = "110101199003070011"


class Provider:
    """Signs in whoever comes as `subject`. fault: what it does wrong from now on."""

    def __init__(self) -> None:
        self.subject = SUBJECT
        self.fault = ""
        self.key = RSAKey.generate_key(2048, {"kid": "one"})
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        self.url = ""

    def described(self) -> dict[str, Any]:
        issuer = "http://127.0.0.1:1" if self.fault == "issuer" else self.url
        return {
            "issuer": issuer,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": {
                "plain": "http://elsewhere.example/token",
                "no address": "https://[bad",
            }.get(self.fault, f"{self.url}/token"),
            "jwks_uri": f"{self.url}/jwks",
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent back to."""
        back = asked["redirect_uri"]
        assert (asked["client_id"], asked["scope"], asked["response_type"]) == (
            CLIENT, "openid", "code",
        )  # fmt: skip
        if self.fault == "denied":
            return f"{back}?{urlencode({'error': 'access_denied', 'state': asked['state']})}"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{back}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, sent: dict[str, str], basic: str) -> dict[str, Any] | None:
        """The answer of the token endpoint, None when it is refused. A code counts once."""
        name, _, secret = base64.b64decode(basic.removeprefix("Basic ")).decode().partition(":")
        asked = self.codes.pop(sent.get("code", ""), None)
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            asked is None
            or (unquote_plus(name), unquote_plus(secret)) != (CLIENT, SECRET)
            or asked["redirect_uri"] != sent["redirect_uri"]
            or (asked["code_challenge_method"], asked["code_challenge"]) != ("S256", challenge)
        ):
            return None
        return {"access_token": "x", "token_type": "Bearer", "id_token": self.id_token(asked)}

    def id_token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.url, "sub": self.subject, "aud": CLIENT, "nonce": asked["nonce"],
            "iat": now, "exp": now + 300,
        }  # fmt: skip
        wrong: dict[str, dict[str, Any]] = {
            "nonce": {"nonce": "other"},
            "audience": {"aud": "other"},
            "several": {"aud": [CLIENT, "other"]},
            "party": {"aud": [CLIENT, "other"], "azp": "other"},
            "expired": {"iat": now - 900, "exp": now - 600},
            "early": {"iat": now + 900, "exp": now + 1200},
            "nobody": {"sub": None},
            "forged issuer": {"iss": "https://elsewhere.example"},
        }
        claims |= wrong.get(self.fault, {})
        key: Any = self.key
        header = {"alg": "RS256", "kid": "one"}
        if self.fault == "key":
            key = RSAKey.generate_key(2048, {"kid": "one"})
        if self.fault in ("shared secret", "none"):
            alg = "none" if self.fault == "none" else "HS256"
            parts = [json.dumps(part).encode() for part in ({"alg": alg}, claims)]
            signed = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
            # With the public key for a secret, as the oldest trick has it.
            mac = hmac.digest(self.key.as_pem(private=False), signed, "sha256")
            last = b"" if alg == "none" else base64.urlsafe_b64encode(mac).rstrip(b"=")
            return (signed + b"." + last).decode()
        return jwt.encode(header, claims, key, algorithms=["RS256"])

    def keys(self) -> Any:
        return KeySet([self.key]).as_dict(private=False)


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_words: object) -> None:
            pass

        def _tell(self, document: object, status: int = 200) -> None:
            body = json.dumps(document).encode()
            if provider.fault == "no json":
                body = b"<html>"
            if provider.fault == "a list":
                body = b"[]"
            if provider.fault == "too much":
                body = b" " * (2 << 20)
            if provider.fault == "deep":
                body = b"[" * 500_000
            self.send_response(500 if provider.fault == "breaks" else status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            if provider.fault == "trickles":
                with suppress(OSError):
                    for _byte in range(30):
                        self.wfile.write(b" ")
                        time.sleep(0.1)
            with suppress(OSError):
                self.wfile.write(body)

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            provider.asked.append(parts.path)
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(asked))
                self.end_headers()
            elif parts.path == "/jwks":
                self._tell(provider.keys())
            else:
                self._tell(provider.described())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            sent = {name: values[0] for name, values in parse_qs(body).items()}
            answer = provider.token(sent, self.headers.get("Authorization", ""))
            self._tell(answer or {"error": "invalid_grant"}, 200 if answer else 400)

    return Handler


@contextmanager
def provider_running() -> Iterator[Provider]:
    """The provider on a free port, gone at the end."""
    provider = Provider()
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider)) as server:
        provider.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()
