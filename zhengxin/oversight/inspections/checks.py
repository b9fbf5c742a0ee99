"""What must hold before an act, asked before anybody signs it."""

from datetime import date

from zhengxin.kernel.say import say
from zhengxin.oversight.inspections import queries, rules
from zhengxin.oversight.inspections.enums import SeedKind
from zhengxin.oversight.inspections.models import Campaign, Case, Designation
from zhengxin.oversight.inspections.types import Planned

clean_seed = rules.clean_seed


def check_designated(
    planned: Planned, designation: Designation, *, unit_name: str, today: date
) -> None:
    """The designation must cover the whole campaign, and the plan be sound. Raises NotDesignated, PlanUnsound."""
    last = queries.last_day(designation)
    if not (designation.from_on <= planned.from_on and planned.until_on <= last):
        raise rules.NotDesignated(
            unit_name,
            say(
                "县政府指定的期限是{a}至{b}，督查要在这段时间里开展（《政府督查工作条例》第七条）。",
                a=designation.from_on.isoformat(),
                b=last.isoformat(),
            ),
        )
    rules.check_plan(planned, today=today, inspector_id=designation.unit_id)


def the_designation(
    designation_id: int, units: frozenset[int], *, unit_name: str, today: date
) -> Designation:
    """The designation by this number, of one of these units. Raises NotDesignated."""
    found = queries.designations_of(units, today).filter(pk=designation_id).first()
    if found is None:
        raise rules.NotDesignated(unit_name)
    return found


def check_inspecting(campaign: Campaign, *, unit_name: str, today: date) -> None:
    """Units are drawn while the designation is in force. Raises NotDesignated, with its days."""
    designation = campaign.designation
    if not queries.in_force(designation, today):
        raise rules.NotDesignated(
            unit_name,
            say(
                "县政府指定的期限是{a}至{b}，今天是{day}（《政府督查工作条例》第七条）。",
                a=designation.from_on.isoformat(),
                b=queries.last_day(designation).isoformat(),
                day=today.isoformat(),
            ),
        )


def check_finding(campaign: Campaign, *, unit_name: str, today: date) -> None:
    """What is found on the spot falls in the days of the designation and of the inspection itself.

    Raises NotDesignated, NotThus; each with the days.
    """
    check_inspecting(campaign, unit_name=unit_name, today=today)
    rules.check_in_days(today, from_on=campaign.from_on, until_on=campaign.until_on)


def check_end(designation: Designation, ended_on: date) -> None:
    """Raises NotThus where it was ended, or on that day was not in force."""
    rules.check_end(
        ended_on,
        from_on=designation.from_on,
        until_on=designation.until_on,
        before=designation.ended_on,
    )


def check_draw(campaign: Campaign, *, today: date) -> None:
    """Raises NotThus before the seed is known."""
    rules.check_draw(campaign.seed_on, today=today)
    if campaign.seed_kind == SeedKind.CHECKPOINT and queries.public_seed(campaign) is None:
        raise rules.NotThus(
            say("还不能抽取。"),
            say("约定那一天起，登记簿还没有签署过检查点。"),
            say("请等登记簿签署下一个检查点以后再抽（zhengxin ledger checkpoint）。"),
        )


def check_redraw(campaign: Campaign, seed: str) -> None:
    """Raises NotThus once something was found, and where no seed was mistyped."""
    rules.check_redraw(
        found=queries.findings_in(campaign.pk),
        by_itself=campaign.seed_kind == SeedKind.CHECKPOINT,
        same=seed == campaign.seed,
    )


def check_new_day(due_on: date | None, *, today: date, before: date | None = None) -> date:
    """The day by which a problem is to be rectified. Raises NotThus."""
    return rules.check_new_day(due_on, today=today, before=before)


def check_conclude(case: Case) -> None:
    """Raises NotThus while items or problems are open."""
    items = case.campaign.items.count()
    rules.check_conclude(queries.counts([case], items)[case.pk])


def check_close(campaign: Campaign) -> None:
    """Raises NotThus while a unit's case is open."""
    rules.check_close(queries.open_cases(campaign.pk))


def check_apply(case: Case, *, today: date) -> None:
    """Raises TooLate after the last day."""
    rules.check_apply(queries.review_window(case), today=today)
