"""HTTP: one multipart POST a dispatch, with its number and digest as the key that makes it count once."""

import os
import ssl
from collections.abc import Collection, Sequence
from contextlib import ExitStack
from pathlib import Path

import httpx

from zhengxin.handover.carrying.reaching import (
    LARGEST,
    Unreachable,
    other_there,
    reason,
    wanted_name,
)
from zhengxin.handover.ground import local
from zhengxin.handover.types import Outcome, Place, Told
from zhengxin.kernel.say import say

_CONFLICT, _REFUSED, _SERVER = 409, 400, 500
_WAIT = (408, 425, 429)


def deliver(place: Place, files: Sequence[Path], *, number: str, digest: str) -> Outcome:
    """POST all files. 2xx: taken; 409 with this digest: taken before; other 4xx: refused; the rest: not reached."""
    try:
        with _client(place) as client, ExitStack() as open_files:
            parts = [
                ("files", (path.name, open_files.enter_context(path.open("rb")))) for path in files
            ]
            # The peer looks these up before it reads any row.
            headers = {
                "Idempotency-Key": f"{number}:{digest}",
                "X-Dispatch-Number": number,
                "X-Dispatch-Digest": digest,
            }
            answer = client.post(place.url, files=parts, headers=headers)
    except (httpx.HTTPError, OSError, ssl.SSLError) as error:
        return Outcome(Told.UNREACHABLE, reason(error))
    return _outcome(answer, digest)


def _outcome(answer: httpx.Response, digest: str) -> Outcome:
    if answer.is_success:
        return Outcome(Told.DELIVERED)
    if answer.status_code == _CONFLICT:
        if digest in answer.text:
            return Outcome(Told.ALREADY)
        return Outcome(Told.REFUSED, other_there())
    detail = say("对方回答{code}：{text}", code=answer.status_code, text=answer.text[:150])
    refused = _REFUSED <= answer.status_code < _SERVER and answer.status_code not in _WAIT
    return Outcome(Told.REFUSED if refused else Told.UNREACHABLE, detail)


def fetch(place: Place, seen: Collection[str]) -> list[tuple[str, bytes]]:
    """GET the address: a JSON list of names; each lies below it. Raises Unreachable."""
    try:
        with _client(place) as client:
            listed = client.get(place.url)
            listed.raise_for_status()
            names = [str(name) for name in listed.json()]
            found = []
            for name in names:
                if name in seen or not wanted_name(name) or "/" in name:
                    continue
                answer = client.get(f"{place.url.rstrip('/')}/{name}")
                answer.raise_for_status()
                if len(answer.content) <= LARGEST:
                    found.append((name, answer.content))
            return found
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, TypeError) as error:
        raise Unreachable(place.url, reason(error)) from error


def settle(place: Place, name: str) -> None:
    """Nothing: names that were read are remembered here."""


def _client(place: Place) -> httpx.Client:
    context = ssl.create_default_context()
    if place.ca_file:
        context.load_verify_locations(local(place.ca_file))
    headers = {}
    token = os.environ.get(place.token_env, "") if place.token_env else ""
    if place.token_file:
        token = local(place.token_file).read_text(encoding="utf-8").strip()
    if token:
        headers["Authorization"] = f"Bearer {token}"
    # A proxy named in somebody's environment would see the records.
    return httpx.Client(
        verify=context,
        timeout=place.seconds,
        headers=headers,
        trust_env=False,
        follow_redirects=False,
    )
