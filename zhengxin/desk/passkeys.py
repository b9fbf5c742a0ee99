"""Where passkeys work: the configured host, or localhost while trying; never an address of numbers."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

from zhengxin.accounts.types import Site


def site_of(request: HttpRequest) -> Site:
    """The relying party and the origins a passkey may answer to on this page."""
    host = str(settings.PASSKEY_HOST)
    origins = tuple(settings.PASSKEY_ORIGINS)
    if not origins and request.get_host().partition(":")[0] == host:
        origins = (f"{request.scheme}://{request.get_host()}",)
    return Site(host, origins)


def works_here(request: HttpRequest) -> bool:
    """True when a page at this address may ask for a passkey."""
    return request.get_host() in {urlsplit(origin).netloc for origin in site_of(request).origins}


def elsewhere(request: HttpRequest) -> str:
    """This page at the address where passkeys work; empty when it is here or not known."""
    if works_here(request) or settings.PASSKEY_ORIGINS:
        return ""
    port = request.get_port()
    return f"{request.scheme}://{settings.PASSKEY_HOST}:{port}{request.path}"
