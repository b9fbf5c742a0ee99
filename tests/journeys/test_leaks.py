"""No identity number anywhere: every page of the portal, every role's desk, the API and every download."""

import gzip
import html
import http.cookiejar
import io
import re
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Iterator
from urllib.error import HTTPError

import pytest

from tests.homes import Home
from zhengxin.kernel.leaks import find_id_numbers

pytestmark = pytest.mark.sqlite_story

LINK = re.compile(r"""(?:href|src|action|hx-get|data-src)="([^"#]+)""")
# Pages that differ only in these words of a query are read once a pattern.
MOST_OF_A_KIND = 12
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
CODE = re.compile(r'<b class="zx-code">(\d{6})</b>')
# What hands the sender's own faulty rows back is allowed to repeat what the sender wrote.
HANDED_BACK = re.compile(r"/(?:marked|workbook)")
LEAVING = re.compile(r"sign-out|/mode/|/static/")


class Reader:
    """Somebody with a browser: keeps cookies, follows every link of the site."""

    def __init__(self, address: str) -> None:
        self.address = address
        jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        self.read: dict[str, bytes] = {}

    def get(self, path: str) -> bytes:
        """The body of a page, whatever its status."""
        url = urllib.parse.urljoin(
            self.address, urllib.parse.quote(html.unescape(path), safe="/?&=%+:.,-~")
        )
        try:
            with self._opener.open(url, timeout=60) as answer:
                body: bytes = answer.read()
        except HTTPError as refusal:
            if refusal.code >= 500:
                raise
            body = refusal.read()
        return body

    def sign_in(self, username: str, password: str) -> None:
        """Through the form, as a person would."""
        page = self.get("/desk/sign-in/").decode()
        token = TOKEN.search(page)
        assert token
        form = {"csrfmiddlewaretoken": token[1], "username": username, "password": password}
        url, page = self._send("/desk/sign-in/", form)
        if "sign-in/factor" in url:
            # The invented county tells the code of the second step.
            token, code = TOKEN.search(page), CODE.search(page)
            assert token
            assert code, f"no code is shown to {username}"
            form = {"csrfmiddlewaretoken": token[1], "code": code[1]}
            url, page = self._send("/desk/sign-in/factor/", form)
        assert "sign-in" not in url, f"{username} could not sign in"

    def _send(self, path: str, form: dict[str, str]) -> tuple[str, str]:
        """Where a form led, and what stands there."""
        request = urllib.request.Request(
            f"{self.address}{path}", data=urllib.parse.urlencode(form).encode()
        )
        with self._opener.open(request, timeout=60) as answer:
            return answer.url, answer.read().decode()

    def crawl(self, *starts: str) -> dict[str, bytes]:
        """Every page reached from `starts`, at most some of each kind."""
        waiting, seen = list(starts), set(starts)
        kinds: dict[str, int] = {}
        while waiting:
            path = waiting.pop(0)
            body = self.get(path)
            self.read[path] = body
            for link in LINK.findall(body.decode("utf-8", "replace")):
                joined = urllib.parse.urljoin(path, html.unescape(link))
                if not joined.startswith("/") or joined.startswith("//") or LEAVING.search(joined):
                    continue
                kind = re.sub(r"\d+|=[^&]*", "…", joined)
                if joined not in seen and kinds.get(kind, 0) < MOST_OF_A_KIND:
                    seen.add(joined)
                    kinds[kind] = kinds.get(kind, 0) + 1
                    waiting.append(joined)
        return self.read


def texts(body: bytes) -> Iterator[str]:
    """What a body says: as it stands, without tags, unpacked if it is packed."""
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            for name in book.namelist():
                yield book.read(name).decode("utf-8", "replace")
        return
    if body[:2] == b"\x1f\x8b":
        body = gzip.decompress(body)
    text = body.decode("utf-8", "replace")
    yield text
    yield html.unescape(re.sub(r"<[^>]+>", "", text))


def leaks(pages: dict[str, bytes]) -> dict[str, list[str]]:
    """Identity numbers by page."""
    return {
        path: found
        for path, body in pages.items()
        if not HANDED_BACK.search(path)
        if (found := [number for text in texts(body) for number in find_id_numbers(text)])
    }


@pytest.fixture(scope="module")
def site(demo_county: Home) -> Iterator[str]:
    with demo_county.serving() as address:
        yield address


def test_the_county_holds_numbers_that_could_leak(demo_county: Home) -> None:
    """The test would prove nothing about a county without identity numbers."""
    held = demo_county.ask(
        "from zhengxin.ledger import queries\nfrom zhengxin.ledger.models import Entry\n"
        "from zhengxin.kernel.leaks import find_id_numbers\n"
        "found = queries.payloads(Entry.objects.values_list('id', flat=True))\n"
        "answer = sum(bool(find_id_numbers(str(dict(p.closed)))) for p in found.values())"
    )
    assert held > 10


def test_the_portal_and_the_api_name_no_identity_number(site: str) -> None:
    reader = Reader(site)
    pages = reader.crawl(
        "/",
        "/search/?q=示例",
        "/search/?q=有限公司",
        "/search/?q=〔2026〕1号",
        "/api/v1/openapi.json",
        "/api/v1/entries?limit=1000",
        "/api/v1/units",
        "/api/v1/corrections",
        "/api/v1/downloads",
        "/withheld/",
        "/verify/",
        "/about/",
    )
    pages |= {
        path: reader.get(path)
        for kind in ("licence", "honour")
        for path in (f"/api/v1/downloads/{kind}.csv", f"/api/v1/downloads/{kind}.parquet")
    }
    assert len(pages) > 40
    assert leaks(pages) == {}


@pytest.mark.parametrize(
    "username",
    ["shichang", "zhujian-fuze", "xinyong", "fuhe", "jiandu", "xitong", "baomi", "shenji"],
)
def test_no_role_reads_an_identity_number_at_the_desk(
    site: str, demo_county: Home, username: str
) -> None:
    accounts = demo_county.ask(
        "from django.utils import timezone\n"
        "from zhengxin.accounts import queries\n"
        "answer = {a.username: a.password for a in queries.invented_accounts(timezone.now())}"
    )
    reader = Reader(site)
    reader.sign_in(username, accounts[username])
    pages = reader.crawl("/desk/")
    assert len(pages) > 3
    assert leaks(pages) == {}
