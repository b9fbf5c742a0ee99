"""What the invented officials decide: whose record, which grade, which text, and the year's single acts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from zhengxin import journey
from zhengxin.demo.signing import free_moment, signed_by
from zhengxin.intake.enums import WaitingState
from zhengxin.intake.models import WaitingRecord
from zhengxin.journey.showing import (
    Sheet,
    entry_sheet,
    mention_sheet,
    new_agreement_sheet,
    succession_sheet,
)
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.digests import sha256_hex
from zhengxin.ledger import queries as ledger
from zhengxin.publication.enums import Grade, NoticeState, WithholdReason
from zhengxin.publication.models import Notice
from zhengxin.subjects import queries as subjects

# A record waits some days at the desk before somebody comes to it.
PATIENCE = timedelta(days=3)
GENERAL_FROM_WAN = 0.3
SERIOUS_FROM_WAN = 10.0
# A fine above this was given in yuan: it stays at the desk until the unit has corrected it.
BELIEVABLE_WAN = 1000.0
SHOWABLE = (NoticeState.SCHEDULED, NoticeState.SHOWN)
# Every third text that may be shown was looked at and released.
RELEASED_OF = 3


@dataclass(frozen=True, slots=True)
class Officers:
    """Who decides, on a given day; and who sends for a unit (its id), and leads it."""

    credit: Callable[[date], Actor]
    review: Callable[[date], Actor]
    clerk: Callable[[int, date], Actor]
    leader: Callable[[int, date], Actor]


def signs(
    verb: Callable[..., object],
    sheet: Sheet,
    *,
    at: datetime,
    actor: Actor,
    nonce: str = "",
    **said: Any,
) -> None:
    """One act, signed at the next moment the official's app shows a new code."""
    moment = free_moment(actor, at)
    verb(**said, signed=signed_by(actor, sheet, moment, nonce), at=moment, actor=actor)


def desk_day(*, at: datetime, officers: Officers) -> None:
    """A Friday at the credit office: attributions, grades, texts. Whole or not at all, and synced once."""
    with transaction.atomic():
        decide_attributions(at=at, officers=officers)
        grade_penalties(at=at, officers=officers)
        release_texts(at=at, officers=officers)


def decide_attributions(*, at: datetime, officers: Officers) -> None:
    """The candidate is taken where there is one; a business without a code is entered; the rest is dropped."""
    waiting = WaitingRecord.objects.filter(
        state=WaitingState.WAITING, submission__received_at__lt=at - PATIENCE
    )
    actor = officers.credit(at.date())
    while (row := waiting.order_by("id").first()) is not None:
        choice: int | str = "new"
        because = "与登记机关核对：该户尚未换发统一社会信用代码，营业执照与原注册号一致。"
        if row.candidates:
            choice = int(row.candidates[0])
            because = "代码一致，名称系录入时少字或用了旧式写法，已与报送单位电话核对。"
        signs(
            journey.decide_attribution,
            mention_sheet(row.pk),
            waiting_id=row.pk,
            choice=choice,
            because=because,
            at=at,
            actor=actor,
        )


def _grade_of(fine_wan: float) -> Grade:
    if fine_wan >= SERIOUS_FROM_WAN:
        return Grade.SERIOUS
    return Grade.GENERAL if fine_wan >= GENERAL_FROM_WAN else Grade.MINOR


def grade_penalties(*, at: datetime, officers: Officers) -> None:
    """Every ungraded penalty gets the grade of its fine."""
    actor = officers.credit(at.date())
    ungraded = list(
        Notice.objects.filter(state=NoticeState.UNGRADED)
        .order_by("entry_id")
        .values_list("entry_id", flat=True)
    )
    for entry_id, payload in ledger.payloads(ungraded).items():
        fine = float(str(payload.open.get("CF_NR_FK") or 0))
        if fine > BELIEVABLE_WAN:
            continue
        grade = _grade_of(fine)
        signs(
            journey.grade,
            entry_sheet("grading", entry_id),
            entry_id=entry_id,
            grade=grade,
            because=f"罚款{fine:g}万元，按所在行业的裁量基准，定为{grade.label}失信。",
            at=at,
            actor=actor,
        )


def release_texts(*, at: datetime, officers: Officers) -> None:
    """Some facts of graded penalties are read by the reviewer and released."""
    actor = officers.review(at.date())
    shown = Notice.objects.filter(kind="penalty", state__in=SHOWABLE, released="").order_by(
        "entry_id"
    )
    ids = [pk for pk in shown.values_list("entry_id", flat=True) if pk % RELEASED_OF == 0]
    for entry_id, payload in ledger.payloads(ids).items():
        if payload.text:
            signs(
                journey.release_text,
                entry_sheet("text_release", entry_id),
                entry_id=entry_id,
                fields=sorted(payload.text),
                because="已逐字看过，没有个人信息和商业秘密。",
                at=at,
                actor=actor,
            )


def confirm_succession(*, at: datetime, officers: Officers) -> None:
    """One of the successions left open by the register is confirmed."""
    for _, line in subjects.unconfirmed_successions()[:1]:
        signs(
            journey.confirm_succession,
            succession_sheet(line.id),
            succession_id=line.id,
            at=at,
            actor=officers.credit(at.date()),
        )


def make_agreement(*, at: datetime, officers: Officers) -> None:
    """The construction office may look up some fields of market supervision's subjects for a year."""
    owner, reader = (
        subjects.unit_by_name(name, at.date()) for name in ("县市场监管局", "县住建局")
    )
    assert owner is not None
    assert reader is not None
    nonce = sha256_hex(f"{owner.id} {reader.id}".encode())[:32]
    signs(
        journey.make_agreement,
        new_agreement_sheet(nonce),
        nonce=nonce,
        owner_id=owner.id,
        reader_id=reader.id,
        fields=["XK_XDR_MC", "XK_XKWS", "XK_WSH", "XK_JDRQ", "CF_XDR_MC", "CF_WSH", "CF_JDRQ"],
        basis="《示例县公共信用信息共享办法》第九条（虚构）",
        purpose="施工许可审查时核对企业资格",
        valid_from=at.date(),
        expires_on=at.date() + timedelta(days=365),
        at=at,
        actor=officers.credit(at.date()),
    )


def register_recipient(*, at: datetime, officers: Officers) -> None:
    """One recipient of adverse entries; the key is shown once, to nobody here."""
    journey.register_recipient(
        name="示例县农村商业银行（虚构）",
        contact="风险管理部，0000-0000000",
        purpose="贷前审查",
        at=at,
        actor=officers.credit(at.date()),
    )


def withhold_one(*, at: datetime, officers: Officers) -> None:
    """One licence is taken off the board as a trade secret, to be looked at again in half a year."""
    entry_id = (
        Notice.objects.filter(kind="licence", state__in=SHOWABLE)
        .order_by("-entry_id")
        .values_list("entry_id", flat=True)
        .first()
    )
    if entry_id is not None:
        signs(
            journey.withhold,
            entry_sheet("withholding", entry_id),
            entry_id=entry_id,
            reason=WithholdReason.TRADE_SECRET,
            because="企业书面说明许可内容含未公开的工艺规模，经核实属实。",
            review_on=at.date() + timedelta(days=183),
            at=at,
            actor=officers.review(at.date()),
        )
