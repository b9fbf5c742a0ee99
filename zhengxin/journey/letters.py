"""Letters from the portal are opened here and become objections; the portal itself can only seal them."""

import json
from datetime import datetime
from typing import Any

from django.utils import timezone

from zhengxin.audit import actions as audit
from zhengxin.audit.enums import Outcome
from zhengxin.journey.objecting import lodge_objection
from zhengxin.journey.reading import record_refusal
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.letters import LetterUnreadable, code_digest, public_key, unseal
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say
from zhengxin.ledger.vault import keyring
from zhengxin.ledger.vault.enums import KeyKind
from zhengxin.objections import queries as objections
from zhengxin.objections.enums import ObjectorKind
from zhengxin.objections.types import Objector
from zhengxin.publication import actions as publication
from zhengxin.publication.board.letters import Letter, Standing

AT_ONCE = 20


def _private() -> bytes:
    return keyring.made(KeyKind.LETTER, "x25519")


def put_letter_key(*, at: datetime, actor: Actor) -> None:
    """The board says to which key letters are sealed."""
    publication.put_letter_key(public=public_key(_private()), at=at, actor=actor)


def take_letters(*, at: datetime, actor: Actor) -> int:
    """Opens what lies in the letterbox and lodges it; what cannot be lodged is refused, by its code. Returns how many."""
    letters = publication.waiting_letters(limit=AT_ONCE, at=at, actor=actor)
    for letter in letters:
        _take(letter, at, actor)
        publication.empty_letter(letter_id=letter.id, at=at, actor=actor)
    return len(letters)


def _take(letter: Letter, at: datetime, actor: Actor) -> None:
    if objections.has_code(letter.code_digest):
        # Lodged before; only the emptying was broken off.
        return
    try:
        told: dict[str, Any] = json.loads(unseal(_private(), letter.sealed))
        code = str(told["code"])
        if code_digest(code) != letter.code_digest:
            raise LetterUnreadable("another letter's code")
        objector = Objector(
            ObjectorKind(told["kind"]), told["name"], told["phone"], told["id_code"]
        )
        lodge_objection(
            entry_id=int(told["entry_id"]),
            objector=objector,
            claim=told["claim"],
            statement=told["statement"],
            code=code,
            at=at,
            actor=actor,
        )
    except Refused as refused:
        record_refusal(
            act="letter.refuse",
            object_kind="letter",
            object_id=str(letter.id),
            refusal=refused,
            at=at,
            actor=actor,
        )
        _say_not_taken(letter, at, actor)
    except (LetterUnreadable, ValueError, KeyError, TypeError) as fault:
        audit.record(
            act="letter.unreadable",
            object_kind="letter",
            object_id=letter.id,
            outcome=Outcome.REFUSED,
            at=at,
            actor=actor,
            why=type(fault).__name__,
        )
        _say_not_taken(letter, at, actor)


def _say_not_taken(letter: Letter, at: datetime, actor: Actor) -> None:
    """Without the reason: whoever guesses a code learns nothing of a record."""
    on = timezone.localdate(letter.sent_at)
    row = Standing(letter.code_digest, say("没有登记，请到信用办窗口核对"), on, closed_on=on)
    publication.put_standings(rows=[row], at=at, actor=actor)
