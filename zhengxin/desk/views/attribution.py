"""Whose record is it: mentions that wait for a person, the decision, its history."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhengxin import journey
from zhengxin.accounts import permissions
from zhengxin.desk.forms import AttributionForm, RedecisionForm
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest, NotYours, at_desk, looked_at
from zhengxin.desk.once import once
from zhengxin.desk.signing import SigningBlock
from zhengxin.desk.waiting import waiting_mentions
from zhengxin.intake import queries as intake
from zhengxin.intake.enums import WaitingState
from zhengxin.intake.models import WaitingRecord
from zhengxin.journey.redeciding import standing_judgement
from zhengxin.journey.showing import (
    candidates,
    mention_sheet,
    redecision_sheet,
    succession_sheet,
)
from zhengxin.subjects import queries as subjects
from zhengxin.subjects.enums import Certainty
from zhengxin.subjects.types import SubjectCard, identifies, is_id_hash

AT_ONCE = 20


@at_desk(permissions.check_decide_attribution)
@require_safe
def mentions(request: DeskRequest) -> HttpResponse:
    """Names that wait, one line a name and code, the longest waiting first."""
    units = subjects.visible_units(request.actor, timezone.localdate())
    groups = waiting_mentions(units)
    rows = Paginator(groups, AT_ONCE).get_page(request.GET.get("page"))
    return page(
        request,
        "desk/attribution.html",
        section="attribution",
        rows=rows,
        records=sum(group.records for group in groups),
        successions=subjects.unconfirmed_successions(),
    )


def _waiting(waiting_id: int) -> WaitingRecord:
    row = WaitingRecord.objects.select_related("submission").filter(pk=waiting_id).first()
    if row is None:
        raise NotYours(_("没有找到这一行。"), "", _("请从主体列表里打开。"))
    return row


def _choices(cards: list[SubjectCard], *, first: WaitingRecord) -> list[tuple[str, str]]:
    identifier = first.mention.rpartition("|")[2]
    found = [
        (
            str(card.id),
            _("是“{name}”").format(name=card.name)
            + (_("（{code}）").format(code=card.uscc) if card.uscc else ""),
        )
        for card in cards
    ]
    # A code that somebody has already makes no second subject.
    if subjects.holder_of(identifier) is None and (first.mention_code or not cards):
        words = _("都不是，按报送的名称新立一个主体")
        if not cards:
            words = _("按报送的名称新立一个主体")
            if first.mention_code:
                words = _("是单位，按报送的名称和代码新立一个主体")
        found.append(("new", words))
    if not is_id_hash(identifier):
        words = _("是自然人，按自然人入账，记录不公开")
        if not identifies(identifier):
            words = _(
                "是自然人，按自然人入账，记录不公开；没有证件号码，只判断这一行，单独立一个主体"
            )
        found.append(("person", words))
    return [*found, ("drop", _("不入账，退给报送单位"))]


def _cards(request: DeskRequest, first: WaitingRecord) -> tuple[list[SubjectCard], str]:
    """Whom the mention may mean: what the register offered, and what was searched for besides."""
    cards = candidates(first)
    wanted = request.GET.get("q", "").strip()
    for line in subjects.search_subjects(wanted, request.actor, limit=5) if wanted else []:
        if line.id not in {card.id for card in cards}:
            cards.append(subjects.subject_card(line.id))
    return cards, wanted


@at_desk(permissions.check_decide_attribution)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def mention(request: DeskRequest, waiting_id: int) -> HttpResponse:
    """One name: what was written, what the register holds, the decision with its reason."""
    first = _waiting(waiting_id)
    cards, wanted = _cards(request, first)
    open_now = first.state == WaitingState.WAITING
    form = AttributionForm(
        request.POST if request.method == "POST" else None, choices=_choices(cards, first=first)
    )
    if request.method == "POST" and form.is_valid() and not open_now:
        messages.warning(request, _("这一行已经判断过，没有重复办理。"))
        return redirect("desk:mention", waiting_id)
    signing = SigningBlock(request, lambda _nonce: mention_sheet(waiting_id))
    settled = []
    done = signing.done(
        form,
        lambda: form.cleaned_data,
        lambda signed: settled.append(
            journey.decide_attribution(
                waiting_id=waiting_id,
                **form.cleaned_data,
                signed=signed,
                at=timezone.now(),
                actor=request.actor,
            )
        ),
    )
    if isinstance(done, HttpResponse):
        return done
    if done:
        messages.success(request, _("已判断，{n}行按这个决定处理。").format(n=settled[0]))
        return redirect("desk:attribution")
    looked_at(request, "mention.read", "mention", waiting_id, purpose=_("判断主体"))
    alike = WaitingRecord.objects.filter(mention=first.mention, state=WaitingState.WAITING)
    return page(
        request,
        "desk/mention.html",
        section="attribution",
        status=signing.status(form),
        signing=signing,
        first=first,
        certainty=Certainty(first.certainty).label,
        cards=cards,
        alike=alike.select_related("submission").order_by("id")[:AT_ONCE],
        records=alike.count(),
        unit_names=subjects.subject_names(
            {row.submission.unit_id for row in alike.select_related("submission")[:AT_ONCE]}
            | {first.submission.unit_id}
        ),
        history=subjects.judgements(first.mention, first.pk),
        taken=subjects.holder_of(first.mention.rpartition("|")[2]) is not None,
        alone=not identifies(first.mention.rpartition("|")[2]),
        open_now=open_now,
        may_redecide=not open_now and first.judgement_id is not None,
        form=form,
        wanted=wanted,
    )


@at_desk(permissions.check_decide_attribution)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def redecide(request: DeskRequest, waiting_id: int) -> HttpResponse:
    """The standing decision on a name, and the one that supersedes it."""
    first = _waiting(waiting_id)
    history = subjects.judgements(first.mention, first.pk)
    if first.state == WaitingState.WAITING or not history:
        return redirect("desk:mention", waiting_id)
    standing = standing_judgement(first, history)
    cards, wanted = _cards(request, first)
    now = {"drop" if standing.subject_id is None else str(standing.subject_id)}
    # Of a name that once stood for several people one record may still be taken out by itself.
    if standing.natural_person and (
        standing.own_row or identifies(first.mention.rpartition("|")[2])
    ):
        now.add("person")
    form = RedecisionForm(
        request.POST if request.method == "POST" else None,
        choices=[choice for choice in _choices(cards, first=first) if choice[0] not in now],
    )
    signing = SigningBlock(request, lambda _nonce: redecision_sheet(waiting_id))
    settled = []
    done = signing.done(
        form,
        lambda: {key: form.cleaned_data[key] for key in ("choice", "because")},
        lambda signed: settled.append(
            journey.redecide_attribution(
                waiting_id=waiting_id,
                choice=form.cleaned_data["choice"],
                because=form.cleaned_data["because"],
                signed=signed,
                at=timezone.now(),
                actor=request.actor,
            )
        ),
    )
    if isinstance(done, HttpResponse):
        return done
    if done:
        messages.success(request, _("已改判，{n}条记录跟着改。").format(n=settled[0]))
        return redirect("desk:mention", waiting_id)
    looked_at(request, "mention.read", "mention", waiting_id, purpose=_("改判主体"))
    return page(
        request,
        "desk/redecide.html",
        section="attribution",
        status=signing.status(form),
        signing=signing,
        first=first,
        standing=standing,
        records=len(intake.decided_alike(waiting_id)),
        cards=cards,
        form=form,
        wanted=wanted,
    )


@at_desk(permissions.check_decide_attribution)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def confirm_succession(request: DeskRequest, succession_id: int) -> HttpResponse:
    """A named official confirms which unit followed which."""
    signing = SigningBlock(request, lambda _nonce: succession_sheet(succession_id))
    done = signing.done(
        None,
        dict,
        lambda signed: journey.confirm_succession(
            succession_id=succession_id, signed=signed, at=timezone.now(), actor=request.actor
        ),
    )
    if isinstance(done, HttpResponse):
        return done
    if done:
        messages.success(request, _("已确认。原单位的记录从现在起也由后继单位查看。"))
        return redirect("desk:attribution")
    return page(
        request,
        "desk/confirm_succession.html",
        section="attribution",
        status=signing.status(None),
        signing=signing,
        shown=signing.sheet.content,
    )
