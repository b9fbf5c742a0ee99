"""A designation that the government ended early: from that day on nothing is planned, drawn or found under it."""

from datetime import date

import pytest

from zhengxin import journey
from zhengxin.journey import inspecting_sheets as sheets
from zhengxin.kernel.refused import NotAllowed
from zhengxin.ledger import queries as ledger
from zhengxin.oversight.inspections import queries as inspections
from zhengxin.oversight.inspections.models import Designation
from zhengxin.oversight.inspections.public import published
from zhengxin.oversight.inspections.rules import NotDesignated, NotThus, last_day

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])


def test_from_the_day_of_the_end_on_nothing_is_found_under_it(office):
    campaign, case = office.drawn()
    given = campaign.designation
    office.finds(case, 1, "conform")
    # The end is known before its day; until then the work goes on.
    entry = office.ends(given.pk, date(2026, 11, 6))
    assert ledger.entry(entry).about_id == given.entry_id
    office.finds(case, 2, "conform")
    units = {given.unit_id}
    assert inspections.designated(units, date(2026, 11, 5))
    assert not inspections.designated(units, date(2026, 11, 6))
    office.later(2)
    with pytest.raises(NotDesignated):
        office.finds(case, 2, "conform")
    assert published(office.today)[0].designation_ended_on == date(2026, 11, 6)


def test_what_nobody_inspected_is_said_after_the_end_so_that_the_case_is_concluded(office):
    campaign, case = office.drawn()
    office.finds(case, 1, "conform")
    office.ends(campaign.designation_id, date(2026, 11, 5))
    office.later(3)
    with pytest.raises(NotDesignated):
        office.finds(case, 2, "conform")
    # What was found is not taken back.
    with pytest.raises(NotDesignated):
        office.finds(case, 1, "not_inspected")
    office.finds(case, 2, "not_inspected", words="指定终止，没有检查")
    office.concludes(case)


def test_nothing_is_planned_or_drawn_after_the_end(office):
    number = office.designated()
    campaign = office.planned(number)
    office.ends(number, date(2026, 11, 4))
    with pytest.raises(NotDesignated, match="2026-11-01至2026-11-03"):
        office.planned(number)
    office.later(1)
    assert inspections.to_draw({campaign.unit_id}, office.today).exists()
    office.later(1)
    assert not inspections.to_draw({campaign.unit_id}, office.today).exists()
    with pytest.raises(NotDesignated):
        office.draws(campaign)


def test_it_is_ended_once_within_its_days_by_an_officer(office):
    number = office.designated()
    with pytest.raises(NotAllowed, match="不能登记督查指定"):
        office.ends(number, date(2026, 11, 4), username="fuze")
    for day in (date(2026, 10, 31), date(2027, 1, 1)):
        with pytest.raises(NotThus, match="不在指定的期限里"):
            office.ends(number, day)
    office.ends(number, date(2026, 11, 1))
    assert not inspections.in_force(Designation.objects.get(pk=number), date(2026, 11, 1))
    with pytest.raises(NotThus, match="2026-11-01起终止"):
        office.ends(number, date(2026, 11, 4))


def test_the_last_day_is_the_earlier_one():
    until = date(2026, 12, 31)
    assert last_day(until, None) == until
    assert last_day(until, date(2026, 12, 1)) == date(2026, 11, 30)
    assert last_day(until, until) == date(2026, 12, 30)


def test_what_was_not_drawn_before_the_end_is_called_off_and_the_public_sees_it(office):
    number = office.designated()
    campaign = office.planned(number)
    office.ends(number, date(2026, 11, 2))
    office.later(3)
    actor = office.actor("xinyong")
    entry = journey.close_inspection(
        campaign_id=campaign.pk,
        summary="县政府收回指定，不再开展",
        **office.signs(actor, sheets.closing_sheet(campaign.pk)),
    )
    assert ledger.entry(entry).about_id == campaign.plan_entry_id
    [shown] = published(office.today)
    assert (shown.state, shown.cases) == ("closed", ())
