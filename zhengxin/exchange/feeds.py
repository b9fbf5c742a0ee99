"""The corrections as an Atom feed, for readers of feeds; the API has all of them."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, get_tag_uri
from django.utils.translation import gettext as _

from zhengxin.publication.board import queries
from zhengxin.publication.board.types import Correction
from zhengxin.publication.enums import FeedMark


def corrections(request: HttpRequest) -> HttpResponse:
    """The latest entries that left the board or were replaced, newest first."""
    found = queries.latest_corrections()
    replacing = {one.replaced_by for one in found if one.replaced_by is not None}
    replacing |= {one.entry_id for one in found if one.reason in FeedMark.values}
    shown = queries.shown_now(replacing, timezone.localdate()) if replacing else frozenset()
    here = request.build_absolute_uri
    county = queries.county().name
    feed = Atom1Feed(
        title=_("%(county)s政务诚信平台：更正和撤下的记录") % {"county": county},
        link=here(reverse("data")),
        description="",
        subtitle=_("保存了副本的，请停止使用撤下的记录。更早的见/api/v1/corrections。"),
        feed_url=here(request.path),
        author_name=_("%(county)s政务诚信平台") % {"county": county},
        language="zh-CN",
    )
    for one in found:
        # Of one correction, whatever becomes of the pages it points to.
        line = here(f"{reverse('api:corrections')}?after={one.id - 1}&limit=1")
        page = line
        about = one.entry_id if one.reason in FeedMark.values else one.replaced_by
        if about in shown:
            page = here(reverse("portal:entry", args=[about]))
        feed.add_item(
            title=_title(one),
            link=page,
            description=_("原因：%(reason)s。") % {"reason": one.reason_label},
            unique_id=get_tag_uri(here(f"/corrections/{one.id}"), one.at),
            pubdate=one.at,
            updateddate=one.at,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


def _title(one: Correction) -> str:
    if one.reason in FeedMark.values:
        return _("第%(id)d号记录：%(mark)s") % {"id": one.entry_id, "mark": one.reason_label}
    if one.replaced_by is None:
        return _("第%(id)d号记录已撤下") % {"id": one.entry_id}
    return _("第%(id)d号记录已撤下，由第%(by)d号更正") % {"id": one.entry_id, "by": one.replaced_by}
