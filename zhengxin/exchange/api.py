"""The REST API under /api/v1 (OpenAPI 3.1). Everything it gives is on the board already."""

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict
from datetime import date, datetime, time
from functools import wraps
from inspect import signature
from typing import Annotated, Any, Literal, ParamSpec, TypeVar, cast
from urllib.parse import urlencode

from django.conf import settings
from django.db import DatabaseError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import NinjaAPI, Path, Query
from ninja.renderers import JSONRenderer
from pydantic import BeforeValidator, WithJsonSchema

from zhengxin.exchange import refusals
from zhengxin.exchange.downloads import FORMS, download, downloads
from zhengxin.exchange.schemas import (
    CheckpointOut,
    CorrectionOut,
    CorrectionsOut,
    DownloadOut,
    DownloadsOut,
    EntriesOut,
    EntryOut,
    EntryPageOut,
    ProofOut,
    RefusalOut,
    SearchOut,
    SubjectOut,
    SubjectPageOut,
    UnitOut,
)
from zhengxin.publication.board import queries
from zhengxin.publication.board.takings import note_refused_key, note_taking
from zhengxin.publication.board.types import ItemBrief
from zhengxin.publication.enums import Asked

P = ParamSpec("P")
R = TypeVar("R")
MOST = 1000
# Days beyond these have no moment in every time zone.
_EARLIEST, _LATEST = date(1900, 1, 1), date(2999, 12, 31)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _insist_day(value: object) -> object:
    """A day is written 2026-11-03; numbers are no days. Raises ValueError."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        return value
    raise ValueError("not a day")


Since = Annotated[
    date,
    BeforeValidator(_insist_day),
    WithJsonSchema({"type": "string", "format": "date", "pattern": "^(19|2[0-9])[0-9]{2}-"}),
    Query(ge=_EARLIEST, le=_LATEST, description="这一天起登记的"),
]
ID = Annotated[int, Path(ge=1, lt=2**63)]
After = Annotated[int, Query(ge=0, lt=2**63, description="上一页最后一条的编号")]
Limit = Annotated[int, Query(ge=1, le=MOST, description="一页的条数")]


class Readable(JSONRenderer):
    """Chinese stays Chinese, so that an answer can be read where it arrives."""

    json_dumps_params = {"ensure_ascii": False}


api = NinjaAPI(
    renderer=Readable(),
    title="政信",
    version="1",
    description="正在公示的记录、核验凭证和更正清单。失信类记录须登记领取密钥。",
    docs_url=None,
    urls_namespace="api",
)
refusals.attach(api)

# A parameter the address does not know; a value that does not fit.
STRANGE = {400: RefusalOut}
INVALID = {422: RefusalOut, **STRANGE}
KEYED = {401: RefusalOut, 503: RefusalOut, **INVALID}
MISSING = {404: RefusalOut, **INVALID}


def _giving(*types: str) -> dict[str, Any]:
    """What the description says of an answer that is no JSON: its content types."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    return {"responses": {200: {"description": "OK", "content": dict.fromkeys(types, binary)}}}


def _known_only(view: Callable[P, R]) -> Callable[P, R]:
    """Refuses query parameters that the view does not take: ignored, they would mislead."""
    names = [name for name in signature(view).parameters if name != "request"]

    @wraps(view)
    def inner(*given: P.args, **named: P.kwargs) -> R:
        request = cast(HttpRequest, given[0])
        taken = request.resolver_match.kwargs if request.resolver_match else {}
        known = [name for name in names if name not in taken]
        unknown = [name for name in request.GET if name not in known]
        if unknown:
            raise refusals.UnknownParameter(unknown, known)
        return view(*given, **named)

    return inner


def _recipient(request: HttpRequest) -> int | None:
    """Whose key the request carries, None when it carries none. Raises KeyNeeded on a wrong one."""
    kind, _, key = request.headers.get("Authorization", "").partition(" ")
    if not kind:
        return None
    found = queries.recipient(key.strip()) if kind == "Bearer" else None
    if found is None:
        # Refused in any case: also where the line cannot be written.
        with suppress(DatabaseError):
            note_refused_key(recipient_id=queries.holder(key), at=timezone.now())
        raise refusals.KeyNeeded(given=True)
    return found.id


def _noted(recipient: int | None, asked: Asked, shown: Iterable[ItemBrief]) -> None:
    """Leaves a line of the adverse entries about to be given. Raises NotLogged, and then none is given."""
    adverse = [brief.entry_id for brief in shown if brief.adverse]
    if recipient is None or not adverse:
        return
    try:
        note_taking(recipient_id=recipient, asked=asked, entry_ids=adverse, at=timezone.now())
    except DatabaseError as fault:
        raise refusals.NotLogged from fault


def _following(name: str, request: HttpRequest, **change: int) -> str:
    kept = {**request.GET.dict(), **{key: str(value) for key, value in change.items()}}
    return f"{reverse(f'api:{name}')}?{urlencode(kept)}"


@api.get("/entries", response={200: EntriesOut, **KEYED}, url_name="entries", summary="公示的记录")
@_known_only
def entries(
    request: HttpRequest,
    after: After = 0,
    kind: Annotated[str, Query(pattern="^[a-z_]{0,32}$", description="记录种类，如licence")] = "",
    adverse: Annotated[
        Literal["no", "only", "all"], Query(description="失信类：no不含，only只要，all全部")
    ] = "no",
    since: Since | None = None,
    unit: Annotated[int | None, Query(ge=1, lt=2**63, description="报送单位的编号")] = None,
    limit: Limit = 100,
) -> EntriesOut:
    """按编号从小到大翻页，没有总数上限；`next`为空就是最后一页。"""
    recipient = _recipient(request)
    if recipient is None and adverse != "no":
        raise refusals.KeyNeeded(given=False)
    wanted = {"no": False, "only": True, "all": None}[adverse]
    start = None
    if since is not None:
        start = timezone.make_aware(datetime.combine(since, time.min))
    found = queries.items(
        timezone.localdate(),
        after=after,
        kind=kind,
        adverse=wanted,
        since=start,
        limit=limit,
        unit_id=unit,
    )
    _noted(recipient, Asked.ENTRIES, (item.brief for item in found))
    more = (
        _following("entries", request, after=found[-1].brief.entry_id)
        if len(found) == limit
        else None
    )
    return EntriesOut(items=[EntryPageOut.of(item) for item in found], next=more)


def _open_to(request: HttpRequest, entry_id: int, asked: Asked) -> EntryPageOut:
    item = queries.item(entry_id, timezone.localdate())
    recipient = _recipient(request)
    if item is None:
        raise refusals.NotOnBoard
    if item.brief.adverse and recipient is None:
        raise refusals.KeyNeeded(given=False)
    _noted(recipient, asked, [item.brief])
    return EntryPageOut.of(item)


@api.get(
    "/entries/{entry_id}",
    response={200: EntryPageOut, 401: RefusalOut, 503: RefusalOut, **MISSING},
    url_name="entry",
    summary="一条记录",
)
def entry(request: HttpRequest, entry_id: ID) -> EntryPageOut:
    """登记时的原样、公示依据和异议途径。"""
    return _open_to(request, entry_id, Asked.ENTRY)


@api.get(
    "/entries/{entry_id}/proof",
    response={200: ProofOut, 401: RefusalOut, 503: RefusalOut, **MISSING},
    url_name="proof",
    summary="核验凭证",
)
def proof(request: HttpRequest, entry_id: ID) -> ProofOut:
    """离线核验一条记录所需的全部内容。"""
    _open_to(request, entry_id, Asked.PROOF)
    found = queries.item_proof(entry_id, timezone.localdate())
    if found is None:
        raise refusals.NotOnBoard
    return ProofOut(**asdict(found))


@api.get("/units", response={200: list[UnitOut], **STRANGE}, url_name="units", summary="单位")
@_known_only
def units(request: HttpRequest) -> list[UnitOut]:
    """全部单位和近12周的公示及时情况，数字截至`counted_at`。"""
    counted_at = queries.updated_at()
    return [UnitOut.of(unit, counted_at) for unit in queries.unit_list()]


@api.get(
    "/subjects/{subject_id}",
    response={200: SubjectPageOut, 401: RefusalOut, 503: RefusalOut, **MISSING},
    url_name="subject",
    summary="一个主体的记录",
)
@_known_only
def subject(
    request: HttpRequest,
    subject_id: ID,
    before: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
) -> SubjectPageOut:
    """新的在前；没有密钥时不含失信类。"""
    recipient = _recipient(request)
    page = queries.subject_page(subject_id, timezone.localdate(), before=before)
    if page is None:
        raise refusals.NotOnBoard
    _noted(recipient, Asked.SUBJECT, page.items)
    more = None
    if page.next_before is not None:
        kept = urlencode({"before": page.next_before})
        more = f"{reverse('api:subject', args=[subject_id])}?{kept}"
    return SubjectPageOut(
        subject=SubjectOut.of(page.card),
        items=[
            EntryOut.of(item) for item in page.items if recipient is not None or not item.adverse
        ],
        next=more,
    )


@api.get("/search", response={200: SearchOut, **KEYED}, url_name="search", summary="查找")
@_known_only
def search(
    request: HttpRequest,
    q: Annotated[str, Query(min_length=2, max_length=100, pattern=r"^[^\x00]*$")],
) -> SearchOut:
    """名称、统一社会信用代码和文书号；没有密钥时不含失信类。"""
    recipient = _recipient(request)
    result = queries.search(q, timezone.localdate(), limit=20)
    _noted(recipient, Asked.SEARCH, result.items)
    return SearchOut(
        subjects=[SubjectOut.of(card) for card in result.subjects],
        items=[
            EntryOut.of(item) for item in result.items if recipient is not None or not item.adverse
        ],
        complete=result.complete,
    )


@api.get(
    "/corrections",
    response={200: CorrectionsOut, **INVALID},
    url_name="corrections",
    summary="更正清单",
)
@_known_only
def corrections(request: HttpRequest, after: After = 0, limit: Limit = 100) -> CorrectionsOut:
    """从早到晚：哪些记录撤下了、被哪一条更正、哪些异议处理中或处理完毕。请停止使用撤下的副本，照样标注异议。"""
    found = queries.corrections(after=after, limit=limit)
    more = _following("corrections", request, after=found[-1].id) if len(found) == limit else None
    return CorrectionsOut(items=[CorrectionOut.of(one) for one in found], next=more)


@api.get(
    "/checkpoint",
    response={200: CheckpointOut, 404: RefusalOut},
    url_name="checkpoint",
    summary="登记簿的签名",
)
def checkpoint(request: HttpRequest) -> CheckpointOut:
    """C2SP签名文本、根值和公钥。"""
    found = queries.checkpoint()
    if found is None:
        raise refusals.NotOnBoard
    return CheckpointOut(**asdict(found))


@api.get(
    "/tile/{level}/{index}",
    response=MISSING,
    openapi_extra=_giving("application/octet-stream"),
    url_name="tile",
    summary="树的中间值",
)
def tile(
    request: HttpRequest,
    level: Annotated[int, Path(ge=0, le=7)],
    index: Annotated[int, Path(ge=0, lt=2**55)],
) -> HttpResponse:
    """一层里连续的至多256个散列值，每个32字节。"""
    found = queries.tile(level, index)
    if found is None:
        raise refusals.NotOnBoard
    return HttpResponse(found, content_type="application/octet-stream")


@api.get(
    "/downloads", response={200: DownloadsOut, **STRANGE}, url_name="downloads", summary="整批下载"
)
@_known_only
def download_list(request: HttpRequest) -> DownloadsOut:
    """非失信类记录的CSV和Parquet文件。"""
    return DownloadsOut(
        items=[
            DownloadOut(
                name=file.name,
                address=reverse("api:download", args=[file.name]),
                size=file.size,
                changed_at=file.changed_at,
            )
            for file in downloads(settings.DOWNLOADS_DIR)
        ]
    )


@api.get(
    "/downloads/{name}",
    response=MISSING,
    openapi_extra=_giving(*FORMS.values()),
    url_name="download",
    summary="一个文件",
)
def download_file(request: HttpRequest, name: str) -> FileResponse:
    """逐块发送，不限大小。"""
    file = download(settings.DOWNLOADS_DIR, name)
    if file is None:
        raise refusals.NotOnBoard
    form = FORMS[file.path.suffix.removeprefix(".")]
    return FileResponse(
        file.path.open("rb"), as_attachment=True, filename=file.name, content_type=form
    )


@api.get("/", include_in_schema=False)
def start(request: HttpRequest) -> HttpResponse:
    """No page stands here; the description of the API does."""
    raise refusals.NoSuchAddress


@api.get("/{path:rest}", include_in_schema=False)
def nothing_here(request: HttpRequest, rest: str) -> HttpResponse:
    """Any other address under /api/v1/ is refused as readably as the rest."""
    raise refusals.NoSuchAddress
