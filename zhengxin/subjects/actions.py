"""Verbs of the register. Only `journey` and the register loader write through them; journey audits."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhengxin.kernel.actor import Actor
from zhengxin.kernel.names import fold_name
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.uscc import check_uscc
from zhengxin.subjects.enums import Certainty, NameKind, SubjectKind, SuccessionKind, UnitKind
from zhengxin.subjects.establishing import establish as establish
from zhengxin.subjects.establishing import establish_by_judgement as establish_by_judgement
from zhengxin.subjects.forgetting import forget as forget
from zhengxin.subjects.models import (
    Judgement,
    Name,
    Power,
    SharingAgreement,
    Subject,
    Succession,
    Unit,
)
from zhengxin.subjects.types import Establish as Establish
from zhengxin.subjects.types import Mention as Mention

# Tables that lose words when something is erased.
ERASABLE = ["subjects_judgement", "subjects_name", "subjects_subject"]


class BadRegistration(Refused):
    """What should be entered in the register contradicts itself or what is there."""


class NotDecided(Refused):
    """A judgement needs a named person, a reason and a subject that exists."""


class UnknownSuccession(Refused):
    """A succession that is not in the register."""


class BadAgreement(Refused):
    """A sharing agreement lacks a part or contradicts itself."""


def register_unit(
    *,
    name: str,
    kind: str,
    code: str,
    at: datetime,
    actor: Actor,
    uscc: str = "",
    region_code: str = "",
    opened_on: date | None = None,
    closed_on: date | None = None,
    traits: Iterable[str] = (),
    position: int = 0,
    basis: str = "",
) -> Unit:
    """Enter a body with its official name. Raises BadRegistration; codes and names are not guessed."""
    if not fold_name(name) or kind not in UnitKind.values or not code.strip():
        raise BadRegistration(
            _("单位没有登记。"), _("名称、单位类别和单位代码都要有。"), _("请补齐后再登记。")
        )
    if uscc and not (checked := check_uscc(uscc)).ok:
        raise BadRegistration(
            _("单位没有登记。"), checked.reason or _("这不是统一社会信用代码。"), _("请核对18位。")
        )
    _insist_in_order(opened_on, closed_on)
    if Unit.objects.filter(code=code).exists():
        raise BadRegistration(
            _("单位没有登记。"),
            _("单位代码%(code)s已登记给其他单位。") % {"code": code},
            _("请换一个代码，或在原单位上更名。"),
        )
    if uscc and Subject.objects.filter(uscc=checked.code).exists():
        raise BadRegistration(
            _("单位没有登记。"), _("这个统一社会信用代码已登记。"), _("请核对18位。")
        )
    with transaction.atomic():
        subject = Subject.objects.create(
            kind=SubjectKind.UNIT,
            name=name.strip(),
            folded=fold_name(name),
            uscc=checked.code if uscc else None,
            created_at=at,
        )
        unit = Unit.objects.create(
            subject=subject,
            kind=kind,
            code=code,
            region_code=region_code,
            opened_on=opened_on,
            closed_on=closed_on,
            traits=sorted(set(traits)),
            position=position,
        )
        Name.objects.create(
            subject=subject,
            text=subject.name,
            folded=subject.folded,
            kind=NameKind.OFFICIAL,
            valid_from=opened_on,
            basis=basis,
        )
    return unit


def add_name(
    *,
    subject_id: int,
    text: str,
    kind: str,
    at: datetime,
    actor: Actor,
    valid_from: date | None = None,
    valid_to: date | None = None,
    basis: str = "",
) -> Name:
    """Give a subject one more name with its days.

    A new official name needs its first day; the official name so far becomes a former one that
    ended the day before. The same name with the same days is entered once. Raises BadRegistration.
    """
    folded = fold_name(text)
    if not folded or kind not in NameKind.values:
        raise BadRegistration(
            _("名称没有登记。"), _("名称或名称类别没有填写。"), _("请补齐后再登记。")
        )
    _insist_in_order(valid_from, valid_to)
    with transaction.atomic():
        subject = Subject.objects.select_for_update().get(pk=subject_id)
        name, new = Name.objects.get_or_create(
            subject=subject,
            folded=folded,
            kind=kind,
            valid_from=valid_from,
            valid_to=valid_to,
            defaults={"text": text.strip(), "basis": basis},
        )
        if new and kind == NameKind.OFFICIAL:
            _rename(subject, name)
    return name


def _rename(subject: Subject, name: Name) -> None:
    if name.valid_from is None or name.valid_to is not None:
        raise BadRegistration(
            _("名称没有登记。"),
            _("新的正式名称要有启用日期，不能有停用日期。"),
            _("停用了的名称请登记为曾用名。"),
        )
    last_day = name.valid_from - timedelta(days=1)
    earlier = Name.objects.filter(subject=subject, kind=NameKind.OFFICIAL).exclude(pk=name.pk)
    if earlier.filter(valid_from__gt=last_day).exists():
        raise BadRegistration(
            _("名称没有登记。"),
            _("现有正式名称的启用日期晚于这个名称。"),
            _("更早的名称请登记为曾用名。"),
        )
    if not subject.names.filter(folded=subject.folded).exclude(pk=name.pk).exists():
        Name.objects.create(
            subject=subject,
            text=subject.name,
            folded=subject.folded,
            kind=NameKind.FORMER,
            valid_to=last_day,
        )
    earlier.update(kind=NameKind.FORMER, valid_to=last_day)
    subject.name, subject.folded = name.text, name.folded
    subject.save(update_fields=["name", "folded"])


def record_succession(
    *,
    predecessor_id: int,
    successor_id: int | None,
    kind: str,
    at: datetime,
    actor: Actor,
    on: date | None = None,
    basis: str = "",
) -> Succession:
    """Note that one unit followed another (None: nobody known). Unconfirmed until confirmed. Once only."""
    if kind not in SuccessionKind.values or predecessor_id == successor_id:
        raise BadRegistration(
            _("承接关系没有登记。"), _("承接方式不对，或前后是同一单位。"), _("请核对后再登记。")
        )
    row, _new = Succession.objects.get_or_create(
        predecessor_id=predecessor_id,
        successor_id=successor_id,
        kind=kind,
        defaults={"on": on, "basis": basis},
    )
    return row


def confirm_succession(*, succession_id: int, at: datetime, actor: Actor) -> Succession:
    """A person (or the register of an invented county) confirms who followed whom; again is harmless.

    Raises UnknownSuccession.
    """
    with transaction.atomic():
        row = Succession.objects.select_for_update().filter(pk=succession_id).first()
        if row is None:
            raise UnknownSuccession(
                _("没有找到这一条沿革。"), _("编号有误。"), _("请从主体列表里确认。")
            )
        if row.confirmed_at is None:
            row.confirmed_at, row.confirmed_by = at, actor.account_id
            row.save(update_fields=["confirmed_at", "confirmed_by"])
    return row


def grant_power(
    *,
    unit_id: int,
    source: str,
    basis: str,
    at: datetime,
    actor: Actor,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Power:
    """Let a unit send one source during these days; the same grant is entered once."""
    if not source.strip() or not basis.strip():
        raise BadRegistration(
            _("报送权责没有登记。"), _("来源和依据都要写明。"), _("请补齐后再登记。")
        )
    _insist_in_order(valid_from, valid_to)
    power, _new = Power.objects.get_or_create(
        unit_id=unit_id,
        source=source,
        valid_from=valid_from,
        valid_to=valid_to,
        defaults={"basis": basis},
    )
    return power


def decide(
    *,
    mention: str,
    mention_text: str,
    subject_id: int | None,
    because: str,
    at: datetime,
    actor: Actor,
) -> Judgement:
    """A named person decides whose a mention is (None: nobody's); an earlier decision is superseded.

    `mention` is a mention key. Raises NotDecided.
    """
    if actor.account_id is None:
        raise NotDecided(
            _("认定没有保存。"), _("认定要由具名的工作人员作出。"), _("请登录后再认定。")
        )
    if not because.strip():
        raise NotDecided(_("认定没有保存。"), _("没有写理由。"), _("请写明认定的理由。"))
    with transaction.atomic():
        if subject_id is not None and not Subject.objects.filter(pk=subject_id).exists():
            raise NotDecided(_("认定没有保存。"), _("没有这个主体。"), _("请重新搜索并选择主体。"))
        standing = (
            Judgement.objects.select_for_update(of=("self",))
            .filter(mention=mention, superseded_by__isnull=True)
            .order_by("-id")
            .first()
        )
        return Judgement.objects.create(
            mention=mention,
            mention_text=mention_text[:300],
            subject_id=subject_id,
            certainty=Certainty.NONE if subject_id is None else Certainty.CERTAIN,
            because=because.strip()[:400],
            decided_by=actor.account_id,
            decided_by_name=actor.name,
            decided_at=at,
            supersedes=standing,
        )


def make_agreement(
    *,
    owner_id: int,
    reader_id: int,
    fields: Iterable[str],
    basis: str,
    purpose: str,
    valid_from: date,
    expires_on: date,
    at: datetime,
    actor: Actor,
) -> SharingAgreement:
    """Officials of `reader_id` may look up these fields of `owner_id`'s subjects until it expires.

    Fields, basis, purpose and expiry must all be stated. Raises BadAgreement.
    """
    named = sorted({name.strip() for name in fields} - {""})
    if not (named and basis.strip() and purpose.strip()):
        raise BadAgreement(
            _("共享协议没有订立。"), _("字段、依据、用途都要写明。"), _("请补齐后再保存。")
        )
    if owner_id == reader_id:
        raise BadAgreement(
            _("共享协议没有订立。"), _("提供单位和使用单位是同一个。"), _("请重新选择。")
        )
    if expires_on < valid_from or expires_on < timezone.localdate(at):
        raise BadAgreement(
            _("共享协议没有订立。"),
            _("到期日早于生效日，或者已经过去。"),
            _("请核对起止日期。"),
        )
    return SharingAgreement.objects.create(
        owner_id=owner_id,
        reader_id=reader_id,
        fields=named,
        basis=basis.strip(),
        purpose=purpose.strip(),
        valid_from=valid_from,
        expires_on=expires_on,
    )


def end_agreement(*, agreement_id: int, at: datetime, actor: Actor) -> SharingAgreement:
    """End an agreement from now on; again is harmless."""
    with transaction.atomic():
        row = SharingAgreement.objects.select_for_update().get(pk=agreement_id)
        if row.ended_at is None:
            row.ended_at = at
            row.save(update_fields=["ended_at"])
    return row


def _insist_in_order(first: date | None, last: date | None) -> None:
    if first is not None and last is not None and last < first:
        raise BadRegistration(
            _("登记没有保存。"), _("结束日期早于开始日期。"), _("请核对起止日期。")
        )
