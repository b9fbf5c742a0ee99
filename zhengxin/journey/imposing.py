"""A measure against a unit is proposed, announced, answered and heard; or the case is dropped.

The record it rests on is looked at again at every step: what was corrected, repaired or is disputed carries nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhengxin.archive import queries as archive
from zhengxin.evidence.types import Sent
from zhengxin.journey.facts import keep_fact, own_units
from zhengxin.journey.following import follow
from zhengxin.journey.objection_steps import handlers_of_record
from zhengxin.journey.reasons import insist_on_reason
from zhengxin.journey.submitting import PATIENCE
from zhengxin.journey.telling_sanctions import tell_of_sanction
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.say import say
from zhengxin.ledger import queries as ledger
from zhengxin.ledger.enums import Act
from zhengxin.publication import queries as publication
from zhengxin.rulebook import queries as rulebook
from zhengxin.sanctions import actions, checks, permissions
from zhengxin.sanctions import queries as sanctions
from zhengxin.sanctions.enums import CaseState
from zhengxin.sanctions.models import Case
from zhengxin.sanctions.types import Ground
from zhengxin.subjects import queries as subjects


def ground_of(entry_id: int) -> Ground:
    """The record as it stands now. Raises EntryMissing."""
    entry = ledger.entry(entry_id)
    kinds = {kind.code: kind for kind in rulebook.record_kinds()}
    kind, line = kinds.get(entry.kind), archive.lines([entry_id]).get(entry_id)
    mark = publication.marks_on([entry_id]).get(entry_id)
    name = kind.name if kind else entry.kind
    return Ground(
        entry_id=entry_id,
        kind=entry.kind,
        kind_name=name,
        adverse=kind is not None and kind.adverse and line is not None,
        subject_id=line.subject_id if line else None,
        ending=line.ending if line else "",
        sealed=bool(publication.sealed([entry_id])),
        disputed=mark is not None and mark.open > 0,
        repaired=bool(publication.repaired([entry_id])),
        recorder_ids=frozenset(handlers_of_record(entry_id)),
        title=say("{kind}，{day}", kind=name, day=entry.true_on or "") if kind else name,
    )


def office_id(at: datetime) -> int | None:
    """The unit that is the county's credit office on the day of `at`."""
    found = subjects.credit_office(timezone.localdate(at))
    return found.id if found else None


def propose_sanction(
    *, unit_id: int, entry_id: int, measures: list[str], facts: str, at: datetime, actor: Actor
) -> int:
    """Proposes measures of the list against a unit, resting on a record; returns the case's number.

    measures: "code|address of the basis" as sanctions.queries.own_steps_on lists them. A case that the
    program opened on the same record goes on. Raises NotAllowed, EntryMissing, Unlawful, NotThus.
    """
    permissions.check_propose(actor, office_id=office_id(at))
    insist_on_reason(facts)
    today = timezone.localdate(at)
    ground, steps = ground_of(entry_id), sanctions.steps_on(today)
    checks.insist_proposable(
        ground=ground,
        target=subjects.lineage(subjects.unit(unit_id).id, today),
        facts=facts,
        steps=steps,
        wanted=measures,
        at=at,
        actor=actor,
    )
    chosen = [each for each in steps if each.address in measures]
    with transaction.atomic():
        kept = keep_fact(
            kind=Act.SANCTION_PROPOSED,
            unit_id=unit_id,
            content={
                "facts": facts,
                "measures": [[each.measure, each.basis] for each in chosen],
            },
            about_id=entry_id,
            at=at,
            actor=actor,
        )
        case = sanctions.open_on(entry_id)
        if case is None or case.state != CaseState.TO_LOOK_AT:
            case = actions.open_case(
                unit_id=unit_id, ground=ground, fact_id=kept.entry_id, at=at, actor=actor
            )
        actions.put_proposal(case=case, facts=facts, steps=chosen, at=at, actor=actor)
    follow(at=at, at_most=PATIENCE)
    return case.pk


def notice_sanction(*, case_id: int, at: datetime, actor: Actor) -> date:
    """Serves the unit with advance notice: facts, bases, the right to be heard; returns the last day to reply.

    The period is the law folder's and is not shortened. Raises NotAllowed, NotThus, Unlawful, CalendarMissing.
    """
    permissions.check_propose(actor, office_id=office_id(at))
    case = sanctions.case(case_id)
    checks.insist_state(case, to=CaseState.NOTICED)
    today = timezone.localdate(at)
    insist_standing(case, at)
    days, rule = sanctions.reply_period(today)
    reply_by = rulebook.calendar().add_working_days(today, days)
    with transaction.atomic():
        keep_step(case, Act.SANCTION_NOTICED, {"reply_by": reply_by.isoformat()}, at, actor)
        actions.put_notice(case=case, reply_by=reply_by, reply_rule=rule, at=at, actor=actor)
        tell_of_sanction(case=case, decided=False, at=at, actor=actor)
    follow(at=at, at_most=PATIENCE)
    return reply_by


def reply_to_sanction(
    *, case_id: int, words: str, files: Sequence[Sent], at: datetime, actor: Actor
) -> int:
    """The unit states its case, with files, while the period runs; returns the entry's number.

    Raises NotAllowed, NotThus, EvidenceRefused.
    """
    case = sanctions.case(case_id)
    permissions.check_reply(actor, case, units=own_units(actor, at))
    checks.insist_reply_open(case=case, at=at, actor=actor)
    insist_on_reason(words)
    with transaction.atomic():
        kept = keep_fact(
            kind=Act.SANCTION_REPLIED,
            unit_id=case.unit_id,
            content={"words": words},
            about_id=case.fact_id,
            files=files,
            at=at,
            actor=actor,
        )
        actions.put_reply(
            case=case, words=words, files=kept.files, entry_id=kept.entry_id, at=at, actor=actor
        )
    follow(at=at, at_most=PATIENCE)
    return kept.entry_id


def hear_reply(*, case_id: int, words: str, at: datetime, actor: Actor) -> None:
    """What was made of every point of the replies. Raises NotAllowed, NotThus."""
    permissions.check_hear(actor, office_id=office_id(at))
    case = sanctions.case(case_id)
    checks.insist_state(case, to=CaseState.HEARD)
    insist_on_reason(words)
    with transaction.atomic():
        keep_step(case, Act.SANCTION_HEARD, {"words": words}, at, actor)
        actions.put_hearing(case=case, words=words, at=at, actor=actor)
    follow(at=at, at_most=PATIENCE)


def drop_sanction(*, case_id: int, because: str, at: datetime, actor: Actor) -> None:
    """Nothing follows from it, with a reason. Raises NotAllowed, NotThus."""
    permissions.check_hear(actor, office_id=office_id(at))
    insist_on_reason(because)
    case = sanctions.case(case_id)
    checks.insist_droppable(case)
    with transaction.atomic():
        drop_with(case=case, because=because, at=at, actor=actor)
    follow(at=at, at_most=PATIENCE)


def drop_with(*, case: Case, because: str, at: datetime, actor: Actor) -> None:
    """The same in the transaction of another act."""
    keep_step(case, Act.SANCTION_DROPPED, {"because": because}, at, actor)
    actions.drop(case=case, because=because, at=at, actor=actor)


def insist_standing(case: Case, at: datetime) -> None:
    """Raises Unlawful when the record no longer carries the case."""
    target = subjects.lineage(case.unit_id, timezone.localdate(at))
    checks.insist_ground(ground=ground_of(case.entry_id), target=target)


def keep_step(case: Case, kind: str, content: Mapping[str, Any], at: datetime, actor: Actor) -> int:
    """An act of the case in the ledger, about the entry that opened it; its number."""
    kept = keep_fact(
        kind=kind, unit_id=case.unit_id, content=content, about_id=case.fact_id, at=at, actor=actor
    )
    return kept.entry_id
