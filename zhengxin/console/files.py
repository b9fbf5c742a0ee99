"""A department's file on the command line."""

import json
import sys
from pathlib import Path

import click

from zhengxin.console.ready import at_shell, now, ready, today


def _choose_unit(source: str, unit: str | None) -> int:
    """The unit that sends: the one named, the only one that may, or the credit office on everybody's behalf."""
    from zhengxin.kernel.refused import Refused
    from zhengxin.kernel.say import say
    from zhengxin.subjects import queries as subjects

    day = today()
    if unit:
        found = subjects.unit_by_name(unit, day) or subjects.unit_by_code(unit)
        if found is None:
            raise Refused(
                say("没有找到单位“{unit}”。", unit=unit), "", say("请用单位全称、简称或单位代码。")
            )
        return found.id
    senders = subjects.units_with_power(source, day)
    if len(senders) == 1:
        return senders[0].id
    office = subjects.credit_office(day)
    if office is not None:
        return office.id
    raise Refused(
        say("没有说明由哪个单位报送。"),
        say("可以报送“{source}”的单位有{n}个。", source=source, n=len(senders)),
        say("请加上 --unit 单位名称。"),
    )


@click.command()
@click.argument(
    "file", metavar="文件", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--source", required=True, help="来源名称，如 licences、penalties。")
@click.option(
    "--unit", help="报送单位：全称、简称或代码。不写时是唯一可报的单位，或由县发改局代报。"
)
@click.option("--json", "json_wanted", is_flag=True, help="用 JSON 印出回执。")
@click.option("--no-publish", is_flag=True, help="入账即止，公示留给定时任务。")
@click.option("--receipt-only", is_flag=True, help="只检查并给出回执，入账留给后台。")
def intake(
    file: Path,
    source: str,
    unit: str | None,
    json_wanted: bool,
    no_publish: bool,
    receipt_only: bool,
) -> None:
    """报送一份文件，印出回执。"""
    ready()
    from zhengxin import journey
    from zhengxin.console.receipts import as_json, as_text
    from zhengxin.intake import queries as intake_queries
    from zhengxin.intake.enums import SubmissionState
    from zhengxin.kernel.refused import Refused
    from zhengxin.kernel.say import say
    from zhengxin.subjects import queries as subjects

    actor = at_shell()
    at = now()
    submission = journey.submit(
        upload=file,
        filename=file.name,
        source=source,
        unit_id=_choose_unit(source, unit),
        at=at,
        actor=actor,
        wait=not receipt_only,
    )
    if submission.received_at < at:
        told = submission.received_at.astimezone().strftime("%Y-%m-%d %H:%M")
        click.echo(f"同样内容的文件已于{told}报送，没有重复收。下面是当时的回执。", err=True)
    if submission.state == SubmissionState.WITHDRAWN:
        told = submission.withdrawn_because
        raise Refused(
            say("批次{number}在办理中被撤回。", number=submission.number),
            say("撤回的理由：{because}。", because=told.rstrip("。")),
            say("没有入账；需要的可以重新报送。"),
        )
    if not (receipt_only or no_publish):
        journey.publish_due(at=now(), actor=actor)
    receipt = intake_queries.receipt(submission.id)
    arrivals = journey.arrivals_of(submission_id=submission.id)
    if json_wanted:
        click.echo(json.dumps(as_json(receipt, arrivals), ensure_ascii=False, indent=1))
    else:
        sender = subjects.unit(receipt.unit_id)
        powers = {each.id for each in subjects.units_with_power(source, today())}
        click.echo(as_text(receipt, arrivals, unit=sender.name, behalf=sender.id not in powers))
    if receipt.refusal is not None:
        sys.exit(1)


@click.command()
@click.argument("number", metavar="批次号")
@click.option("--because", required=True, help="撤回的理由，会留在账上。")
def withdraw(number: str, because: str) -> None:
    """撤回一批报送（批次号见回执）。"""
    ready()
    from zhengxin import journey
    from zhengxin.intake import queries as intake_queries

    actor = at_shell()
    submission = intake_queries.submission_by_number(number)
    journey.withdraw(submission_id=submission.id, because=because, at=now(), actor=actor)
    journey.publish_due(at=now(), actor=actor)
    click.echo(f"批次{number}已撤回。")
