"""What was taken off the board, or never may stand on it, stays off: grounds, numbers left behind, persons' names."""

from datetime import date

import pytest

from tests.publication.county import record
from tests.publication.test_publishing import DAY, LATER, whole_board
from zhengxin.publication import queries as publication
from zhengxin.publication.board import models, queries
from zhengxin.publication.models import Held, Notice
from zhengxin.subjects.models import Name

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.mark.parametrize("written", ["张三", "张三、李四"])
def test_a_person_written_beside_a_firms_code_is_not_named(county, written):
    (entry_id,) = county.send(record(open={"XK_XDR_MC": written}))
    assert county.publish().leaks == (entry_id,)
    assert "张三" not in whole_board()


@pytest.mark.parametrize(
    "written",
    [
        "东河建材有限公司（经营者张伟）",
        "东河建材有限公司 法定代表人：张伟",
        "东河建材有限公司经营者张伟",
        "张伟（东河建材有限公司）",
        "东河建材有限责任公司（经营者张伟）",
        "东河建材公司（张伟）",
        "东河建材有限公司实际控制人张伟",
        "东河建材有限公司总经理张伟",
        "东河建材有限公司（委托代理人张伟）",
        "东河建材有限公司及张伟",
        "张伟经营的东河建材有限公司",
        "东河建材有限公司经营者张伟男汉族",
        "东河建材有限公司张伟",
    ],
)
def test_a_person_written_beside_a_firms_name_is_not_named(county, written):
    (entry_id,) = county.send(record(open={"XK_XDR_MC": written}))
    assert county.publish().leaks == (entry_id,)
    assert "张伟" not in whole_board()


@pytest.mark.parametrize(
    "written",
    [
        "东河建材有限公司",
        "东河 建材",
        "东河建材厂",
        "东河建材有限公司（东河分公司）",
        "示例县东河建材有限公司",
        "辽宁东河建材有限公司",
        "东河建材有限公司河口镇第一项目部",
        "东河建材有限公司（有限合伙）",
        "东河建材（北京）有限公司",
    ],
)
def test_a_firm_by_its_other_names_is_shown(county, written):
    Name.objects.create(subject_id=11, text="东河建材", folded="东河建材", kind="short")
    county.send(record(open={"XK_XDR_MC": written}))
    assert county.publish().leaks == ()


def test_a_withheld_entry_leaves(county):
    (entry_id,) = county.send(record())
    county.publish()
    county.act(
        "withholding", entry_id, reason="trade_secret", because="企业申请", review_on="2027-01-01"
    )
    (later,) = county.send(record(number="示住建许〔2026〕19号"))
    county.act("withholding", later, reason="trade_secret", because="申请", review_on="2027-06-01")
    county.publish(LATER)
    assert queries.item(entry_id, DAY) is None
    assert queries.corrections()[0].reason == "never"
    # When they are looked at again is public: the soonest, for the county and for the unit.
    [ground] = queries.withheld()
    assert (ground.n, ground.review_on) == (2, date(2027, 1, 1))
    known = models.BoardFigure.objects.using("board").get(name="units").value["1"]
    assert known["reviews"] == {"trade_secret": "2027-01-01"}


@pytest.mark.parametrize("follow", [True, False])
def test_a_ground_holds_for_every_version_of_a_record(county, follow):
    (first,) = county.send(record())
    county.publish()
    county.act("withholding", first, reason="privacy", because="申请", review_on="2027-01-01")
    (second,) = county.send(record(about_id=first), follow=follow)
    (third,) = county.send(record(about_id=second))
    county.publish(LATER)
    assert queries.item(third, DAY) is None
    assert Notice.objects.get(entry_id=third).withheld == "privacy"
    assert Notice.objects.get(entry_id=third).review_on == date(2027, 1, 1)


def test_withdrawing_a_withheld_correction_shows_nothing_again(county):
    (first,) = county.send(record())
    (second,) = county.send(record(about_id=first))
    county.act("withholding", second, reason="privacy", because="申请", review_on="2027-01-01")
    county.act("withdrawal", county.batch_of(second), because="传错了")
    county.publish(LATER)
    assert queries.item(first, DAY) is None
    assert Notice.objects.get(entry_id=first).withheld == "privacy"


def test_nothing_is_found_by_the_number_of_what_left(county):
    (entry_id,) = county.send(record(number="东河张三许〔2026〕7号"))
    county.publish()
    prefixes = models.BoardPrefix.objects.using("board").filter(text__contains="张三")
    of_prefix = models.BoardGram.objects.using("board").filter(of="prefix", gram="张三")
    assert prefixes.exists()
    assert of_prefix.exists()
    county.act("withholding", entry_id, reason="privacy", because="申请", review_on="2027-01-01")
    county.publish(LATER)
    assert not prefixes.exists()
    assert not of_prefix.exists()


@pytest.mark.parametrize("follow", [True, False])
def test_a_document_withdrawn_and_sent_again_stays_withheld(county, follow):
    (first,) = county.send(record())
    county.publish()
    county.act("withholding", first, reason="privacy", because="申请", review_on="2027-01-01")
    county.send(record(number="示住建许〔2026〕19号"))
    county.act("withdrawal", county.batch_of(first), because="传错了")
    (again,) = county.send(record(known_at=LATER), follow=follow)
    (other,) = county.send(
        record(number="示住建许〔2026〕20号", true_on=date(2026, 11, 19), known_at=LATER)
    )
    county.publish(LATER)
    assert queries.item(again, DAY) is None
    assert Notice.objects.get(entry_id=again).withheld == "privacy"
    assert queries.item(other, DAY) is not None
    county.rebuild(step=1, at=LATER)
    assert Notice.objects.get(entry_id=again).withheld == "privacy"


@pytest.mark.parametrize("follow", [True, False])
def test_a_correction_unseals_nothing(county, follow):
    (first,) = county.send(record("penalty", trait="fine;public_order"))
    (second,) = county.send(record("penalty", trait="fine", about_id=first), follow=follow)
    (third,) = county.send(record("penalty", trait="fine", about_id=second))
    county.act("grading", third, grade="serious", because="重大")
    county.publish(LATER)
    assert queries.item(third, DAY) is None
    assert Notice.objects.get(entry_id=third).withheld == "public_order"
    assert publication.sealed([first, second, third]) == {first, second, third}
    county.rebuild(step=1, at=LATER)
    assert Notice.objects.get(entry_id=third).withheld == "public_order"


@pytest.mark.parametrize("ending", ["withdrawal", "revocation"])
def test_what_resembles_a_sealed_record_that_was_taken_back_waits_for_a_person(county, ending):
    sealed = record("penalty", trait="closure;public_order", number="示公罚〔2026〕18号")
    (first,) = county.send(sealed)
    (before,) = county.send(record("penalty", trait="closure", number="示公罚〔2026〕17号"))
    county.act(ending, county.batch_of(first) if ending == "withdrawal" else first, because="传错")
    changes = {"trait": "closure", "key": None, "number": "示公罚2026 18号"}
    (again,) = county.send(record("penalty", subject_id=12, **changes))
    (other,) = county.send(record("penalty", trait="closure", true_on=date(2026, 11, 17)))
    for entry_id in (before, again, other):
        county.act("grading", entry_id, grade="serious", because="重大")
    county.publish(LATER)
    assert Notice.objects.get(entry_id=again).withheld == "review"
    assert [queries.item(i, DAY) is None for i in (before, again, other)] == [False, True, False]
    county.rebuild(step=1, at=LATER)
    assert Notice.objects.get(entry_id=again).withheld == "review"
    assert Notice.objects.get(entry_id=before).withheld == ""


def test_a_state_secret_is_given_to_nobody_and_not_called_one_in_public(county):
    (first,) = county.send(record())
    county.publish()
    county.act("withholding", first, reason="state_secret", because="定密", review_on="2027-01-01")
    county.publish(LATER)
    assert [each.reason for each in queries.corrections()] == ["never"]
    (second,) = county.send(record(about_id=first))
    assert publication.sealed([first, second]) == {first, second}


def test_the_feed_does_not_point_at_what_may_not_be_shown(county):
    (first,) = county.send(record("penalty", trait="fine"))
    county.act("grading", first, grade="serious", because="重大")
    county.publish()
    (second,) = county.send(record("penalty", trait="fine;public_order", about_id=first))
    county.publish(LATER)
    [told] = queries.corrections()
    assert (told.entry_id, told.reason, told.replaced_by) == (first, "superseded", None)
    assert Notice.objects.get(entry_id=second).withheld == "public_order"


@pytest.mark.parametrize("follow", [True, False])
@pytest.mark.parametrize(
    "changes",
    [
        {"number": "示住建许〔2026〕第018号"},
        {"number": "無", "key": None},
        {"subject_id": 12, "number": "示住建许【2026年】18號", "key": 5},
    ],
)
def test_a_withheld_document_sent_again_in_another_spelling_waits_for_a_person(
    county, follow, changes
):
    (first,) = county.send(record())
    county.publish()
    county.act("withholding", first, reason="privacy", because="申请", review_on="2027-01-01")
    county.act("withdrawal", county.batch_of(first), because="传错了")
    (again,) = county.send(record(**changes, known_at=LATER), follow=follow)
    later = {"known_at": LATER, "true_on": date(2026, 11, 19)}
    (mended,) = county.send(record(about_id=again, **(changes | later)), follow=follow)
    (day_after,) = county.send(record(number="示住建许〔2026〕77号", **later))
    (another,) = county.send(record(number="示住建许〔2026〕78号", subject_id=12, known_at=LATER))
    county.publish(LATER)
    assert queries.item(again, DAY) is None
    assert queries.item(mended, DAY) is None
    assert Notice.objects.get(entry_id=mended).withheld == "review"
    assert queries.item(day_after, DAY) is not None
    assert queries.item(another, DAY) is not None
    before = list(Notice.objects.order_by("entry_id").values())
    county.rebuild(step=1, at=LATER)
    county.publish(LATER)
    assert [n["withheld"] for n in before] == list(
        Notice.objects.order_by("entry_id").values_list("withheld", flat=True)
    )


def test_a_person_settles_what_waits_for_a_review(county):
    (first,) = county.send(record())
    (sibling,) = county.send(record(number="示住建许〔2026〕17号"))
    county.act("withholding", first, reason="privacy", because="申请", review_on="2027-01-01")
    (second,) = county.send(record(number="示住建许〔2026〕19号", known_at=LATER))
    (third,) = county.send(record(number="示住建许〔2026〕018号", known_at=LATER))
    assert [each.entry_id for each in publication.under_review()] == [second, third]
    county.act("withholding", second, reason="", because="另一份文书", review_on="")
    county.act("withholding", third, reason="privacy", because="同一份", review_on="2027-01-01")
    assert publication.under_review() == []
    county.publish(LATER)
    assert queries.item(sibling, DAY) is not None
    assert queries.item(second, DAY) is not None
    assert queries.item(third, DAY) is None
    # What was let through withholds nothing itself.
    assert set(Held.objects.values_list("entry_id", flat=True)) == {first, third}
    county.rebuild(step=1, at=LATER)
    assert Notice.objects.get(entry_id=second).withheld == ""
    assert Notice.objects.get(entry_id=third).withheld == "privacy"
