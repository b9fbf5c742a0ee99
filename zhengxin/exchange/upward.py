"""The door for offices above: they push records and return files; what a folder brings, this brings too.

A push bears the key of its peer (`Authorization: Bearer`, SHA-256 in the peer's description). The same
bytes twice count once. This door is no part of the portal's own process, which has no main store.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from hashlib import sha256
from hmac import compare_digest

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from zhengxin import journey
from zhengxin.handover import queries as handover
from zhengxin.handover.types import Peer
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.refused import Refused

Pushed = Mapping[str, bytes]
_SIGNED = ".sig"


def _pushed(
    take: Callable[[Peer, Pushed, Actor], dict[str, object]],
) -> Callable[..., JsonResponse]:
    """Checks key and size, reads the files, and answers what became of them."""

    @csrf_exempt
    @require_POST
    @wraps(take)
    def inner(request: HttpRequest, code: str) -> JsonResponse:
        peer = handover.peers().get(code)
        if peer is None or not _knows_key(peer, request):
            why = _("密钥不对，或者没有约定推送。")
            return _answer(401, Refused(_("没有收下。"), why, _("请向县信用办核对地址和密钥。")))
        if int(request.headers.get("Content-Length") or 0) > settings.DESK_UPLOAD_LIMIT:
            limit = settings.DESK_UPLOAD_LIMIT // 2**20
            why = _("超过%(n)s兆。") % {"n": limit}
            return _answer(413, Refused(_("没有收下。"), why, _("请分成几批，或改用文件夹交换。")))
        files = {
            str(file.name): file.read()
            for name in request.FILES
            for file in request.FILES.getlist(name)
        }
        if not files:
            why = _("请求里没有文件。")
            return _answer(400, Refused(_("没有收下。"), why, _("请用multipart/form-data推送。")))
        try:
            return JsonResponse(take(peer, files, Actor.system(peer.title)))
        except Refused as refusal:
            return _answer(422, refusal)

    return inner


def _knows_key(peer: Peer, request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    wanted = peer.inward.key_digest if peer.inward is not None else ""
    return bool(wanted) and compare_digest(sha256(given.encode()).hexdigest(), wanted.lower())


def _answer(status: int, refusal: Refused) -> JsonResponse:
    told = {"what": refusal.what, "why": refusal.why, "remedy": refusal.remedy}
    return JsonResponse(told, status=status)


@_pushed
def records(peer: Peer, files: Pushed, actor: Actor) -> dict[str, object]:
    """Records in our templates, with manifest and signature where agreed; each file becomes a submission."""
    taken, faults = journey.take_pushed(
        peer_code=peer.code, files=files, at=timezone.now(), actor=actor
    )
    if faults and not taken:
        raise Refused(_("没有收下。"), "；".join(faults), _("请核对后重新推送。"))
    return {"taken": taken, "faults": faults}


@_pushed
def answers(peer: Peer, files: Pushed, actor: Actor) -> dict[str, object]:
    """Return files; a signature is the file of the same name and .sig."""
    told = []
    for name, content in files.items():
        if name.endswith(_SIGNED):
            continue
        taken = journey.read_answers(
            peer_code=peer.code,
            filename=name,
            content=content,
            signature=files.get(name + _SIGNED, b"").decode("utf-8", errors="replace"),
            at=timezone.now(),
            actor=actor,
        )
        told.append(
            {
                "file": name,
                "rows": taken.rows,
                "accepted": taken.accepted,
                "rejected": taken.rejected,
                "repeated": taken.repeated,
                "unknown": taken.unknown,
                "problems": list(taken.problems),
            }
        )
    return {"answers": told}
