"""Appeals at the desk: taken in, read, reviewed with a signature, exported."""

from collections.abc import Callable

import pytest

from tests.appeals.conftest import Counter
from tests.appeals.conftest import counter as counter
from tests.appeals.conftest import own_keys as own_keys
from tests.factors import DeskClient
from zhengxin.accounts.models import Factor
from zhengxin.appeals.models import Appeal

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])


@pytest.fixture
def graded(counter: Counter) -> int:
    """The act by which the firm's penalty was graded; the desk's clock is the real one."""
    found = counter.grades(counter.penalty())
    Factor.objects.update(last_step=0)
    return found


def lodge(client: DeskClient, graded: int) -> Appeal:
    said = {"decision": graded, "words": "情节轻微，已经改正"}
    answer = client.post("/desk/appeals/new/", said)
    found = Appeal.objects.get()
    assert answer["Location"] == f"/desk/appeals/{found.pk}/"
    return found


def test_from_the_counter_to_the_review(
    graded: int, signed_in: Callable[[str], DeskClient]
) -> None:
    officer, reviewer = signed_in("xinyong"), signed_in("fuhe")
    assert "没有等复核的申诉" in officer.get("/desk/appeals/").content.decode()
    row = lodge(officer, graded)
    page = officer.get(f"/desk/appeals/{row.pk}/").content.decode()
    assert "情节轻微" in page
    assert "裁量基准第三条" in page
    # Who graded does not review, and is not offered to.
    assert f"/desk/appeals/{row.pk}/decide/" not in page
    assert officer.get(f"/desk/appeals/{row.pk}/decide/").status_code == 403
    assert "复核申诉" in reviewer.get("/desk/").content.decode()
    assert "复核申诉" not in officer.get("/desk/").content.decode()
    assert (
        f"/desk/appeals/{row.pk}/decide/"
        in reviewer.get(f"/desk/appeals/{row.pk}/").content.decode()
    )
    answer = reviewer.sign(
        f"/desk/appeals/{row.pk}/decide/", {"outcome": "set_aside", "reasons": "情节确属轻微"}
    )
    assert answer["Location"] == f"/desk/appeals/{row.pk}/"
    page = reviewer.get(f"/desk/appeals/{row.pk}/").content.decode()
    assert "撤销原决定，重新办理" in page
    assert "情节确属轻微" in page
    listed = officer.get("/desk/appeals/", {"state": "set_aside"}).content.decode()
    assert f"/desk/appeals/{row.pk}/" in listed
    assert "没有符合条件的" in officer.get("/desk/appeals/", {"state": "kept"}).content.decode()
    table = officer.get("/desk/appeals/csv/").getvalue().decode("utf-8-sig")
    assert f"认定失信等级,{graded},示例县住房和城乡建设局" in table


def test_a_unit_that_is_not_concerned_finds_nothing(
    graded: int, signed_in: Callable[[str], DeskClient]
) -> None:
    row = lodge(signed_in("xinyong"), graded)
    other, own = signed_in("shichang"), signed_in("jingban")
    for path in ("", "withdraw/"):
        assert other.get(f"/desk/appeals/{row.pk}/{path}").status_code == 404
    assert f"/desk/appeals/{row.pk}/" not in other.get("/desk/appeals/").content.decode()
    # The unit that recorded reads what is said against the decision.
    assert own.get(f"/desk/appeals/{row.pk}/").status_code == 200
    assert own.get(f"/desk/appeals/{row.pk}/withdraw/").status_code == 403


def test_a_number_that_is_no_decision_is_refused_in_words(
    graded: int, signed_in: Callable[[str], DeskClient]
) -> None:
    answer = signed_in("xinyong").post(
        "/desk/appeals/new/", {"decision": 999_999, "words": "情节轻微"}
    )
    assert answer.status_code == 409
    assert "没有找到可以申诉的决定" in answer.content.decode()


def test_the_form_offers_the_decisions_about_a_record_to_whom_they_concern(
    graded: int, signed_in: Callable[[str], DeskClient]
) -> None:
    path = f"/desk/appeals/new/?record={graded - 1}"
    offered = signed_in("xinyong").get(path).content.decode()
    assert f"认定失信等级 {graded}" in offered
    assert f'value="{graded}"' in offered
    assert f"认定失信等级 {graded}" not in signed_in("shichang").get(path).content.decode()


def test_taken_back_it_is_over(graded: int, signed_in: Callable[[str], DeskClient]) -> None:
    officer = signed_in("xinyong")
    row = lodge(officer, graded)
    officer.post(f"/desk/appeals/{row.pk}/withdraw/", {"because": "已经谈妥"})
    row.refresh_from_db()
    assert row.state == "withdrawn"
    answer = officer.get(f"/desk/appeals/{row.pk}/withdraw/")
    assert answer["Location"] == f"/desk/appeals/{row.pk}/"
