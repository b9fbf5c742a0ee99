"""A draw by a mistyped seed is done again with a reason, as long as nothing was found; both stay."""

import pytest

from zhengxin import journey
from zhengxin.journey.reasons import NoReason
from zhengxin.kernel.actor import Role
from zhengxin.kernel.refused import NotAllowed
from zhengxin.ledger import queries as ledger
from zhengxin.oversight.inspections import actions
from zhengxin.oversight.inspections import queries as inspections
from zhengxin.oversight.inspections.models import Campaign, Case
from zhengxin.oversight.inspections.public import published
from zhengxin.oversight.inspections.rules import NotThus

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])


def redraws(office, campaign, **changes):
    said = {
        "seed": "03 07 12 21 29 30 09",
        "seed_source": "公告",
        "because": "末位填错了",
    } | changes
    actor = said.pop("actor", None) or office.actor("xinyong")
    return journey.redraw_inspection(campaign_id=campaign.pk, **said, at=office.now, actor=actor)


def test_a_draw_by_a_mistyped_seed_is_set_aside_and_both_stay_public(office):
    campaign, case = office.drawn()
    for changes, error, why in (
        ({"seed": "03 07 12 21 29 30 08"}, NotThus, "和上次抽取用的一样"),
        ({"because": " "}, NoReason, "缺少理由"),
        ({"actor": office.actor("xinyong", role=Role.CLERK)}, NotAllowed, "负责人"),
    ):
        with pytest.raises(error, match=why):
            redraws(office, campaign, **changes)
    codes = redraws(office, campaign)
    [aside] = campaign.set_aside.all()
    assert aside.draw_entry_id == campaign.draw_entry_id
    assert {code for code, _digest in aside.drawn} == {"ZX-T01", "ZX-T02"}
    campaign.refresh_from_db()
    assert ledger.entry(aside.entry_id).about_id == aside.draw_entry_id
    assert [each.code for each in inspections.drawn(campaign)] == codes
    [shown] = published(office.today)
    assert shown.set_aside[0]["because"] == "末位填错了"
    assert shown.set_aside[0]["seed"] == "03 07 12 21 29 30 08"
    # A finding begun before is of no unit any more.
    with pytest.raises(NotThus, match="已作废重抽"):
        actions.insist_no_problem(
            case=case, item=campaign.items.first(), at=office.now, actor=office.actor("xinyong")
        )
    office.finds(Case.objects.filter(campaign=campaign)[0], 1, "conform")
    with pytest.raises(NotThus, match="已经记下1项检查结果"):
        redraws(office, campaign, seed="1")


def test_a_draw_is_not_redone_twice_at_once_nor_by_a_checkpoint(office):
    campaign, _case = office.drawn()
    before = Campaign.objects.get(pk=campaign.pk)
    redraws(office, campaign)
    with pytest.raises(NotThus, match="上一步由"):
        actions.put_redraw(
            campaign=before,
            seed="1",
            seed_source="公告",
            drawn=[],
            because="又填错",
            set_aside_id=1,
            entry_id=2,
            at=office.now,
            actor=office.actor("xinyong"),
        )
    Campaign.objects.filter(pk=campaign.pk).update(seed_kind="checkpoint")
    with pytest.raises(NotThus, match="不会填错"):
        redraws(office, campaign, seed="1")
