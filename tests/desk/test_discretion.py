"""What an official sees by the way: other readers' reasons, and people's records."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from tests.desk.conftest import County
from tests.desk.rows import licence, penalty, table
from tests.factors import DeskClient
from zhengxin import journey
from zhengxin.accounts.queries import actor_for
from zhengxin.intake.models import Submission
from zhengxin.ledger.models import Entry
from zhengxin.publication.models import Notice

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
PERSON = {
    "CF_XDR_MC": "欧阳测",
    "CF_XDR_LB": "自然人",
    "CF_XDR_SHXYM": "",
    "CF_FRDB": "",
    "CF_XDR_ZJLX": "身份证",
    "CF_XDR_ZJHM": "210321190001010014",
}


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"


def send(county: County, source: str, row: dict[str, str]) -> Entry:
    submission = journey.submit(
        upload=table(source, row),
        filename="报送.csv",
        source=source,
        unit_id=county.units["县住建局"],
        at=timezone.now(),
        actor=actor_for(county.accounts["jingban"], timezone.localdate()),
        wait=True,
    )
    assert submission.admitted == 1
    return Entry.objects.latest("id")


def test_why_others_looked_at_a_firm_is_not_every_clerks_news(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    firm = send(county, "licences", licence(1)).subject_id
    address = f"/desk/files/{firm}/"
    officer = signed_in("xinyong")
    officer.post(address + "purpose/", {"purpose": "监督检查", "detail": "示督〔2026〕3号"})
    assert "示督〔2026〕3号" in officer.get(address).content.decode()
    clerk = signed_in("jingban")
    clerk.post(address + "purpose/", {"purpose": "监督检查", "detail": "核对"})
    page = clerk.get(address)
    assert page.status_code == 200
    assert "示督〔2026〕3号" not in page.content.decode()
    assert "许知" not in page.content.decode()


def test_a_persons_record_is_not_read_past_its_file(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    entry = send(county, "penalties", penalty(1, **PERSON))
    assert Notice.objects.get(entry_id=entry.id).withheld == "natural_person"
    page = signed_in("xinyong").get(f"/desk/notices/{entry.id}/")
    assert page.status_code == 404
    assert "欧阳测" not in page.content.decode()
    assert "先说明用途" in page.content.decode()


def test_a_persons_withdrawn_record_is_not_read_past_its_file_either(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    entry = send(county, "penalties", penalty(1, **PERSON))
    journey.withdraw(
        submission_id=Submission.objects.latest("id").pk,
        because="传错了",
        at=timezone.now(),
        actor=actor_for(county.accounts["jingban"], timezone.localdate()),
    )
    assert Notice.objects.get(entry_id=entry.id).withheld == "withdrawn"
    page = signed_in("xinyong").get(f"/desk/notices/{entry.id}/")
    assert (page.status_code, "欧阳测" in page.content.decode()) == (404, False)


@pytest.mark.parametrize("party", [{}, PERSON], ids=["firm", "person"])
def test_a_sealed_record_is_shown_to_nobody(
    county: County, signed_in: Callable[[str], DeskClient], party: dict[str, str]
) -> None:
    sealed = penalty(1, **{"CF_YJ": "《中华人民共和国治安管理处罚法》第二十三条", **party})
    entry = send(county, "penalties", sealed)
    client = signed_in("xinyong")
    page = client.get(f"/desk/notices/{entry.id}/")
    assert (page.status_code, sealed["CF_WSH"] in page.content.decode()) == (404, False)
    address = f"/desk/files/{entry.subject_id}/"
    client.post(address + "purpose/", {"purpose": "监督检查", "detail": ""})
    file = client.get(address)
    assert (file.status_code, sealed["CF_WSH"] in file.content.decode()) == (200, False)
