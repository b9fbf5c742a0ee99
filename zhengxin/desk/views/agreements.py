"""Sharing agreements between units, and recipients of adverse entries outside."""

from collections import Counter
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from zhengxin import journey
from zhengxin.accounts import permissions
from zhengxin.desk.forms import AgreementForm, RecipientForm
from zhengxin.desk.frame import may, page
from zhengxin.desk.gate import DeskRequest, at_desk
from zhengxin.desk.once import once
from zhengxin.desk.signing import SigningBlock
from zhengxin.intake import queries as intake
from zhengxin.intake.types import Disclosure
from zhengxin.journey.records import kind_labels, labels_of
from zhengxin.journey.showing import agreement_sheet, new_agreement_sheet
from zhengxin.publication import queries as publication
from zhengxin.publication.models import Recipient
from zhengxin.subjects import queries as subjects

KEY_SHOWN_ONCE = "recipient_key"


def _shareable() -> list[tuple[str, list[tuple[str, str]]]]:
    """Open fields by kind of record, as choices of a form."""
    names = kind_labels()
    found: dict[str, dict[str, str]] = {}
    for source in intake.sources():
        labels = labels_of(source.record_kind)
        group = found.setdefault(source.record_kind, {})
        for column in source.kept:
            if column.disclosure is Disclosure.OPEN:
                group[column.field] = labels[column.field]
    return [(names.get(kind, kind), list(group.items())) for kind, group in found.items()]


def _labels() -> dict[str, str]:
    """What each field is called in one list; with the kind of record where several have one of that name."""
    shareable = _shareable()
    many = Counter(label for _title, fields in shareable for _code, label in fields)
    return {
        code: label if many[label] == 1 else _("{field}（{kind}）").format(field=label, kind=title)
        for title, fields in shareable
        for code, label in fields
    }


def _form(request: DeskRequest, today: date) -> AgreementForm:
    return AgreementForm(
        request.POST if request.method == "POST" else None,
        units=[(str(unit.id), unit.name) for unit in subjects.units(today)],
        shared=_shareable(),
        initial={"valid_from": today},
    )


@at_desk(permissions.check_see_agreements)
@require_http_methods(["GET", "HEAD"])
def agreements(request: DeskRequest) -> HttpResponse:
    """Agreements in force and those that ended; of the own unit, or of all."""
    today = timezone.localdate()
    units = subjects.visible_units(request.actor, today)
    lines = subjects.agreements(unit_id=None if units is None else request.actor.unit_id)
    labels = _labels()
    return page(
        request,
        "desk/agreements.html",
        section="agreements",
        in_force=[(line, _labelled(line.fields, labels)) for line in lines if line.in_force(today)],
        ended=[
            (line, _labelled(line.fields, labels)) for line in lines if not line.in_force(today)
        ],
        may_make=may(permissions.check_make_agreement, request.actor),
    )


def _labelled(fields: frozenset[str], labels: dict[str, str]) -> list[str]:
    order = list(labels)
    return [
        labels.get(f, f) for f in sorted(fields, key=lambda f: order.index(f) if f in labels else 0)
    ]


@at_desk(permissions.check_make_agreement)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def make_agreement(request: DeskRequest) -> HttpResponse:
    """Two units agree: fields, basis, purpose, until when."""
    form = _form(request, timezone.localdate())
    signing = SigningBlock(request, new_agreement_sheet)

    def terms() -> dict[str, Any]:
        said = form.cleaned_data
        return {
            "owner_id": int(said["owner"]),
            "reader_id": int(said["reader"]),
            "fields": said["fields_shared"],
            **{key: said[key] for key in ("basis", "purpose", "valid_from", "expires_on")},
        }

    done = signing.done(
        form,
        terms,
        lambda signed: journey.make_agreement(
            **terms(), signed=signed, at=timezone.now(), actor=request.actor
        ),
    )
    if isinstance(done, HttpResponse):
        return done
    if done:
        messages.success(request, _("共享协议已登记，从生效日期起可以查看。"))
        return redirect("desk:agreements")
    return page(
        request,
        "desk/make_agreement.html",
        section="agreements",
        status=signing.status(form),
        signing=signing,
        form=form,
    )


@at_desk(permissions.check_make_agreement)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def end_agreement(request: DeskRequest, agreement_id: int) -> HttpResponse:
    """Ends an agreement from now on."""
    line = next((line for line in subjects.agreements() if line.id == agreement_id), None)
    if line is None or (request.method != "POST" and not line.in_force(timezone.localdate())):
        return redirect("desk:agreements")
    signing = SigningBlock(request, lambda _nonce: agreement_sheet(agreement_id))
    done = signing.done(
        None,
        dict,
        lambda signed: journey.end_agreement(
            agreement_id=agreement_id, signed=signed, at=timezone.now(), actor=request.actor
        ),
    )
    if isinstance(done, HttpResponse):
        return done
    if done:
        messages.success(request, _("共享协议已终止，从现在起不能再查看。"))
        return redirect("desk:agreements")
    labels = _labels()
    return page(
        request,
        "desk/end_agreement.html",
        section="agreements",
        status=signing.status(None),
        signing=signing,
        shown=signing.sheet.content,
        fields=_labelled(line.fields, labels),
    )


@at_desk(permissions.check_register_recipient)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def recipients(request: DeskRequest) -> HttpResponse:
    """Who downloads adverse entries by key. A new key is shown once."""
    form = RecipientForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        key = journey.register_recipient(
            **form.cleaned_data, at=timezone.now(), actor=request.actor
        )
        request.session[KEY_SHOWN_ONCE] = [form.cleaned_data["name"], key]
        return redirect("desk:recipients")
    return page(
        request,
        "desk/recipients.html",
        section="recipients",
        status=422 if form.errors else 200,
        form=form,
        recipients=publication.recipients(),
        takings=publication.takings(),
        shown_once=request.session.pop(KEY_SHOWN_ONCE, None) if request.method == "GET" else None,
    )


@at_desk(permissions.check_register_recipient)
@require_POST
@once
def end_recipient(request: DeskRequest, recipient_id: int) -> HttpResponse:
    """Ends a recipient's key."""
    if Recipient.objects.filter(pk=recipient_id).exists():
        journey.end_recipient(recipient_id=recipient_id, at=timezone.now(), actor=request.actor)
        messages.success(request, _("取用密钥已停用。"))
    return redirect("desk:recipients")
