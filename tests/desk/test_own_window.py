"""What is recorded about a unit or firm, for itself: every entry, how it stands, who read it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.desk.conftest import FROM, PASSWORD, SYSTEM, County
from tests.desk.rows import licence, penalty
from tests.desk.test_discretion import PERSON, send
from tests.desk.test_discretion import own_keys as own_keys
from tests.factors import DeskClient
from zhengxin.accounts import actions as accounts
from zhengxin.audit.models import AuditLine
from zhengxin.kernel.uscc import uscc_check_character
from zhengxin.publication.models import Notice
from zhengxin.subjects import actions as subjects

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
OWN = "/desk/files/own/"
CODE = "11999901MB000001" + "2"
CODE += uscc_check_character(CODE)


@dataclass
class Town:
    """A unit of the county that others have recorded something about, and its clerk's browser."""

    id: int
    clerk: DeskClient


@pytest.fixture
def town(county: County) -> Town:
    at = timezone.now()
    unit = subjects.register_unit(
        name="示例县东河镇", kind="town", code="ZX-T09", uscc=CODE, at=at, actor=SYSTEM
    )
    account = accounts.open_account(
        username="donghe", name="白河", password=PASSWORD, at=at, actor=SYSTEM
    )
    accounts.give_post(
        account_id=account.pk, unit_id=unit.pk, role="clerk", from_on=FROM, at=at, actor=SYSTEM
    )
    return Town(unit.pk, DeskClient(account, None))


def about(n: int = 1, **changes: str) -> dict[str, str]:
    """A penalty of the construction office against the town."""
    return penalty(n, CF_XDR_MC="示例县东河镇", CF_XDR_SHXYM=CODE, **changes)


def test_a_unit_sees_what_others_recorded_about_it_and_until_when(
    county: County, town: Town
) -> None:
    entry = send(county, "penalties", about())
    assert entry.subject_id == town.id
    notice = Notice.objects.get(entry_id=entry.id)
    page = town.clerk.get(OWN)
    text = page.content.decode()
    assert page.status_code == 200
    assert str(entry.id) in text
    assert "示例县住房和城乡建设局报送" in text
    assert notice.get_state_display() in text
    assert about()["CF_WSH"] in text


def test_it_sees_every_reader_with_the_purpose_and_pages_on(
    county: County, town: Town, signed_in: Callable[[str], DeskClient]
) -> None:
    unit = town.id
    send(county, "penalties", about())
    officer = signed_in("xinyong")
    address = f"/desk/files/{unit}/"
    officer.post(address + "purpose/", {"purpose": "监督检查", "detail": "示督〔2026〕3号"})
    for _each in range(21):
        assert officer.get(address).status_code == 200
    client = town.clerk
    first = client.get(OWN)
    text = first.content.decode()
    # The own look is logged before the page is drawn, and stands first.
    assert text.count("示督〔2026〕3号") == 19
    assert text.index("当事人查看自己的记录") < text.index("示督〔2026〕3号")
    oldest = AuditLine.objects.filter(subject_id=unit, outcome="read").order_by("-id")[19].pk
    assert f"before={oldest}" in text
    second = client.get(OWN, {"before": oldest}).content.decode()
    assert second.count("示督〔2026〕3号") == 2
    assert "更早的" not in second


def test_as_known_on_an_earlier_day_there_was_nothing(county: County, town: Town) -> None:
    send(county, "penalties", about())
    day = timezone.localdate() - timedelta(days=1)
    text = town.clerk.get(OWN, {"known_on": day.isoformat()}).content.decode()
    assert "到那一天为止还没有得知任何记录" in text


def test_what_the_law_sealed_is_not_even_the_units_own_to_read(county: County, town: Town) -> None:
    row = about(CF_YJ="《中华人民共和国治安管理处罚法》第二十三条")
    send(county, "penalties", row)
    assert row["CF_WSH"] not in town.clerk.get(OWN).content.decode()


def test_whoever_has_no_unit_of_its_own_to_see_is_refused(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    for username in ("xinyong", "jiandu", "daibiao", "shenji"):
        assert signed_in(username).get(OWN).status_code == 403


def test_at_the_counter_a_firm_gets_the_same_page_and_a_person_does_not(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    firm = send(county, "licences", licence(1))
    person = send(county, "penalties", penalty(2, **PERSON))
    officer = signed_in("xinyong")
    page = officer.get(f"/desk/files/{firm.subject_id}/window/")
    assert page.status_code == 200
    assert "打印这一页交给当事人" in page.content.decode()
    # What is handed over says which office looked, not which person.
    assert page.content.decode().count("许知") == 1
    [line] = AuditLine.objects.filter(act="own.open")
    assert (line.subject_id, line.actor_name) == (firm.subject_id, "许知")
    refused = officer.get(f"/desk/files/{person.subject_id}/window/")
    assert (refused.status_code, "欧阳测" in refused.content.decode()) == (403, False)
    assert signed_in("jingban").get(f"/desk/files/{firm.subject_id}/window/").status_code == 403
    assert officer.get("/desk/files/999999/window/").status_code == 409
