"""Quarterly returns on the unit's side: opened when the quarter is over, written, and signed by the unit's leader.

What is signed is an entry about the mandate, and the report of its duty.
"""

from collections.abc import Sequence
from dataclasses import astuple, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from zhengxin.accounts.signatures import last_signature
from zhengxin.accounts.types import Signed
from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.duties import standing as duties
from zhengxin.duties.enums import DutyState
from zhengxin.duties.types import Owed
from zhengxin.evidence import actions as evidence
from zhengxin.evidence import queries as pieces_kept
from zhengxin.evidence.types import Sent
from zhengxin.journey.acting import act_about
from zhengxin.journey.following import follow
from zhengxin.journey.owing import open_duties, report_with
from zhengxin.journey.papering import signable
from zhengxin.journey.reasons import NumberInReason
from zhengxin.journey.showing import NothingToSign, Sheet
from zhengxin.journey.signing import take_pen, traces
from zhengxin.journey.submitting import PATIENCE
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.personal import kinds_found
from zhengxin.kernel.say import say
from zhengxin.ledger import actions as ledger
from zhengxin.ledger import queries as ledger_queries
from zhengxin.ledger.enums import Act
from zhengxin.oversight.returns import actions as returns
from zhengxin.oversight.returns import permissions, queries
from zhengxin.oversight.returns.actions import ReturnNotThus
from zhengxin.oversight.returns.enums import EDITABLE, ReturnKind
from zhengxin.oversight.returns.figures import RETURN
from zhengxin.oversight.returns.models import QuarterlyReturn
from zhengxin.oversight.returns.readings import figures_of, words_of
from zhengxin.oversight.returns.types import Quarter, ReturnOwed, Words
from zhengxin.subjects import queries as subjects

MOST_PIECES = 20


def open_returns(*, quarter: str = "", at: datetime, actor: Actor) -> int:
    """Opens what every leading unit owes for a quarter that is over ("": the last one), with its duties; how many.

    Again, or by two at once, opens nothing twice. Raises NotAllowed, QuarterNotOver.
    """
    permissions.check_open(actor)
    today = timezone.localdate(at)
    owed = queries.owed(queries.quarter_to_open(quarter, today))
    if not owed:
        return 0
    lineages = {unit: subjects.lineage(unit, today) for unit in {each.unit_id for each in owed}}
    office = subjects.open_government_office(today)
    try:
        with transaction.atomic():
            rows = returns.open_rows(owed=owed, lineages=lineages, at=at, actor=actor)
            duty_ids = open_duties(
                owed=[_owed(each, office.id if office else None) for each in owed],
                at=at,
                actor=actor,
            )
            returns.bind_duties(rows=rows, duty_ids=duty_ids, at=at, actor=actor)
            audit.record(
                act="returns.open",
                object_kind="returns",
                object_id=str(owed[0].quarter),
                outcome=Outcome.DONE,
                at=at,
                actor=actor,
                number=len(rows),
            )
    except IntegrityError:
        # Another was at it first; what it left out is opened at the next turn.
        return 0
    follow(at=at, at_most=PATIENCE)
    return len(rows)


def _owed(each: ReturnOwed, office_id: int | None) -> Owed:
    """The duty: its limit counts from the quarter's last day, and that day itself does not count."""
    told = say("报送{quarter}工作开展情况：{text}", quarter=str(each.quarter), text=each.text)
    return Owed(
        kind=RETURN,
        bearer_id=each.unit_id,
        what=told[: duties.MOST_WORDS],
        source_id=each.mandate_entry_id,
        opened_on=each.quarter.last_day,
        to_id=office_id if office_id != each.unit_id else None,
        period=str(each.quarter),
    )


def save_return(
    *,
    return_id: int,
    saving: int,
    words: Words,
    keep: Sequence[int],
    files: Sequence[Sent],
    at: datetime,
    actor: Actor,
) -> None:
    """Saves a draft over the one that was opened (`saving`), with more evidence. keep: pieces that stay with it.

    Raises NotAllowed, DraftChanged when somebody saved in between, ReturnNotThus, NumberInReason, EvidenceRefused.
    """
    row = queries.one(return_id)
    permissions.check_write(actor, unit_id=row.unit_id, units=own_units(at, actor))
    if kinds := kinds_found("\n".join(astuple(words))):
        raise NumberInReason(
            say("没有保存：文字里有{kinds}。", kinds=kinds),
            say("报送的文字别的单位也看得到。"),
            say("请删去号码再保存；要指明是谁，写文书号。"),
        )
    with transaction.atomic():
        kept = evidence.keep(sent=files, at=at, actor=actor)
        pieces = [piece for piece in row.pieces if piece in set(keep)]
        pieces += [each.id for each in kept]
        if len(pieces) > MOST_PIECES:
            raise ReturnNotThus(
                say("没有保存：佐证有{n}份。", n=len(pieces)),
                say("一份报送最多附{n}份。", n=MOST_PIECES),
                say("请去掉几份，或者合成一个PDF。"),
            )
        returns.save_draft(row=row, saving=saving, words=words, pieces=pieces, at=at, actor=actor)
        _log("return.save", row.pk, at, actor, kind=words.kind, pieces=len(pieces))


def take_return_figures(*, unit_id: int, quarter: str, at: datetime, actor: Actor) -> int:
    """Takes the figures of a unit's drafts anew, as the program knows them now; returns of how many drafts.

    Raises NotAllowed, NoSuchReturn.
    """
    permissions.check_write(actor, unit_id=unit_id, units=own_units(at, actor))
    today = timezone.localdate(at)
    rows = [
        row
        for row in queries.sheet(unit_id, read_quarter(quarter), on=today)
        if row.stage in EDITABLE
    ]
    with transaction.atomic():
        n = returns.take_figures(
            rows=rows,
            scopes={row.pk: queries.scope(row, today) for row in rows},
            at=at,
            actor=actor,
        )
        _log("return.figures", f"{unit_id}/{quarter}", at, actor, number=n)
    return n


def signing_sheet(unit_id: int, quarter: str, on: date) -> Sheet:
    """What a unit's leader signs: every draft that is ready, word for word, with figures and evidence; and what is not."""
    rows = queries.sheet(unit_id, read_quarter(quarter), on=on)
    ready = queries.to_sign(rows)
    if not ready:
        raise NothingToSign(
            say("现在没有可以签署的报送。"),
            say("都已签署，或者还没有写好。"),
            say("请先把每项任务写好，或者选“本季度确无工作开展”并写明理由。"),
        )
    digests = pieces_kept.pieces(piece for row in ready for piece in row.pieces)
    content = {
        "unit": subjects.unit(unit_id).name,
        "quarter": quarter,
        "returns": [
            {
                **_signed(row),
                "id": row.pk,
                "mandate": row.mandate.number,
                "text": row.mandate.text,
                "odd": queries.looks_odd(row),
                "evidence": [digests[piece].digest for piece in row.pieces],
            }
            for row in ready
        ],
        "left": [row.pk for row in rows if row.stage in EDITABLE and row not in ready],
    }
    return sheet_of("returns.sign", "returns", f"{unit_id}/{quarter}", content)


@signable
def sign_returns(*, unit_id: int, quarter: str, signed: Signed, at: datetime, actor: Actor) -> int:
    """The leader signs every draft of the unit's sheet that is ready, each reported or confirmed as zero; how many.

    Raises NotAllowed, NothingToSign, ContentChanged when a draft was saved since, ReturnNotThus.
    """
    permissions.check_sign(actor, unit_id=unit_id, units=own_units(at, actor))
    today = timezone.localdate(at)
    pen = take_pen(
        showing=partial(signing_sheet, unit_id, quarter, today),
        said={},
        signed=signed,
        at=at,
        actor=actor,
    )
    with transaction.atomic():
        returns.take_turn(unit_id=unit_id, quarter=quarter, at=at, actor=actor)
        signature = traces(pen.sign())
        rows = queries.to_sign(queries.sheet(unit_id, read_quarter(quarter), on=today))
        for row in rows:
            _sign(row, signature, at, actor)
        _log(
            "return.sign",
            f"{unit_id}/{quarter}",
            at,
            actor,
            returns=[row.pk for row in rows],
            **signature,
        )
    follow(at=at, at_most=PATIENCE)
    return len(rows)


def _sign(row: QuarterlyReturn, signature: dict[str, Any], at: datetime, actor: Actor) -> None:
    before = queries.last_signed(row)
    pieces = pieces_kept.pieces(row.pieces)
    content = {
        **_signed(row),
        "unit": subjects.unit(row.unit_id).name,
        "version": row.version + 1,
        "supersedes": before,
        "evidence": [
            {
                "piece": pieces[each].id,
                "name": pieces[each].name,
                "digest": pieces[each].digest,
                "size": pieces[each].size,
            }
            for each in row.pieces
        ],
        **signature,
    }
    kind = Act.ZERO_SIGNED if row.kind == ReturnKind.ZERO else Act.RETURN_SIGNED
    entry_id = append_about(row, kind, content, at, actor, version=row.version + 1)
    returns.note_signing(row=row, entry_id=entry_id, at=at, actor=actor)
    # Found a breach, or lawfully changed, in the meantime: the return is still taken in, the duty stays so.
    if standing_of(row) == DutyState.OPEN:
        told = {"return": entry_id, "zero": row.kind == ReturnKind.ZERO}
        report_with(
            duty_id=queries.duty_of(row),
            content=told,
            files=len(row.pieces),
            at=at,
            actor=actor,
        )


def _signed(row: QuarterlyReturn) -> dict[str, Any]:
    """What is signed of a draft."""
    return {
        "quarter": row.quarter,
        "kind": row.kind,
        "words": words_of(row).as_json(),
        "as_of": row.as_of.isoformat(),
        "figures": [
            {
                "code": each.code,
                "label": each.label,
                "unit": each.unit,
                "n": each.n,
                "rows": each.digest,
            }
            for each in figures_of(row.figures)
        ],
    }


def append_about(
    row: QuarterlyReturn,
    kind: Act,
    content: dict[str, Any],
    at: datetime,
    actor: Actor,
    *,
    version: int,
) -> int:
    """An act on a return, about its mandate's entry; in clear which quarter and version."""
    mandate = ledger_queries.entry(row.mandate.entry_id)
    draft = act_about(mandate, kind=kind, content=content, at=at, actor=actor)
    trait = f"period={row.quarter};version={version}"
    [entry_id] = ledger.append(
        drafts=[replace(draft, subject_id=None, unit_id=row.unit_id, trait=trait)],
        at=at,
        actor=actor,
    )
    return entry_id


def standing_of(row: QuarterlyReturn) -> str:
    """Where the duty of a return stands by the ledger. Raises UnknownDuty while the duties do not know it yet."""
    duty = duties.duty(queries.duty_of(row))
    return duties.standing_now(duty.pk).state


def sheet_of(act: str, object_kind: str, object_id: str, content: dict[str, Any]) -> Sheet:
    """A sheet, after the last signature on its object."""
    return Sheet(act, object_kind, object_id, content, last_signature(object_kind, object_id))


def read_quarter(text: str) -> Quarter:
    """The quarter of this name. Raises NoSuchReturn."""
    found = Quarter.read(text)
    if found is None:
        raise queries.NoSuchReturn(say("没有找到这个季度。"), "", say("请从季度报送里打开。"))
    return found


def own_units(at: datetime, actor: Actor) -> frozenset[int]:
    """The actor's own unit and those it followed."""
    if actor.unit_id is None:
        return frozenset()
    return subjects.lineage(actor.unit_id, timezone.localdate(at))


def _log(act: str, object_id: object, at: datetime, actor: Actor, **detail: Any) -> None:
    audit.record(
        act=act,
        object_kind="return",
        object_id=object_id,
        outcome=Outcome.DONE,
        at=at,
        actor=actor,
        **detail,
    )
