"""Coming through the doors of a served invented county, as a browser would."""

import re
import time
from pathlib import Path

import httpx
import yaml

REGISTER = Path(__file__).resolve().parents[1] / "registers" / "example.yaml"
_HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
_CODE = re.compile(r'class="zx-code">(\d{6})<')
_ATTRIBUTE = re.compile(r'(name|value)="([^"]*)"')


def password_of(username: str) -> str:
    """The password an invented account has from its register."""
    register = yaml.safe_load(REGISTER.read_text(encoding="utf-8"))
    [account] = [each for each in register["accounts"] if each["username"] == username]
    return str(account["password"])


def hidden_fields(page: str) -> dict[str, str]:
    """Names and values of a page's hidden fields."""
    found = (dict(_ATTRIBUTE.findall(one)) for one in _HIDDEN.findall(page))
    return {one["name"]: one.get("value", "") for one in found if "name" in one}


def sign_in(address: str, username: str, cookies: httpx.Cookies | None = None) -> httpx.Client:
    """A visitor who signed in as this invented account; redirects are not followed.

    cookies: those of an earlier visit, which may still be good.
    """
    client = httpx.Client(base_url=address, timeout=60, cookies=cookies)
    if cookies and client.get("/desk/").status_code == 200:
        return client
    page = client.get("/desk/sign-in/")
    given = {"username": username, "password": password_of(username)}
    answer = client.post("/desk/sign-in/", data={**hidden_fields(page.text), **given})
    assert answer.status_code == 302, answer.text
    if "/sign-in/factor/" in answer.headers["Location"]:
        _prove_factor(client, answer.headers["Location"])
    return client


def _prove_factor(client: httpx.Client, address: str) -> None:
    """The invented county shows a code of the account's invented app; each passes once."""
    while True:
        page = client.get(address)
        if shown := _CODE.search(page.text):
            answer = client.post(address, data={**hidden_fields(page.text), "code": shown[1]})
            if answer.status_code == 302:
                return
        time.sleep(0.2)
