"""What is on the board now, and how one record stands towards the public."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhengxin import journey
from zhengxin.accounts import permissions
from zhengxin.appeals import permissions as appealing
from zhengxin.desk.asked import number
from zhengxin.desk.frame import may, page
from zhengxin.desk.gate import DeskRequest, NotYours, at_desk, looked_at
from zhengxin.desk.views.files import known_on_asked
from zhengxin.journey.records import kind_labels, record
from zhengxin.ledger import queries as ledger
from zhengxin.objections import permissions as objecting
from zhengxin.publication import permissions as sealing
from zhengxin.publication import queries as publication
from zhengxin.publication.as_known import standing_on
from zhengxin.publication.board import queries as board
from zhengxin.publication.enums import NoticeState, WithholdReason
from zhengxin.publication.types import Verdict
from zhengxin.repair import queries as repairs
from zhengxin.retention import queries as retention
from zhengxin.subjects import queries as subjects

AT_ONCE = 20


@at_desk(permissions.check_grade)
@require_safe
def notices(request: DeskRequest) -> HttpResponse:
    """Published records, newest first, by kind, unit and document number; and what is to be reviewed."""
    today = timezone.localdate()
    chosen = {key: request.GET.get(key, "").strip() for key in ("kind", "unit", "number")}
    before = number(request, "before")
    found = board.listing(
        today,
        kind=chosen["kind"],
        unit_id=number(request, "unit"),
        number=chosen["number"],
        before=before,
        limit=AT_ONCE,
    )
    to_review, under_review = publication.to_review(), publication.under_review()
    return page(
        request,
        "desk/notices.html",
        section="notices",
        items=found.items,
        standing=publication.notices([item.entry_id for item in found.items]),
        shown=NoticeState.SHOWN,
        older=found.next_before,
        at_start=before is None,
        chosen=chosen,
        kinds=kind_labels(),
        units=subjects.units(today),
        may_withhold=may(permissions.check_release, request.actor),
        may_lift_seal=sealing.can_lift_seal(request.actor),
        to_review=to_review,
        under_review=under_review,
        due=sum(notice.review_on <= today for notice in to_review if notice.review_on),
        today=today,
        names=subjects.subject_names({notice.subject_id for notice in (*to_review, *under_review)}),
    )


@at_desk(permissions.check_grade)
@require_safe
def notice(request: DeskRequest, entry_id: int) -> HttpResponse:
    """One record: whether, why and how long it is shown."""
    found = publication.notice(entry_id)
    if found is None:
        raise NotYours(_("没有这条记录的公示情况。"), "", _("请从公示列表里打开。"))
    if publication.sealed([entry_id]):
        raise NotYours(
            _("这条记录已经封存。"),
            _("违反治安管理的、认定为国家秘密的记录封存，不提供给任何单位和个人。"),
            _("国家机关办案需要的，依国家规定另行办理；封存有误的，由复核人员解除。"),
        )
    if subjects.subject_card(found.subject_id).natural_person:
        # A person's record is read in the file, where a purpose is asked and the reading is logged.
        raise NotYours(
            _("这条记录不在这里查看。"),
            _("自然人的记录不公示；查看要先说明用途，并留下记录。"),
            _("请从档案里查找当事人，选择用途后打开。"),
        )
    verdict: Verdict | None = publication.verdict(entry_id)
    form, known_on = known_on_asked(request)
    then = standing_on(entry_id, known_on) if known_on is not None else None
    looked_at(
        request,
        "entry.read",
        "entry",
        entry_id,
        purpose=_("办理公示"),
        subject_id=found.subject_id,
    )
    return page(
        request,
        "desk/notice.html",
        section="notices",
        notice=found,
        form=form,
        known_on=known_on,
        then=then,
        then_article=board.article_of(then.rule) if then else "",
        because=verdict.because if verdict else "",
        article=board.article_of(found.rule),
        record=record(entry_id),
        ground=publication.withholdings([entry_id]).get(entry_id, {}),
        names=subjects.subject_names({found.subject_id, found.unit_id}),
        open_now=found.state in (NoticeState.SHOWN, NoticeState.SCHEDULED),
        under_review=found.withheld == WithholdReason.REVIEW,
        may_withhold=may(permissions.check_release, request.actor),
        erasure=retention.erasure(entry_id),
        repair=repairs.self_check(entry_id, timezone.localdate()) if found.adverse else None,
        holds=journey.holds_over(entries=[ledger.entry(entry_id)], on=timezone.localdate()),
        may_erase=may(permissions.check_erase, request.actor),
        may_lodge=may(objecting.check_lodge, request.actor),
        may_appeal=appealing.can_lodge(request.actor),
    )
