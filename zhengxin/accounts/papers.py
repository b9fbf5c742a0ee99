"""Papers: a decision printed, signed by hand, scanned, and compared by a second person. Journey carries it out.

What was printed and the scan lie sealed in files of their own, only until the paper is settled: then the
signed sheet in the cabinet is the evidence, and here its number, its digests and two names are kept.
"""

import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from zhengxin.accounts.enums import PaperState, ScanKind
from zhengxin.accounts.models import Paper
from zhengxin.accounts.permissions import check_compare, check_hand_in, check_sign
from zhengxin.accounts.sealing import seal, unseal
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.digests import sha256_hex
from zhengxin.kernel.refused import AlreadyDone, Refused

OPEN = (PaperState.PRINTED, PaperState.SCANNED, PaperState.COMPARING)
_BEGINS = {
    ScanKind.PDF: b"%PDF-",
    ScanKind.JPEG: b"\xff\xd8\xff",
    ScanKind.PNG: b"\x89PNG\r\n\x1a\n",
}


class PaperRefused(Refused):
    """The paper is not in the state for this, or the scan is no scan."""


def ask(
    *,
    verb: str,
    given: Mapping[str, Any],
    act: str,
    object_kind: str,
    object_id: str,
    shown: str,
    nonce: str,
    statement: str,
    at: datetime,
    actor: Actor,
) -> Paper:
    """A numbered paper for one decision of the actor. given: the verb's own arguments, as JSON values."""
    check_sign(actor)
    paper = Paper.objects.create(
        account_id=actor.account_id or 0,
        unit_id=actor.unit_id,
        behalf_id=actor.on_behalf_of.account_id if actor.on_behalf_of else None,
        verb=verb,
        act=act,
        object_kind=object_kind,
        object_id=object_id,
        shown=shown,
        nonce=nonce,
        statement=statement,
        asked_at=at,
        expires_at=at + timedelta(days=settings.PAPER_DAYS),
    )
    _put(paper.pk, "given", json.dumps(given, ensure_ascii=False).encode())
    return paper


def keep_printed(*, paper_id: int, html: str, at: datetime, actor: Actor) -> None:
    """What the page showed, as it is to be printed and compared."""
    _put(paper_id, "page", html.encode())


def hand_in(*, paper_id: int, scan: bytes, at: datetime, actor: Actor) -> Paper:
    """The scan of the signed sheet; a better one may follow until somebody compares. Raises PaperRefused."""
    paper = paper_to_settle(paper_id, at)
    check_hand_in(actor, account_id=paper.account_id, unit_id=paper.unit_id)
    kind = next((kind for kind, begin in _BEGINS.items() if scan.startswith(begin)), None)
    if kind is None or len(scan) > settings.SCAN_BYTES:
        raise PaperRefused(
            _("没有收下：这不是签字页的扫描件。"),
            _("只收PDF、JPG、PNG，不超过%(n)d兆字节。") % {"n": settings.SCAN_BYTES >> 20},
            _("请扫描或拍照后重新上传。"),
        )
    digest = sha256_hex(scan)
    # Under a name of its own: whatever happens meanwhile, what is looked at is what is compared.
    _put(paper_id, _scan_name(digest), scan)
    moved = Paper.objects.filter(
        pk=paper_id, state__in=(PaperState.PRINTED, PaperState.SCANNED)
    ).update(
        state=PaperState.SCANNED,
        scan=digest,
        scan_kind=kind,
        scanned_at=at,
        scanned_by=actor.account_id,
    )
    if not moved:
        (_folder() / f"{paper_id}.{_scan_name(digest)}").unlink(missing_ok=True)
        raise _settled(paper_id)
    paper.refresh_from_db()
    return paper


def begin_comparing(*, paper: Paper, scan: str, at: datetime, actor: Actor) -> None:
    """Of two who compare at once one takes the paper. scan: digest of the one that was looked at."""
    check_compare(
        actor, account_id=paper.account_id, unit_id=paper.unit_id, scanned_by=paper.scanned_by_id
    )
    moved = Paper.objects.filter(pk=paper.pk, state=PaperState.SCANNED, scan=scan).update(
        state=PaperState.COMPARING
    )
    if not moved:
        raise _settled(paper.pk)


def settle(
    *,
    paper_id: int,
    state: PaperState,
    at: datetime,
    actor: Actor,
    because: str = "",
    signature_id: int | None = None,
    among: Collection[PaperState] = OPEN,
) -> bool:
    """The paper is over; what was printed and the scan go. False when it was in none of these states any more."""
    moved = Paper.objects.filter(pk=paper_id, state__in=among).update(
        state=state,
        ended_at=at,
        ended_by=actor.account_id,
        because=because,
        signature_id=signature_id,
    )
    if moved:
        forget_files(paper_id)
    return bool(moved)


def end_by_hand(
    *, paper_id: int, state: PaperState, because: str, at: datetime, actor: Actor
) -> None:
    """A person refuses the paper or takes it back; not while its decision is being carried out. Raises PaperRefused."""
    among = (PaperState.PRINTED, PaperState.SCANNED)
    if not settle(paper_id=paper_id, state=state, because=because, at=at, actor=actor, among=among):
        raise _settled(paper_id)


def lay_back(*, paper_id: int, at: datetime, actor: Actor) -> None:
    """The comparison came to nothing; another may be tried."""
    Paper.objects.filter(pk=paper_id, state=PaperState.COMPARING).update(state=PaperState.SCANNED)


def forget_files(paper_id: int) -> None:
    """What was printed and scanned is gone."""
    for path in _folder().glob(f"{paper_id}.*"):
        path.unlink(missing_ok=True)


def paper_to_settle(paper_id: int, at: datetime) -> Paper:
    """An open paper. Raises PaperRefused."""
    paper = Paper.objects.filter(pk=paper_id, state__in=OPEN, expires_at__gt=at).first()
    if paper is None:
        raise _settled(paper_id)
    return paper


def papers_for(actor: Actor) -> QuerySet[Paper]:
    """One's own papers and those of one's unit, newest first."""
    mine = Q(account_id=actor.account_id) | Q(scanned_by_id=actor.account_id)
    found = Paper.objects.filter(mine | Q(unit_id=actor.unit_id, unit_id__isnull=False))
    return found.select_related("account", "scanned_by", "ended_by").order_by("-pk")


def naming(entry_ids: Collection[int]) -> QuerySet[Paper]:
    """Open papers that may say what these entries say: about them, about a name, about a hold.

    Not those of an erasure: their page shows which records these are, not what they say.
    """
    about = Q(object_kind="entry", object_id__in=[str(each) for each in entry_ids])
    return Paper.objects.filter(
        about | Q(object_kind__in=("mention", "hold")), state__in=OPEN
    ).exclude(act="entry.erase")


def over(at: datetime) -> QuerySet[Paper]:
    """Open papers whose time is over."""
    return Paper.objects.filter(state__in=OPEN, expires_at__lte=at)


def given_of(paper: Paper) -> dict[str, Any]:
    """The arguments of the verb. Raises PaperRefused when they are gone."""
    found: dict[str, Any] = json.loads(_read(paper.pk, "given"))
    return found


def printed_of(paper: Paper) -> str:
    """What was printed; empty when it is gone."""
    try:
        return _read(paper.pk, "page").decode()
    except (PaperRefused, AlreadyDone):
        return ""


def scan_of(paper: Paper) -> bytes:
    """The scan. Raises PaperRefused when it is gone."""
    return _read(paper.pk, _scan_name(paper.scan))


def _folder() -> Path:
    return Path(settings.PAPERS_DIR)


def _scan_name(digest: str) -> str:
    return f"scan-{digest[:16]}"


def _about(paper_id: int, what: str) -> str:
    return f"paper:{paper_id}:{what}"


def _put(paper_id: int, what: str, content: bytes) -> None:
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    scratch = folder / f"{paper_id}.{what}.part"
    scratch.touch(mode=0o600)
    scratch.write_bytes(seal(content, about=_about(paper_id, what)))
    scratch.replace(folder / f"{paper_id}.{what}")


def _read(paper_id: int, what: str) -> bytes:
    try:
        sealed = (_folder() / f"{paper_id}.{what}").read_bytes()
    except FileNotFoundError:
        raise _settled(paper_id) from None
    return unseal(sealed, about=_about(paper_id, what))[0]


def _settled(paper_id: int) -> Refused:
    """Says who settled the paper and when, or that it is in another's hands or its scan was changed."""
    what = _("没有办理：这份签署单现在不能这样办。")
    row = Paper.objects.select_related("ended_by").filter(pk=paper_id).first()
    if row is not None and row.ended_at is not None:
        told = AlreadyDone.by(row.ended_by.name if row.ended_by else "", row.ended_at, what=what)
        state = _("它现在是“%(state)s”。") % {"state": row.get_state_display()}
        return AlreadyDone(what, told.why + state, told.remedy)
    return PaperRefused(
        what,
        _("它可能正在办理，或者已经过期，或者扫描件刚换过。"),
        _("请回到签署单列表看它的状态。"),
    )
