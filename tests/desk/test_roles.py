"""Every page with every role: nothing breaks, no link leads to a refusal, no page opens beyond the role."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import ExitStack, closing
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from django.urls import resolve

from tests.doors import sign_in
from tests.homes import Home

# One account a role, of the invented county.
ROLES = {
    "clerk": "shichang",
    "leader": "zhujian-fuze",
    "credit_officer": "xinyong",
    "reviewer": "fuhe",
    "supervisor": "jiandu",
    "system_admin": "xitong",
    "security_admin": "baomi",
    "audit_admin": "shenji",
    "delegate": "daibiao",
}
_LINK = re.compile(r'(?:href|hx-get)="([^"#]+)')
_NUMBER = re.compile(r"\d+")
EVERYBODY = set(ROLES)
# Which role opens which page of the invented county, of those that links lead to.
OPENS = {
    "account delegate delegations factors messages sessions today": {
        "audit_admin",
        "clerk",
        "credit_officer",
        "delegate",
        "leader",
        "reviewer",
        "security_admin",
        "supervisor",
        "system_admin",
    },
    "remove-factor": {
        "audit_admin",
        "credit_officer",
        "leader",
        "reviewer",
        "security_admin",
        "supervisor",
        "system_admin",
    },
    "proposal proposals": {
        "clerk",
        "credit_officer",
        "delegate",
        "leader",
        "reviewer",
        "supervisor",
    },
    "agreements designations duties duties-list duties-month duties-overdue duty files "
    "implementing inspection inspection-csv inspection-sampling inspections issues "
    "objection objections objections-csv "
    "issues-csv mandate orders orders-csv plan plan-document plans proposal-figures "
    "proposal-offices proposals-export proposals-template quality receipt return-figure "
    "law-values returns returns-workbook sanctions submissions unit-returns": {
        "clerk",
        "credit_officer",
        "leader",
        "reviewer",
        "supervisor",
    },
    "inspection-case issue one-return return-evidence": {
        "credit_officer",
        "leader",
        "reviewer",
        "supervisor",
    },
    "check-repair repairs repairs-csv": {
        "clerk",
        "credit_officer",
        "leader",
        "reviewer",
        "supervisor",
    },
    "repair repair-piece": {"credit_officer", "leader", "reviewer", "supervisor"},
    "withdraw-repair": {"credit_officer", "leader"},
    "accept-repair ask-repair decide-repair decline-repair extend-repair": {"leader"},
    "accounts one-account": {"audit_admin", "security_admin", "system_admin"},
    "choose-source lodge-objection one-row submit template": {"clerk", "credit_officer", "leader"},
    "corrections exchange-peer order referrals sanction sanction-paper": {
        "credit_officer",
        "reviewer",
        "supervisor",
    },
    "papers plan-inspection raise-issue": {"credit_officer", "leader", "reviewer"},
    "accept-returns amend-task attribution breach-duty change-duty designate discard-plan "
    "drop-sanction end-designation end-plan extend-duty grade grading hand-over-duty holds mention new-order notice "
    "notices objection-contact place-hold plan-name receive-conclusion record-finding "
    "return-duty send-plan "
    "verify-duty": {"credit_officer", "reviewer"},
    "proposal-consent rate-reply": {"credit_officer", "delegate"},
    "contact-proposal file-implementing marked report-duty": {"clerk", "leader"},
    # The credit office's own uploads.
    "withdraw": {"clerk", "credit_officer", "leader"},
    "own-window": {"clerk", "leader"},
    "audit audit-export audit-export-lines audit-line": {"audit_admin"},
    "close-account health invite open-account": {"system_admin"},
    "confirm-law-value decide-review erase lift-seal release release-text sealed withhold "
    "withhold-order": {"reviewer"},
    "assign-proposal bind-delegate decide-declined decide-issue end-agreement "
    "exchange-answers exchange-export extend-proposal import-proposals make-agreement "
    "name-proposal-office propose-sanction proposal-delegates recipients refer-unit "
    "register-proposal withdraw-objection": {"credit_officer"},
    "end-post give-post hand-over locks": {"security_admin"},
    "answer-objection write-return": {"clerk"},
    "appeal objection-piece": {"clerk", "credit_officer", "reviewer", "supervisor"},
    "appeals appeals-csv": {"clerk", "credit_officer", "leader", "reviewer", "supervisor"},
    "lodge-appeal": {"clerk", "credit_officer", "leader"},
    "withdraw-appeal": {"credit_officer"},
    "revoke-repair": {"leader"},
    "confirm-correction": {"credit_officer", "leader"},
}
# Pages alike but for a number are looked at so many times; of those of a name so many by every role.
ALIKE = 4
SHARED = 2


def _links(page: httpx.Response) -> set[str]:
    """Addresses of this site a page offers, without what follows a '?' twice over."""
    text = page.text.replace("&amp;", "&")
    here = str(page.url)
    found = {urljoin(here, link) for link in _LINK.findall(text)}
    return {link for link in found if urlsplit(link).netloc == urlsplit(here).netloc}


def _crawl(
    client: httpx.Client, starts: list[str], inside: Callable[[str], bool]
) -> dict[str, int]:
    """Status of every page that links lead to from `starts`, the last first, and that lies inside; pages alike a few times only."""
    seen: dict[str, int] = {}
    shapes: dict[str, int] = defaultdict(int)
    todo = list(starts)
    while todo:
        address = todo.pop()
        parts = urlsplit(address)
        shape = _NUMBER.sub("n", parts.path + "?" + re.sub(r"=[^&]*", "=", parts.query))
        if address in seen or shapes[shape] >= ALIKE or not inside(address):
            continue
        shapes[shape] += 1
        answer = client.get(address)
        seen[address] = answer.status_code
        if answer.is_redirect:
            todo.append(urljoin(address, answer.headers["Location"]))
        if "text/html" in answer.headers.get("Content-Type", ""):
            todo += sorted(_links(answer))
    return seen


def _some_of_each(reached: Iterable[str]) -> set[str]:
    """At most so many pages of a name that one role was led to: every role looks at each of them."""
    found: dict[str, list[str]] = defaultdict(list)
    for url in sorted(reached):
        found[resolve(urlsplit(url).path).url_name].append(url)
    return {url for some in found.values() for url in some[:SHARED]}


def _desk(url: str) -> bool:
    return urlsplit(url).path.startswith("/desk/")


@pytest.mark.sqlite_story
def test_every_page_with_every_role(demo_county: Home) -> None:
    told = {page: roles for pages, roles in OPENS.items() for page in pages.split()}
    with demo_county.serving() as address, ExitStack() as doors:
        clients = {
            role: doors.enter_context(closing(sign_in(address, username)))
            for role, username in ROLES.items()
        }
        everywhere: set[str] = set()
        for role, client in clients.items():
            starts = [f"{address}/desk/"]
            if role in told["duties-list"]:
                # What is reported is few among what is owed.
                starts.append(f"{address}/desk/duties/list/?state=reported")
            reached = _crawl(client, starts, _desk)
            wrong = {url: status for url, status in reached.items() if status not in (200, 302)}
            assert not wrong, f"{role} is led to {wrong}"
            everywhere |= _some_of_each(reached)
        opened: dict[str, set[str]] = defaultdict(set)
        for role, client in clients.items():
            for url in sorted(everywhere):
                status = client.get(url).status_code
                assert status in (200, 302, 403, 404, 409), (role, url, status)
                if status == 200:
                    opened[resolve(urlsplit(url).path).url_name].add(role)
        visitor = doors.enter_context(httpx.Client())
        for url in everywhere:
            if "/sign-in/" not in url:
                assert visitor.get(url).status_code == 302, url
    other = {
        name: sorted(opened.get(name, ()))
        for name in {*opened, *told}
        if opened.get(name) != told.get(name)
    }
    assert not other, "\n".join(f"{name}: {roles}" for name, roles in sorted(other.items()))
