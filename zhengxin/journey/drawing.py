"""Which units are inspected: drawn by a public seed, and drawn again where the seed was mistyped."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from zhengxin.journey.facts import keep_fact, own_units
from zhengxin.journey.following import follow
from zhengxin.journey.reasons import insist_on_reason
from zhengxin.journey.submitting import PATIENCE
from zhengxin.kernel.actor import Actor
from zhengxin.ledger.enums import Act
from zhengxin.oversight.inspections import actions, checks, permissions
from zhengxin.oversight.inspections import queries as inspections
from zhengxin.oversight.inspections.enums import SeedKind
from zhengxin.oversight.inspections.models import Campaign
from zhengxin.subjects import queries as subjects


def draw_inspection(
    *, campaign_id: int, seed: str, seed_source: str, at: datetime, actor: Actor
) -> list[str]:
    """Draws the units of a campaign; returns their codes in line.

    seed, seed_source: as published, and where; not used where the seed is a checkpoint of the ledger.
    """
    campaign = inspections.campaign(campaign_id)
    permissions.check_lead(actor, campaign, units=own_units(actor, at))
    _insist_designated(campaign, at)
    checks.check_draw(campaign, today=timezone.localdate(at))
    if campaign.seed_kind == SeedKind.CHECKPOINT:
        seed, seed_source = inspections.public_seed(campaign) or ("", "")
    else:
        insist_on_reason(seed_source)
    campaign.seed = checks.clean_seed(seed)
    drawn = inspections.drawn(campaign)
    codes = [each.code for each in drawn]
    with transaction.atomic():
        kept = keep_fact(
            kind=Act.INSPECTION_DRAWN,
            unit_id=campaign.unit_id,
            content={"seed": campaign.seed, "source": seed_source, "drawn": codes},
            about_id=campaign.plan_entry_id,
            at=at,
            actor=actor,
        )
        actions.put_draw(
            campaign=campaign,
            seed=campaign.seed,
            seed_source=seed_source,
            drawn=drawn,
            entry_id=kept.entry_id,
            at=at,
            actor=actor,
        )
    follow(at=at, at_most=PATIENCE)
    return codes


def redraw_inspection(
    *, campaign_id: int, seed: str, seed_source: str, because: str, at: datetime, actor: Actor
) -> list[str]:
    """Sets a draw aside whose seed was mistyped and draws by the right one; returns the codes in line.

    Both stay: the entries in the ledger, the first draw on its page and on the portal with the reason.
    Raises NotAllowed, NoReason, NotThus once something was found.
    """
    campaign = inspections.campaign(campaign_id)
    permissions.check_lead(actor, campaign, units=own_units(actor, at))
    _insist_designated(campaign, at)
    insist_on_reason(seed_source)
    insist_on_reason(because)
    bare = checks.clean_seed(seed)
    checks.check_redraw(campaign, bare)
    drawn = [each for each, _name in inspections.would_draw(campaign, bare)]
    codes = [each.code for each in drawn]
    with transaction.atomic():
        aside = keep_fact(
            kind=Act.INSPECTION_SET_ASIDE,
            unit_id=campaign.unit_id,
            content={"because": because, "seed": campaign.seed, "source": campaign.seed_source},
            about_id=campaign.draw_entry_id,
            at=at,
            actor=actor,
        )
        kept = keep_fact(
            kind=Act.INSPECTION_DRAWN,
            unit_id=campaign.unit_id,
            content={"seed": bare, "source": seed_source, "drawn": codes},
            about_id=campaign.plan_entry_id,
            at=at,
            actor=actor,
        )
        actions.put_redraw(
            campaign=campaign,
            seed=bare,
            seed_source=seed_source,
            drawn=drawn,
            because=because,
            set_aside_id=aside.entry_id,
            entry_id=kept.entry_id,
            at=at,
            actor=actor,
        )
    follow(at=at, at_most=PATIENCE)
    return codes


def _insist_designated(campaign: Campaign, at: datetime) -> None:
    unit_name = subjects.unit(campaign.unit_id).name
    checks.check_inspecting(campaign, unit_name=unit_name, today=timezone.localdate(at))
