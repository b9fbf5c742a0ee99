"""What pages of acts on proposals have in common: the form, with or without a signature, and who asks where."""

from collections.abc import Callable, Mapping
from typing import Any, TypedDict

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from zhengxin.accounts.types import Signed
from zhengxin.desk.fitting import only_while
from zhengxin.desk.forms import DeskForm
from zhengxin.desk.frame import page
from zhengxin.desk.gate import DeskRequest
from zhengxin.desk.signing import SigningBlock
from zhengxin.oversight.proposals import queries
from zhengxin.oversight.proposals.enums import HandlingState
from zhengxin.oversight.proposals.models import Handling, Proposal, Reply
from zhengxin.subjects import queries as subjects


class Standing(TypedDict):
    """What the rules ask of whoever acts: the units that assign this kind today, and the actor's own."""

    offices: frozenset[int]
    units: frozenset[int]


def standing(request: DeskRequest, row: Proposal) -> Standing:
    """Where the reader stands to a proposal."""
    today = timezone.localdate()
    return {"offices": queries.offices(row.kind, today), "units": own_units(request)}


def own_units(request: DeskRequest) -> frozenset[int]:
    """The reader's unit and those it followed."""
    return queries.own_units(request.actor, timezone.localdate())


def is_own(part: Handling) -> bool:
    """Whether an office that assigns handles this part itself."""
    return part.unit_id in queries.themselves(part.proposal.kind, timezone.localdate())


def units_to_choose() -> list[tuple[str, str]]:
    """Every open unit, in the county's own order."""
    return [(str(unit.id), unit.name) for unit in subjects.units(timezone.localdate())]


def last_reply(part: Handling) -> tuple[Reply | None, int]:
    """The reply that was signed last, and who signed it (0: nobody)."""
    last = part.replies.order_by("-id").first()
    return last, last.writer_id if last else 0


def only_in(request: DeskRequest, part: Handling, *states: HandlingState) -> None:
    """Raises NotNow on looking unless the part is in one of these states."""
    stands = HandlingState(part.state).label
    only_now(request, part.proposal, part.state in states, stands)


def only_now(request: DeskRequest, row: Proposal, fits: bool, stands: object) -> None:
    """Raises NotNow on looking unless the act fits. stands: how it stands instead."""
    only_while(request, fits, stands=stands, back=reverse("desk:proposal", args=[row.pk]))


def posted(request: DeskRequest) -> list[Any]:
    """What a form is made of."""
    return [request.POST, request.FILES] if request.method == "POST" else []


def form_page(
    request: DeskRequest,
    form: DeskForm,
    act: Callable[..., object],
    *,
    done: str,
    row: Proposal | None = None,
    back: str = "",
    **shown: Any,
) -> HttpResponse:
    """A form without a signature: carries the act (of `at`, `actor`) out and goes back, or draws the page."""
    if request.method == "POST" and form.is_valid():
        act(at=timezone.now(), actor=request.actor)
        return _went(request, row, back, done)
    return _drawn(request, form, row, back, status=422 if form.errors else 200, **shown)


def signed_page(
    request: DeskRequest,
    form: DeskForm,
    signing: SigningBlock,
    act: Callable[..., object],
    *,
    done: str,
    row: Proposal | None = None,
    back: str = "",
    **shown: Any,
) -> HttpResponse:
    """A form of decision: carries the act out as the form says it once it is signed, or draws the page."""

    def said() -> Mapping[str, Any]:
        given: Callable[[], Mapping[str, Any]] | None = getattr(form, "given", None)
        return given() if given else form.cleaned_data

    def signs(signed: Signed) -> object:
        return act(**said(), signed=signed, at=timezone.now(), actor=request.actor)

    outcome = signing.done(form, said, signs)
    if isinstance(outcome, HttpResponse):
        return outcome
    if outcome:
        return _went(request, row, back, done)
    return _drawn(request, form, row, back, status=signing.status(form), signing=signing, **shown)


def _to(row: Proposal | None, back: str) -> str:
    return back or (reverse("desk:proposal", args=[row.pk]) if row else reverse("desk:proposals"))


def _went(request: DeskRequest, row: Proposal | None, back: str, done: str) -> HttpResponse:
    messages.success(request, done)
    return redirect(_to(row, back))


def _drawn(
    request: DeskRequest, form: DeskForm, row: Proposal | None, back: str, **shown: Any
) -> HttpResponse:
    return page(
        request,
        "desk/proposal_act.html",
        section="oversight",
        tab="proposals",
        form=form,
        row=row,
        back=_to(row, back),
        **shown,
    )
