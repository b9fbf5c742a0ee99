"""A form sent twice is done once: the second sending lands where the first one did.

A form carries a random token. Of several sendings with the same token the first does the work; the
others wait for it and follow it to its result page. A sending that ends in an error gives the token back.
Where the first was cut off (or takes long), nobody knows what came of it: the page says so and changes nothing.
"""

import time
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from zhengxin.accounts import actions as accounts
from zhengxin.desk.gate import DeskRequest
from zhengxin.kernel.refused import Refused

FIELD = "once"
# The second of two clicks waits so long for the first: times and seconds between.
LOOKS, BETWEEN = 50, 0.1


class NotKnown(Refused):
    """The same form was sent before, and what came of it is not known yet."""


def once(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Marks a view whose form creates something."""

    @wraps(view)
    def inner(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        token = request.POST.get(FIELD, "") if request.method == "POST" else ""
        if not token:
            return view(request, *args, **kwargs)
        name = f"{request.account.pk}\n{request.path}\n{token}"
        digest = sha256(name.encode()).hexdigest()
        for _look in range(LOOKS):
            result = accounts.claim_form(digest=digest, at=timezone.now(), actor=request.actor)
            if result is None:
                return _do(view, digest, request, *args, **kwargs)
            if result:
                return redirect(result)
            time.sleep(BETWEEN)
        raise NotKnown(
            _("不知道这份表单办成没有。"),
            _("它已经提交过一次，那一次还在办，或者中途停了。这一次什么也没有改。"),
            _("请重新打开这一页核对：没有办成的，重新填写提交。"),
        )

    return inner


def _do(
    view: Callable[..., HttpResponse], digest: str, request: DeskRequest, *args: Any, **kwargs: Any
) -> HttpResponse:
    done = ""
    try:
        answer = view(request, *args, **kwargs)
        done = answer.get("Location", "")
        return answer
    finally:
        accounts.settle_form(digest=digest, result=done, at=timezone.now(), actor=request.actor)
