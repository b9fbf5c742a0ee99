"""Every page of the desk, opened by every role, leaves a line: what was read, or what was refused and why."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.desk.conftest import POSTS, County
from tests.desk.rows import licence, penalty, table
from tests.desk.test_numbers_typed import NUMBER
from tests.oversight.inspections.conftest import Office
from zhengxin import journey
from zhengxin.accounts.models import Factor
from zhengxin.audit import queries as audit
from zhengxin.audit.models import AuditLine
from zhengxin.desk.urls import urlpatterns
from zhengxin.intake.models import Submission, WaitingRecord
from zhengxin.oversight.inspections.models import Case
from zhengxin.oversight.models import Plan
from zhengxin.publication.models import Notice
from zhengxin.subjects.models import Subject

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])

# Asked every two seconds by a page whose opening was logged.
POLLED = {"progress"}
# Not pages of somebody signed in: their acts are logged by themselves.
OPEN = {
    "sign-in",
    "prove-factor",
    "sign-out",
    "choose-post",
    "first",
    "invitation",
    "to-provider",
    "from-provider",
    # A calendar program's, by a secret address.
    "duty-feed",
}


@pytest.fixture(autouse=True)
def own_keys(settings: LazySettings, tmp_path: Path) -> None:
    settings.KEYS_DIR = tmp_path / "keys"


@pytest.fixture
def cases(county: County) -> dict[str, object]:
    """An inspection with a problem found, an order, an issue."""
    Factor.objects.filter(kind="totp").update(last_step=0)
    office = Office(county, timezone.now() - timedelta(days=3))
    begun = office.today
    days = {"from_on": begun, "until_on": begun + timedelta(days=90)}
    campaign = office.planned(office.designated(**days), **days, seed_on=begun + timedelta(days=1))
    office.later(2)
    office.draws(campaign)
    case = Case.objects.get(campaign=campaign, unit_id=county.units["县住建局"])
    officer = office.actor("xinyong")
    issue_id = journey.raise_issue(
        question="资金来源", words="涉及三个单位", repeats_id=None, at=office.now, actor=officer
    )
    return {
        "campaign_id": campaign.pk,
        "designation_id": campaign.designation_id,
        "case_id": case.pk,
        "finding_id": office.finds(case, 1, "problem", due_on=begun + timedelta(days=30)),
        "order_id": office.orders().pk,
        "issue_id": issue_id,
    }


@pytest.fixture
def asked(
    county: County,
    signed_in: Callable[[str], Client],
    owe: Callable[..., int],
    cases: dict[str, object],
) -> dict[str, object]:
    """Something real for every part of an address."""
    clerk = signed_in("jingban")
    for source, rows in (
        ("licences", [licence(1, XK_XDR_MC="张三"), licence(2)]),
        ("penalties", [penalty(1)]),
    ):
        clerk.post(f"/desk/submissions/new/{source}/", {"file": table(source, *rows)})
    return {
        "source": "licences",
        "submission_id": Submission.objects.earliest("id").pk,
        "waiting_id": WaitingRecord.objects.earliest("id").pk,
        "succession_id": 1,
        "entry_id": Notice.objects.filter(kind="licence").earliest("entry_id").entry_id,
        "subject_id": county.units["县住建局"],
        "agreement_id": 1,
        "recipient_id": 1,
        "line_id": AuditLine.objects.earliest("id").pk,
        "hold_id": 1,
        "message_id": 1,
        "account_id": county.accounts["jingban"].pk,
        "post_id": 1,
        "delegation_id": 1,
        "factor_id": 1,
        "token": "x" * 43,
        "role": "audit_admin",
        "code": "city",
        "dispatch_id": 1,
        "paper_id": 1,
        "unit_id": county.units["县住建局"],
        "proposal_id": 1,
        "handling_id": 1,
        "cohandler_id": 1,
        "signer_id": 1,
        "delegate_id": 1,
        "office_id": 1,
        "piece_id": 1,
        "form": "csv",
        "duty_id": owe(),
        "plan_id": _plan(signed_in("xinyong")),
        "number": 1,
        "change": "drop",
        "amendment_id": 1,
        "implementing_id": 1,
        **cases,
        "quarter": "2026Q3",
        "return_id": 1,
        "objection_id": 1,
        "copy_id": 1,
        "application_id": 1,
        "appeal_id": 1,
        "sanction_id": 1,
        "measure_id": 1,
        "referral_id": 1,
    }


def _plan(client: Client) -> int:
    """A plan that was read and waits to be checked."""
    text = "示例县方案\n一、任务。（牵头单位：县没有局）\n2026年3月1日\n".encode()
    client.post("/desk/plans/new/", {"file": SimpleUploadedFile("方案.txt", text)})
    return Plan.objects.get().pk


def pages(asked: dict[str, object]) -> dict[str, str]:
    """The address of every page, by name. A new kind of part has to be given above."""
    return {
        pattern.name: reverse(
            f"desk:{pattern.name}",
            kwargs={part: asked[part] for part in pattern.pattern.converters},
        )
        for pattern in urlpatterns
        if pattern.name not in OPEN | POLLED
    }


@pytest.mark.parametrize("username", sorted(POSTS))
def test_an_answer_leaves_exactly_one_line(
    username: str, asked: dict[str, object], signed_in: Callable[[str], Client]
) -> None:
    client = signed_in(username)
    opened = refused = 0
    for name, address in pages(asked).items():
        last = audit.last_id()
        answer = client.get(address)
        if answer.streaming:
            assert b"".join(answer.streaming_content)
        lines = list(AuditLine.objects.filter(id__gt=last))
        if answer.status_code == 302:
            # Led on to another page: a file asks for the purpose first.
            assert lines == [], name
            continue
        assert len(lines) == 1, (name, answer.status_code, lines)
        [line] = lines
        assert line.actor_name == POSTS[username][0], name
        if answer.status_code == 200:
            opened += 1
            assert line.outcome == "read", name
        else:
            refused += 1
            # 405: a form's address, opened like a page.
            assert answer.status_code in (403, 404, 405, 409), (name, answer.status_code)
            assert line.outcome == "refused", name
            assert line.detail.get("why") or answer.status_code == 405, name
    assert opened >= 2
    assert refused >= 1


def test_a_record_seen_at_work_is_seen_by_whom_it_concerns(
    asked: dict[str, object], signed_in: Callable[[str], Client]
) -> None:
    penalised = Notice.objects.filter(kind="penalty").get()
    states = {"ungraded": f"/desk/grading/{penalised.entry_id}/"}
    address = states.get(penalised.state, f"/desk/notices/{penalised.entry_id}/")
    assert signed_in("xinyong").get(address).status_code == 200
    [reading] = audit.readers_of([penalised.subject_id or 0])
    assert (reading.actor_name, reading.act) == ("许知", "entry.read")
    assert reading.purpose in ("办理公示", "办理定级")
    assert Subject.objects.filter(pk=penalised.subject_id).exists()


def test_a_search_is_logged_with_its_words_but_no_number(
    county: County, signed_in: Callable[[str], Client]
) -> None:
    signed_in("xinyong").get("/desk/files/", {"q": f"{'某' * 50}{NUMBER}"})
    line = AuditLine.objects.latest("id")
    assert (line.act, line.object_id) == ("page.read", "/desk/files/")
    assert NUMBER[:10] not in str(line.detail)
    signed_in("xinyong").get("/desk/files/", {"q": "示例县住建"})
    assert AuditLine.objects.latest("id").detail == {"asked": {"q": "示例县住建"}}


def test_a_form_with_faults_is_an_attempt(
    county: County, signed_in: Callable[[str], Client]
) -> None:
    sent = {"old": "bu-dui", "new": "xin-de-mima-2027", "again": "xin-de-mima-2027"}
    assert signed_in("jingban").post("/desk/account/", sent).status_code == 422
    line = AuditLine.objects.latest("id")
    assert (line.act, line.outcome, line.object_id) == ("page.send", "refused", "/desk/account/")
    assert "xin-de" not in str(line.detail)
