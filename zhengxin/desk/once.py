"""A form sent twice is done once: the second sending lands where the first one did.

A form carries a random token. Of several sendings with the same token the first does the work; the
others wait for it and follow it to its result page. A sending that ends in an error gives the token back.
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

from zhengxin.accounts import actions as accounts
from zhengxin.desk.gate import DeskRequest

FIELD = "once"
# The second of two clicks waits so long for the first: times and seconds between.
LOOKS, BETWEEN = 50, 0.1


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
        return redirect("desk:today")

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
