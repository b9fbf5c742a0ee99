"""The public objects: a form whose words are sealed at once, and how an objection stands by its code.

No cookie, no session: nobody is known here, so that a form sent from another site could do no more than its visitor.
Such a form is refused all the same, by where the browser says it comes from.
"""

from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from zhengxin.kernel.personal import kinds_found
from zhengxin.kernel.refused import Refused
from zhengxin.publication.board import letters, queries
from zhengxin.publication.board.types import Item

LARGEST = 2**63 - 1
# Sites of the same origin, or a reader who typed the address.
_FETCHED_FROM = ("same-origin", "none", "")


def _without_number(text: str) -> None:
    if kinds := kinds_found(text):
        raise ValidationError(
            _("里面有{kinds}。报送单位也会看到这一段，请删去号码。").format(kinds=kinds)
        )


def _area(label: Any, help_text: Any, *, most: int, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        min_length=5,
        max_length=most,
        required=required,
        validators=[_without_number],
        widget=forms.Textarea(attrs={"rows": 5 if required else 2, "class": "form-control"}),
    )


def _line(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        min_length=2,
        max_length=100,
        required=required,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )


class LetterForm(forms.Form):
    """What is wrong, and who says so."""

    use_required_attribute = False
    claim = _area(lazy("哪里有误"), lazy("写明哪一项有误、应当是什么、为什么。"), most=2000)
    statement = _area(
        lazy("声明（选填）"),
        lazy("异议没有得到支持时，想附在记录旁边公开的话，最多300个字。"),
        most=300,
        required=False,
    )
    kind = forms.ChoiceField(
        label=lazy("您是"),
        choices=[("person", lazy("个人")), ("organisation", lazy("企业或者其他组织"))],
        widget=forms.RadioSelect,
    )
    name = _line(lazy("姓名或者名称"))
    phone = _line(lazy("联系电话"), lazy("核实身份、补充材料、告知决定都要用。"))
    id_code = _line(lazy("证件号码或者统一社会信用代码（选填）"), required=False)

    def __init__(self, *given: object, **named: object) -> None:
        super().__init__(*given, **named)  # type: ignore[arg-type]  # as Django takes them
        for field in self.fields.values():
            field.error_messages["required"] = str(_("还没有填写。"))


def _insist_own_form(request: HttpRequest) -> None:
    """Raises LetterRefused for a form that another site sent."""
    origin = request.headers.get("Origin", "")
    fetched = request.headers.get("Sec-Fetch-Site", "")
    foreign = bool(origin) and urlsplit(origin).netloc != request.get_host()
    if foreign or fetched not in _FETCHED_FROM:
        raise letters.LetterRefused(
            _("没有收下。"), _("这份表单不是从本站的页面提交的。"), _("请在本站打开记录再提出。")
        )


def _sender(request: HttpRequest) -> str:
    """Only to count letters of a day: the address cannot be read from it."""
    told = f"{settings.SECRET_KEY}\n{timezone.localdate()}\n{request.META.get('REMOTE_ADDR', '')}"
    return sha256(told.encode()).hexdigest()


def _item(entry_id: int) -> Item:
    item = queries.item(entry_id, timezone.localdate()) if entry_id <= LARGEST else None
    if item is None:
        raise Http404
    return item


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def object_to(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Somebody says that a shown record is wrong; the words are sealed and wait for the house."""
    item = _item(entry_id)
    form = LetterForm(request.POST if request.method == "POST" else None)
    refused, code = None, ""
    if request.method == "POST" and form.is_valid():
        try:
            _insist_own_form(request)
            code = letters.drop_in(
                said={**form.cleaned_data, "entry_id": entry_id},
                sender=_sender(request),
                a_day=settings.LETTERS_A_DAY,
                waiting=settings.LETTERS_WAITING,
                at=timezone.now(),
            )
        except Refused as told:
            refused = told
        except DatabaseError:
            refused = Refused(
                _("没有收下。"),
                _("信箱现在写不进去。"),
                _("请过些时候再试，或者到信用办窗口提出。"),
            )
    status = 409 if refused else 422 if form.errors else 200
    context = {"nav": "items", "item": item, "form": form, "code": code, "refused": refused}
    return render(request, "portal/object.html", context, status=status)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: HttpRequest) -> HttpResponse:
    """How an objection stands, by its code alone. A code is never part of an address."""
    found, refused = None, None
    if request.method == "POST":
        try:
            found = letters.standing(request.POST.get("code", "")[:60], timezone.localdate())
        except letters.UnknownCode as unknown:
            refused = unknown
    context = {"nav": "about", "found": found, "refused": refused}
    return render(request, "portal/objection.html", context, status=404 if refused else 200)
