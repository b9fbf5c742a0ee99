"""A draw is computed again on the command line, and a list that was tampered with is noticed."""

import json

import pytest
from click.testing import CliRunner

from zhengxin.console.main import main
from zhengxin.ledger import actions as ledger
from zhengxin.oversight.inspections.models import Campaign, Case
from zhengxin.oversight.inspections.queries import drawn

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(main, [str(each) for each in arguments])
    return done.exit_code, done.output


def test_the_same_list_is_computed_and_another_one_is_noticed(office):
    campaign, case = office.drawn()
    code, told = run("inspection", "draw", campaign.pk)
    assert (code, "与登记的一致" in told) == (0, True)
    assert told.count("ZX-T0") == 2
    Case.objects.filter(pk=case.pk).update(digest="0" * 64)
    code, told = run("inspection", "draw", campaign.pk)
    assert (code, "与登记的不一致" in told) == (1, True)


def test_a_seed_that_is_not_the_checkpoint_is_noticed(office):
    campaign = office.planned(office.designated(), seed_kind="checkpoint")
    office.later(1)
    ledger.sign_checkpoint(at=office.now, actor=office.actor("xinyong"))
    office.draws(campaign)
    assert json.loads(run("inspection", "draw", campaign.pk, "--json")[1])["same"] is True
    other = "00" * 32
    Campaign.objects.filter(pk=campaign.pk).update(seed=other)
    campaign.refresh_from_db()
    # Whoever changes the seed changes the line as well.
    units = {code: unit_id for unit_id, code, _name, _kind in campaign.population}
    Case.objects.filter(campaign=campaign).delete()
    for place, each in enumerate(drawn(campaign), start=1):
        Case.objects.create(
            campaign=campaign,
            unit_id=units[each.code],
            place=place,
            digest=each.digest,
            state="open",
        )
    code, told = run("inspection", "draw", campaign.pk)
    assert (code, "与登记的不一致" in told) == (1, True)


def test_before_the_draw_the_named_value_is_told(office):
    campaign = office.planned(office.designated())
    code, told = run("inspection", "draw", campaign.pk)
    assert (code, "双色球" in told) == (1, True)
