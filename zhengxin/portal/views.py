"""The public pages: each asks the board one question and renders the answer."""

from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from zhengxin.portal import charts
from zhengxin.portal.mirror import program_digest
from zhengxin.portal.repairing import self_check
from zhengxin.portal.story import steps_of
from zhengxin.publication.board import queries

YEAR = 365 * 24 * 3600
WIDE, SLIM = 640, 358
# How many years back the list of entries offers.
YEARS = 10
LARGEST = 2**63 - 1
# Subjects, and entries, that a search lists.
FOUND = 20


def _number(request: HttpRequest, name: str) -> int | None:
    """A whole number of the query string, or None when absent or not one."""
    text = request.GET.get(name, "")
    value = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None
    return value if value is not None and value <= LARGEST else None


def _text(request: HttpRequest, name: str, most: int) -> str:
    """A text of the query string, cut to `most` characters; PostgreSQL takes no NUL."""
    return request.GET.get(name, "").replace("\0", "").strip()[:most]


def home(request: HttpRequest) -> HttpResponse:
    """What was published, how timely each unit is, and the search."""
    page = queries.home(timezone.localdate())
    days = [
        (_("周%(d)s") % {"d": "一二三四五六日"[d.on.weekday()]}, d.on_time + d.late, d.late)
        for d in page.days
    ]
    words = "，".join(
        (_("%(day)s%(n)d项，迟%(late)d项") if late else _("%(day)s%(n)d项"))
        % {"day": label, "n": due, "late": late}
        for label, due, late in days
    )
    labelled = [(f"{label}{due}", due, late) for label, due, late in days]
    context = {
        "nav": "home",
        "page": page,
        "wide": charts.strokes(labelled, WIDE),
        "slim": charts.strokes(labelled, SLIM),
        "strokes_label": _("上周每天应公示的项数：%(words)s") % {"words": words},
        "active": [unit for unit in page.units if unit.timeliness.on_time + unit.timeliness.late],
        "withheld_total": sum(count.n for count in queries.withheld()),
    }
    return render(request, "portal/home.html", context)


def units(request: HttpRequest) -> HttpResponse:
    """Every unit by kind, with its timeliness."""
    found = queries.unit_list()
    kinds = list(dict.fromkeys(unit.kind_label for unit in found))
    context = {
        "nav": "units",
        "units": found,
        "groups": [
            {"grouper": kind, "list": [unit for unit in found if unit.kind_label == kind]}
            for kind in kinds
        ],
        "late_units": sum(1 for unit in found if unit.timeliness.late),
        "any_due": any(unit.timeliness.on_time or unit.timeliness.late for unit in found),
    }
    return render(request, "portal/units.html", context)


def unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """One unit: timeliness, what it published, what concerns it, its names over time."""
    before = _number(request, "before")
    kind = _text(request, "kind", 32)
    today = timezone.localdate()
    page = (
        queries.unit_page(unit_id, today, before=before, kind=kind) if unit_id <= LARGEST else None
    )
    if page is None:
        raise Http404
    labels = queries.kinds()
    context = {
        "nav": "units",
        "page": page,
        "kind": kind,
        "kinds": [{"code": c, "label": labels.get(c, c), "n": n} for c, n in page.counts.items()],
        "at_start": before is None,
    }
    return render(request, "portal/unit.html", context)


def subject(request: HttpRequest, subject_id: int) -> HttpResponse:
    """One organisation and what is published about it; a unit has a page of its own."""
    before = _number(request, "before")
    today = timezone.localdate()
    page = queries.subject_page(subject_id, today, before=before) if subject_id <= LARGEST else None
    if page is None:
        raise Http404
    if page.card.is_unit:
        return HttpResponseRedirect(reverse("portal:unit", args=[subject_id]))
    context = {"nav": "items", "page": page, "at_start": before is None}
    return render(request, "portal/subject.html", context)


def items(request: HttpRequest) -> HttpResponse:
    """The list of what is shown, filtered by kind, unit and year."""
    before, unit_id, year = (_number(request, name) for name in ("before", "unit", "year"))
    kind = _text(request, "kind", 32)
    today = timezone.localdate()
    this_year = today.year
    if year is not None and not 1 <= year <= this_year + 1:
        year = None
    page = queries.listing(today, before=before, kind=kind, unit_id=unit_id, year=year)
    context = {
        "nav": "items",
        "page": page,
        "at_start": before is None,
        "filtered": bool(kind or unit_id or year),
        "total": queries.entries_total(),
        "counted_at": queries.updated_at(),
        "chosen": {"kind": kind, "unit": unit_id, "year": year},
        "choices": {
            "kinds": queries.kinds().items(),
            "units": [(unit.id, unit.name) for unit in queries.unit_list()],
            "years": range(this_year, this_year - YEARS, -1),
        },
    }
    return render(request, "portal/items.html", context)


def entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """One record as it was entered, its basis and period, and its proof."""
    today = timezone.localdate()
    item = queries.item(entry_id, today) if entry_id <= LARGEST else None
    if item is None:
        raise Http404
    found = queries.item_proof(entry_id, today)
    proof: dict[str, Any] | None = None
    tied = found is not None and "open" in found.disclosure["salts"]
    if found is not None and tied:
        proof = asdict(found)
        # The values come from what the reader sees, never from a copy beside it.
        material = dict(found.disclosure)
        blank = {code: value for code, value in material.pop("open").items() if not value}
        del material["text"]
        proof["disclosure"] = {**material, "blank": blank}
        proof["key_name"] = "+".join(found.verifier.split("+")[:2])
    context = {
        "nav": "items",
        "item": item,
        "proof": proof,
        "untied": found is not None and not tied,
        "place": item.position + 1,
        "steps": steps_of(item, today),
        "repair": self_check(item, today, queries.repair_words()),
        "address": request.build_absolute_uri(reverse("portal:entry", args=[entry_id])),
    }
    return render(request, "portal/entry.html", context)


def entry_proof(request: HttpRequest, entry_id: int) -> HttpResponse:
    """The proof of one record as a file."""
    today = timezone.localdate()
    found = queries.item_proof(entry_id, today) if entry_id <= LARGEST else None
    if found is None:
        raise Http404
    answer = JsonResponse(asdict(found), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="zhengxin-proof-{entry_id}.json"'
    return answer


def search(request: HttpRequest) -> HttpResponse:
    """Names, codes and document numbers; htmx swaps the results in, without scripts the page loads."""
    text = _text(request, "q", 100)
    enough = len(text) >= 2
    context = {
        "nav": "search",
        "text": text,
        "result": queries.search(text, timezone.localdate(), limit=FOUND) if enough else None,
        "most": FOUND,
        "too_short": bool(text) and not enough,
    }
    swap = request.headers.get("HX-Request") == "true" and not request.headers.get(
        "HX-History-Restore-Request"
    )
    answer = render(request, "portal/results.html" if swap else "portal/search.html", context)
    answer["Vary"] = "HX-Request"
    return answer


def withheld(request: HttpRequest) -> HttpResponse:
    """How much is not shown, and on which ground; never what."""
    counts = queries.withheld()
    context = {"nav": "withheld", "counts": counts, "total": sum(count.n for count in counts)}
    context["counted_at"] = queries.updated_at()
    return render(request, "portal/withheld.html", context)


def verify(request: HttpRequest) -> HttpResponse:
    """How to check the register without trusting this site."""
    context = {
        "nav": "verify",
        "checkpoint": queries.checkpoint(),
        "witnesses": queries.witnesses(timezone.now()),
        "cosigned": queries.cosigned_note(),
        "mirror": request.build_absolute_uri(reverse("portal:log")),
        "program_digest": program_digest(),
    }
    return render(request, "portal/verify.html", context)


def about(request: HttpRequest) -> HttpResponse:
    """Bases and periods of publication, objection and repair; what may be imposed, and on which basis."""
    context = {
        "nav": "about",
        "rules": queries.rules_in_force(),
        "measures": queries.story("measures"),
    }
    return render(request, "portal/about.html", context)


def accessibility(request: HttpRequest) -> HttpResponse:
    """What was done so that everybody can read this, and whom to tell."""
    return render(request, "portal/accessibility.html")


def mode(request: HttpRequest) -> HttpResponse:
    """Remember large print in a cookie and go back to the page the reader came from."""
    back = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("portal:home")
    answer = HttpResponseRedirect(back)
    if request.GET.get("large") == "1":
        answer.set_cookie("mode", "large", max_age=YEAR, samesite="Lax", httponly=True)
    else:
        answer.delete_cookie("mode", samesite="Lax")
    return answer
