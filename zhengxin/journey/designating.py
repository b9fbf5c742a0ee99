"""By whom an inspection may be carried out: the government designates a unit, and may end that early."""

from datetime import date, datetime
from functools import partial

from django.db import transaction

from zhengxin.accounts.types import Signed
from zhengxin.journey.facts import insist_free_of_numbers, keep_fact
from zhengxin.journey.following import follow
from zhengxin.journey.inspecting_sheets import designation_end_sheet, new_designation_sheet
from zhengxin.journey.papering import signable
from zhengxin.journey.reasons import insist_on_reason
from zhengxin.journey.signing import take_pen, traces
from zhengxin.journey.submitting import PATIENCE
from zhengxin.kernel.actor import Actor
from zhengxin.ledger.enums import Act
from zhengxin.oversight.inspections import actions, checks, permissions
from zhengxin.oversight.inspections import queries as inspections


@signable
def designate_inspection(
    *,
    unit_id: int,
    matter: str,
    scope: str,
    document: str,
    from_on: date,
    until_on: date,
    signed: Signed,
    at: datetime,
    actor: Actor,
) -> int:
    """Registers that the government designated a unit to inspect; returns the designation's number."""
    permissions.check_designate(actor)
    insist_free_of_numbers(matter, scope, document)
    said = {
        "unit_id": unit_id,
        "matter": matter,
        "scope": scope,
        "document": document,
        "from_on": from_on,
        "until_on": until_on,
    }
    nonce = signed.nonce
    pen = take_pen(
        showing=partial(new_designation_sheet, nonce), said=said, signed=signed, at=at, actor=actor
    )
    with transaction.atomic():
        content = {
            **said,
            "from_on": from_on.isoformat(),
            "until_on": until_on.isoformat(),
            **traces(pen.sign()),
        }
        kept = keep_fact(
            kind=Act.INSPECTION_DESIGNATED, unit_id=unit_id, content=content, at=at, actor=actor
        )
        row = actions.designate(
            unit_id=unit_id,
            matter=matter,
            scope=scope,
            document=document,
            from_on=from_on,
            until_on=until_on,
            entry_id=kept.entry_id,
            at=at,
            actor=actor,
        )
    follow(at=at, at_most=PATIENCE)
    return row.pk


@signable
def end_designation(
    *,
    designation_id: int,
    ended_on: date,
    document: str,
    because: str,
    signed: Signed,
    at: datetime,
    actor: Actor,
) -> int:
    """Registers that the government ended a designation early, from ended_on on; returns the entry's number.

    What was found until then stays; nothing more is planned, drawn or found under it. Raises NotAllowed, NotThus.
    """
    permissions.check_designate(actor)
    given = inspections.designation(designation_id)
    insist_free_of_numbers(document)
    insist_on_reason(because)
    checks.check_end(given, ended_on)
    said = {"ended_on": ended_on, "document": document, "because": because}
    pen = take_pen(
        showing=partial(designation_end_sheet, designation_id),
        said=said,
        signed=signed,
        at=at,
        actor=actor,
    )
    with transaction.atomic():
        kept = keep_fact(
            kind=Act.DESIGNATION_ENDED,
            unit_id=given.unit_id,
            content={**said, "ended_on": ended_on.isoformat(), **traces(pen.sign())},
            about_id=given.entry_id,
            at=at,
            actor=actor,
        )
        actions.end_designation(
            designation=given,
            ended_on=ended_on,
            document=document,
            because=because,
            entry_id=kept.entry_id,
            at=at,
            actor=actor,
        )
    follow(at=at, at_most=PATIENCE)
    return kept.entry_id
