"""Integrity files: search a subject, say why, read the file as known on a day."""

from datetime import date, datetime, timedelta

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from zhengxin import journey
from zhengxin.accounts import permissions
from zhengxin.archive.enums import Ending
from zhengxin.audit import queries as audit
from zhengxin.desk.forms import KnownOnForm, PurposeForm
from zhengxin.desk.frame import may, page
from zhengxin.desk.gate import DeskRequest, at_desk, refusal_page
from zhengxin.desk.once import once
from zhengxin.journey.records import kind_labels, shown_fields
from zhengxin.kernel.refused import Refused
from zhengxin.publication import queries as publication
from zhengxin.repair.permissions import check_see_repairs
from zhengxin.rulebook.queries import record_kinds
from zhengxin.subjects import queries as subjects
from zhengxin.subjects.permissions import check_open_person, check_own_window
from zhengxin.subjects.types import Scope

PURPOSES_KEY = "purposes"
# After this long a purpose must be stated anew.
PURPOSE_HOLDS = timedelta(minutes=30)
AT_ONCE = 20


@at_desk(permissions.check_search_files)
@require_safe
def search(request: DeskRequest) -> HttpResponse:
    """Finds subjects by name or code; finding is not reading."""
    wanted = request.GET.get("q", "").strip()
    found = subjects.search_subjects(wanted, request.actor) if wanted else []
    template = "desk/files_found.html" if request.headers.get("HX-Request") else "desk/files.html"
    return page(
        request,
        template,
        section="files",
        wanted=wanted,
        found=found,
        short=0 < len(wanted) < 2,
        own_window=may(check_own_window, request.actor),
    )


def _stated(request: DeskRequest, subject_id: int) -> str:
    """The purpose stated for this subject within the last half hour; empty when there is none."""
    purpose, at = request.session.get(PURPOSES_KEY, {}).get(str(subject_id), ("", ""))
    if not at or timezone.now() - datetime.fromisoformat(at) > PURPOSE_HOLDS:
        return ""
    return str(purpose)


@at_desk(permissions.check_search_files)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def purpose(request: DeskRequest, subject_id: int) -> HttpResponse:
    """Asks why a file is opened."""
    try:
        card = subjects.subject_card(subject_id)
    except subjects.UnknownSubject:
        # Answered alike, so that nobody learns which numbers are persons'.
        check_open_person(request.actor)
        raise
    if card.natural_person:
        check_open_person(request.actor)
    form = PurposeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        stated = dict(request.session.get(PURPOSES_KEY, {}))
        stated[str(subject_id)] = [form.said(), timezone.now().isoformat()]
        request.session[PURPOSES_KEY] = stated
        return redirect("desk:file", subject_id)
    return page(
        request,
        "desk/purpose.html",
        section="files",
        status=422 if form.errors else 200,
        card=card,
        form=form,
    )


def _allowed(scope: Scope, unit_id: int) -> frozenset[str] | None:
    """The fields of one unit's lines that the reader may see; None means all."""
    if scope.fields is not None or scope.units is None or unit_id in scope.units:
        return scope.fields
    return scope.shared.get(unit_id, frozenset())


def known_on_asked(request: DeskRequest) -> tuple[KnownOnForm, date | None]:
    """The day asked for in the address: the form as sent, and the day, None for now."""
    form = KnownOnForm(request.GET if "known_on" in request.GET else None)
    return form, form.cleaned_data["known_on"] if form.is_bound and form.is_valid() else None


@at_desk(permissions.check_search_files)
@require_safe
def file(request: DeskRequest, subject_id: int) -> HttpResponse:
    """One subject's file with both clocks, and who else read it. Every look is logged."""
    stated = _stated(request, subject_id)
    if not stated:
        return redirect("desk:purpose", subject_id)
    form, known_on = known_on_asked(request)
    try:
        opened = journey.open_file(
            subject_id=subject_id,
            purpose=stated,
            known_on=known_on,
            at=timezone.now(),
            actor=request.actor,
        )
    except Refused as refused:
        return refusal_page(request, refused, log=False)
    rows = Paginator(opened.lines, AT_ONCE).get_page(request.GET.get("page"))
    repaired = publication.repaired([x.entry_id for x in opened.lines], known_on=known_on)
    allowed = {line.entry_id: _allowed(opened.scope, line.unit_id) for line in rows}
    # Repair ends sharing: what another unit let one read is read no more.
    ended = {pk for pk, only in allowed.items() if only is not None and pk in repaired}
    allowed |= dict.fromkeys(ended, frozenset())
    # Who else looked, and why, is for the subject's own unit and the county's offices: an inspection is nobody else's news.
    own = request.actor.unit_id == subject_id or request.actor.has(*subjects.COUNTY_WIDE)
    readings = audit.readers_of([subject_id], limit=AT_ONCE) if own else []
    return page(
        request,
        "desk/file.html",
        section="files",
        card=subjects.subject_card(subject_id),
        purpose=stated,
        form=form,
        known_on=known_on,
        rows=rows,
        standing=sum(not (x.ending or x.entry_id in repaired) for x in opened.lines),
        fields=shown_fields(allowed),
        marks=publication.marks_on([line.entry_id for line in rows], known_on),
        limited={pk for pk, only in allowed.items() if only is not None},
        by_agreement=opened.scope.fields is not None,
        own_lines=opened.scope.units is not None,
        shared=subjects.subject_names(opened.scope.shared).values(),
        kinds=kind_labels(),
        endings=dict(Ending.choices),
        repaired=repaired,
        may_check=may(check_see_repairs, request.actor),
        adverse={kind.code for kind in record_kinds() if kind.adverse},
        readings=readings,
        may_erase=may(permissions.check_erase, request.actor),
        at_counter=may(permissions.check_grade, request.actor),
        readers_shown=own,
        names=subjects.subject_names(
            {line.unit_id for line in rows}
            | {reading.unit_id for reading in readings if reading.unit_id is not None}
        ),
    )
