"""The public pages: each asks the board one question and renders the answer."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

YEAR = 365 * 24 * 3600


def home(request: HttpRequest, **place: int) -> HttpResponse:
    """The first page."""
    return render(request, "zhengxin/base.html", {"nav": "home"})


units = unit = subject = items = entry = entry_proof = home
search = withheld = verify = about = data = accessibility = home


def mode(request: HttpRequest) -> HttpResponse:
    """Remember large print in a cookie and go back to the page the reader came from."""
    back = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("portal:home")
    response = HttpResponseRedirect(back)
    if request.GET.get("large") == "1":
        response.set_cookie("mode", "large", max_age=YEAR, samesite="Lax", httponly=True)
    else:
        response.delete_cookie("mode", samesite="Lax")
    return response
