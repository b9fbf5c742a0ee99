"""A late report that was corrected or withdrawn no longer counts as late; the page on quality says so."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.desk.conftest import County
from tests.desk.rows import licence
from tests.desk.test_sending import sent
from tests.factors import DeskClient
from zhengxin.subjects.models import Unit

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])


def decided(days_ago: int) -> dict[str, str]:
    """A licence decided so many days before today."""
    day = (timezone.localdate() - timedelta(days=days_ago)).isoformat()
    return {"XK_JDRQ": day, "XK_YXQZ": day}


def test_a_late_report_that_became_timely_or_went_is_listed_as_a_signal(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    clerk = signed_in("jingban")
    first = sent(clerk, licence(1, **decided(60)))
    gone = sent(clerk, licence(2, **decided(50)))
    sent(clerk, licence(3, **decided(70)), licence(4, **decided(1)))
    assert "late-before" not in clerk.get("/desk/quality/").content.decode()
    sent(clerk, licence(1, **decided(1)))
    clerk.post(f"/desk/submissions/{gone.pk}/withdraw/", {"because": "报错了"})
    address = f"/desk/quality/{first.unit_id}/late-before/"
    assert f'href="{address}">2<' in clerk.get("/desk/quality/").content.decode()
    page = clerk.get(address).content.decode()
    assert "2件迟报，后来更正或撤回了" in page
    assert "只是提示，不是结论" in page
    assert page.count("已撤回，没有再报") == 1
    assert page.count("按时</span>") == 1
    # Sent again with a later day of decision, the withdrawn one is timely too.
    sent(clerk, licence(2, **decided(1)))
    page = clerk.get(address).content.decode()
    assert "已撤回，没有再报" not in page
    assert page.count("按时</span>") == 2


def test_only_who_sees_the_unit_sees_what_became_of_its_late_reports(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    unit_id = sent(signed_in("jingban"), licence(1)).unit_id
    address = f"/desk/quality/{unit_id}/late-before/"
    assert "没有要核对的" in signed_in("xinyong").get(address).content.decode()
    assert signed_in("shichang").get(address).status_code == 404
    assert signed_in("xinyong").get("/desk/quality/999999/late-before/").status_code == 404


def test_what_another_unit_reported_for_it_says_so(
    county: County, signed_in: Callable[[str], DeskClient]
) -> None:
    Unit.objects.filter(pk=county.units["县发改局"]).update(traits=["credit_office"])
    office, own = signed_in("xinyong"), signed_in("jingban")
    behalf = sent(office, licence(1, **decided(60)))
    sent(own, licence(2, **decided(60)))
    office.post(f"/desk/submissions/{behalf.pk}/withdraw/", {"because": "报错了"})
    sent(own, licence(2, **decided(1)))
    page = own.get(f"/desk/quality/{county.units['县住建局']}/late-before/").content.decode()
    assert "2件迟报，后来更正或撤回了" in page
    assert page.count("由示例县发展和改革局代报") == 1
