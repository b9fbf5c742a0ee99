"""What an official is told at the desk: rows that came back, silence, work that stopped; and how the program runs."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.desk.conftest import SYSTEM, County
from tests.desk.rows import WRONG, licence, table
from zhengxin import journey
from zhengxin.intake import actions as intake
from zhengxin.intake.models import Submission
from zhengxin.messages.models import Message
from zhengxin.operations.beats import write_beat
from zhengxin.operations.types import Beat

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
NEW = "/desk/submissions/new/licences/"
SignIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    """Files of the home are the test's own."""
    tmp_path.chmod(0o700)
    settings.ZHENGXIN_HOME = tmp_path
    return tmp_path


def told(county: County, username: str) -> list[str]:
    return list(
        Message.objects.filter(account=county.accounts[username]).values_list("subject", flat=True)
    )


def test_the_sender_is_told_once_of_rows_that_came_back(county: County, signed_in: SignIn) -> None:
    client = signed_in("jingban")
    client.post(NEW, {"file": table("licences", licence(1), licence(2, XK_XDR_SHXYM=WRONG))})
    client.post(NEW, {"file": table("licences", licence(3))})
    now = timezone.now()
    assert journey.tell_of_submissions(at=now, actor=SYSTEM) == 1
    assert journey.tell_of_submissions(at=now, actor=SYSTEM) == 0
    number = Submission.objects.order_by("id").first().number
    assert told(county, "jingban") == [f"批次{number}退回1行。"]
    assert told(county, "fuze") == []

    page = client.get("/desk/").content.decode()
    assert '<b class="zx-unread">1<' in page
    inbox = client.get("/desk/messages/").content.decode()
    assert "1条没有看。" in inbox
    message = Message.objects.get()
    assert signed_in("fuze").post(f"/desk/messages/{message.pk}/open/").status_code == 404
    assert client.get(f"/desk/messages/{message.pk}/open/").status_code == 405
    answer = client.post(f"/desk/messages/{message.pk}/open/")
    assert (
        answer["Location"] == f"/desk/submissions/{Submission.objects.order_by('id').first().pk}/"
    )
    assert "没有未读的消息。" in client.get("/desk/messages/").content.decode()
    assert "zx-unread" not in client.get("/desk/").content.decode()


def test_a_file_refused_whole_is_told_and_old_news_is_not(
    county: County, signed_in: SignIn
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    signed_in("jingban").post(NEW, {"file": SimpleUploadedFile("a.csv", b"a,b\n1,2\n")})
    submission = Submission.objects.get()
    assert submission.state == "refused"
    late = submission.received_at + timedelta(days=8)
    assert journey.tell_of_submissions(at=late, actor=SYSTEM) == 0
    assert journey.tell_of_submissions(at=timezone.now(), actor=SYSTEM) == 1
    assert told(county, "jingban") == [f"批次{submission.number}整份退回。"]


def test_each_silence_is_told_once_to_the_units_clerks_and_the_credit_office(
    county: County,
) -> None:
    now = timezone.now()
    new = journey.tell_of_silence(at=now, actor=SYSTEM)
    assert sorted(told(county, "jingban")) == [
        "示例县住房和城乡建设局的行政处罚逾期没有报送。",
        "示例县住房和城乡建设局的行政许可逾期没有报送。",
    ]
    assert told(county, "xinyong") == ["2个来源逾期没有报送。"]
    assert (told(county, "shichang"), new) == ([], 3)
    for days in (0, 1, 40):
        assert journey.tell_of_silence(at=now + timedelta(days=days), actor=SYSTEM) == 0


def test_work_that_stops_is_told_to_the_system_administrator(
    county: County, signed_in: SignIn
) -> None:
    signed_in("jingban").post(NEW, {"file": table("licences", licence(1))})
    Submission.objects.update(state="checked")
    now = timezone.now()
    for _ in range(3):
        intake.note_interruption(submission_id=Submission.objects.get().pk, at=now, actor=SYSTEM)
    journey.tell_of_submissions(at=now, actor=SYSTEM)
    for _ in range(2):
        journey.tell_of_failure(what="OSError", at=now, actor=SYSTEM)
    number = Submission.objects.get().number
    assert sorted(told(county, "xitong")) == sorted(
        [f"批次{number}办不下去。", "后台办理出错：OSError。"]
    )
    assert told(county, "jingban") == []


def test_an_empty_inbox_says_what_will_come(county: County, signed_in: SignIn) -> None:
    assert "还没有消息" in signed_in("shenji").get("/desk/messages/").content.decode()


def test_all_messages_can_be_marked_at_once(county: County, signed_in: SignIn) -> None:
    journey.tell_of_silence(at=timezone.now(), actor=SYSTEM)
    assert signed_in("jingban").post("/desk/messages/read/").status_code == 302
    left = Message.objects.filter(read_at__isnull=True, account__isnull=False)
    assert [each.account.username for each in left] == ["xinyong"]


def test_the_page_of_health_says_what_is_wrong_first(
    county: County, signed_in: SignIn, home, django_assert_max_num_queries
) -> None:
    client = signed_in("xitong")
    page = client.get("/desk/health/").content.decode()
    assert "后台没有运行过。" in page
    assert page.index("后台没有运行过。") < page.index("能读。")
    now = timezone.now()
    write_beat(home, Beat(now, now, rounds=1, failures=0, failed_at=None, failed_with=""))
    with django_assert_max_num_queries(60):
        page = client.get("/desk/health/").content.decode()
    assert "后台在运行，已办1轮。" in page


def test_reading_pages_asks_for_unread_messages_once(
    county: County, signed_in: SignIn, django_assert_max_num_queries
) -> None:
    journey.tell_of_silence(at=timezone.now(), actor=SYSTEM)
    client = signed_in("jingban")
    client.get("/desk/messages/")
    with django_assert_max_num_queries(14):
        client.get("/desk/messages/")
