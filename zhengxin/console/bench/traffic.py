"""Visitors of the load bench, in a process of their own: public pages, desk pages, small submissions.

A job comes as JSON on standard input, what every request took goes as JSON to standard output.
"""

import csv
import io
import json
import random
import re
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any

import httpx

from zhengxin.console.bench.generate import COLUMNS, rows

# How often each kind is asked for, of a hundred.
MIX = {"公开页面": 60, "公开搜索": 15, "记录证明": 5, "工作台页面": 15, "报送一行": 5}
PATIENCE = 60.0
_HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
_ATTRIBUTE = re.compile(r'(name|value)="([^"]*)"')
_numbers = count(1)


@dataclass
class Seen:
    """Milliseconds of every answered request by kind, and what went wrong."""

    spent: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in MIX})
    errors: list[str] = field(default_factory=list)


class Visitor(threading.Thread):
    """One reader after another's page, without a pause; also a clerk who signed in once."""

    def __init__(
        self, job: dict[str, Any], number: int, until: float, cookies: httpx.Cookies
    ) -> None:
        super().__init__(daemon=True)
        self.job, self.until = job, until
        self.dice = random.Random(number)
        self.seen = Seen()
        self.public = httpx.Client(base_url=job["address"], timeout=PATIENCE)
        self.desk = httpx.Client(base_url=job["address"], timeout=PATIENCE, cookies=cookies)

    def run(self) -> None:
        kinds, weights = list(MIX), list(MIX.values())
        acts: dict[str, Callable[[], httpx.Response]] = {
            "公开页面": lambda: self.public.get(self.dice.choice(self.job["pages"])),
            "公开搜索": lambda: self.public.get(self.dice.choice(self.job["searches"])),
            "记录证明": lambda: self.public.get(self.dice.choice(self.job["proofs"])),
            "工作台页面": lambda: self.desk.get(self.dice.choice(self.job["desk"])),
            "报送一行": self._submit,
        }
        while time.monotonic() < self.until:
            [kind] = self.dice.choices(kinds, weights)
            begun = time.perf_counter()
            try:
                answer = acts[kind]()
            except httpx.HTTPError as error:
                self.seen.errors.append(f"{kind}: {error!r}")
                continue
            wanted = 302 if kind == "报送一行" else 200
            if answer.status_code != wanted:
                self.seen.errors.append(f"{kind}: {answer.request.url} {answer.status_code}")
            self.seen.spent[kind].append((time.perf_counter() - begun) * 1000)

    def _submit(self) -> httpx.Response:
        """One new row as a file, through the page that takes it; timed with the page."""
        address = "/desk/submissions/new/penalties/"
        page = self.desk.get(address)
        upload = {"file": ("row.csv", self._row(), "text/csv")}
        return self.desk.post(address, data=_hidden(page.text), files=upload)

    def _row(self) -> bytes:
        [row] = rows(1, seed=1, today=date.fromisoformat(self.job["today"]), unit=self.job["unit"])
        row[COLUMNS.index("CF_WSH")] = f"示市监罚〔2026〕压{next(_numbers)}号"
        text = io.StringIO()
        csv.writer(text).writerows([COLUMNS, row])
        return text.getvalue().encode()


def _hidden(page: str) -> dict[str, str]:
    """Names and values of a page's hidden fields."""
    found = (dict(_ATTRIBUTE.findall(one)) for one in _HIDDEN.findall(page))
    return {one["name"]: one.get("value", "") for one in found if "name" in one}


def _sign_in(job: dict[str, Any]) -> httpx.Cookies:
    """One clerk's session, which all visitors share: an account is signed in only so many times."""
    with httpx.Client(base_url=job["address"], timeout=PATIENCE) as desk:
        page = desk.get("/desk/sign-in/")
        answer = desk.post("/desk/sign-in/", data={**_hidden(page.text), **job["account"]})
        if answer.status_code != 302:
            raise SystemExit(f"sign-in: {answer.status_code}")
        return desk.cookies


def visit(job: dict[str, Any]) -> dict[str, Any]:
    """Sends `clients` visitors for `seconds`; {"spent": {kind: [ms]}, "errors": [text], "seconds"}."""
    cookies = _sign_in(job)
    begun = time.monotonic()
    visitors = [Visitor(job, n, begun + job["seconds"], cookies) for n in range(job["clients"])]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    return {
        "spent": {kind: [ms for v in visitors for ms in v.seen.spent[kind]] for kind in MIX},
        "errors": [error for v in visitors for error in v.seen.errors],
        "seconds": time.monotonic() - begun,
    }


if __name__ == "__main__":
    print(json.dumps(visit(json.load(sys.stdin))))
