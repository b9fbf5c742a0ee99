"""The page that tells people what machines may take."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhengxin.exchange.downloads import downloads


def data(request: HttpRequest) -> HttpResponse:
    """Files to download, the addresses of the API and how to get a key."""
    context = {"nav": "data", "files": downloads(settings.DOWNLOADS_DIR)}
    return render(request, "exchange/data.html", context)
