"""Three objections of the invented county: one dismissed with a statement, one upheld and chased, one still open."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from zhengxin import journey
from zhengxin.demo.acts import SHOWABLE, signs
from zhengxin.evidence.types import Sent
from zhengxin.journey.objection_steps import check_sheet, decision_sheet, statement_sheet
from zhengxin.kernel.actor import Actor, Role
from zhengxin.objections.enums import ObjectorKind, Ruling
from zhengxin.objections.models import Copy, Objection
from zhengxin.objections.types import Objector
from zhengxin.publication.models import Notice

Holder = Callable[[Role, int | None, date], Actor]
_SLIP = "缴款凭证（虚构）：罚款已于处罚决定所列期限内缴清。"


@dataclass(frozen=True, slots=True)
class _Story:
    """Who acts."""

    holder: Holder

    def credit(self, at: datetime) -> Actor:
        return self.holder(Role.CREDIT_OFFICER, None, timezone.localdate(at))

    def row(self, place: int) -> Objection:
        """The objection lodged at this place, also when the building was broken off in between."""
        return Objection.objects.order_by("id")[place]


def _lodge(story: _Story, at: datetime, name: str, claim: str, statement: str = "") -> None:
    shown = Notice.objects.filter(kind="penalty", adverse=True, state__in=SHOWABLE, disputed=False)
    shown = shown.exclude(entry_id__in=Objection.objects.values("entry_id"))
    journey.lodge_objection(
        entry_id=shown.order_by("-entry_id").values_list("entry_id", flat=True)[0],
        objector=Objector(ObjectorKind.ORGANISATION, name, "0000-0000000"),
        claim=claim,
        statement=statement,
        files=[Sent("缴款凭证.txt", _SLIP.encode())],
        at=at,
        actor=story.credit(at),
    )


def _check(story: _Story, at: datetime, place: int) -> None:
    row = story.row(place)
    signs(
        journey.check_objection,
        check_sheet(row.pk),
        objection_id=row.pk,
        admit=True,
        because="记录在公示中，写明了哪一项有误，附有材料。",
        at=at,
        actor=story.credit(at),
    )


def _answer(story: _Story, at: datetime, place: int, words: str) -> None:
    row = story.row(place)
    clerk = story.holder(Role.CLERK, row.unit_id, timezone.localdate(at))
    journey.answer_objection(objection_id=row.pk, words=words, at=at, actor=clerk)


def _rule(story: _Story, at: datetime, place: int, ruling: Ruling, reasons: str) -> None:
    row = story.row(place)
    signs(
        journey.decide_objection,
        decision_sheet(row.pk),
        objection_id=row.pk,
        ruling=ruling,
        reasons=reasons,
        at=at,
        actor=story.holder(Role.REVIEWER, None, timezone.localdate(at)),
    )


def _release(story: _Story, at: datetime) -> None:
    row = story.row(0)
    signs(
        journey.release_statement,
        statement_sheet(row.pk),
        objection_id=row.pk,
        at=at,
        actor=story.holder(Role.REVIEWER, None, timezone.localdate(at)),
    )


def _confirm(story: _Story, at: datetime) -> None:
    copy = Copy.objects.filter(objection=story.row(1), kind="unit").earliest("id")
    clerk = story.holder(Role.CLERK, int(copy.ref), timezone.localdate(at))
    words = "本单位办案系统里的记录已撤销，窗口打印件已收回。"
    journey.confirm_correction(copy_id=copy.pk, words=words, at=at, actor=clerk)


_FIRST = "处罚决定写的违法事实与现场检查记录不一致，要求更正。"
_SECOND = "处罚决定已被复议机关撤销，记录还在公示，要求撤下。"
_THIRD = "罚款金额多写了一位，应以处罚决定书为准。"
_ACTS: tuple[tuple[int, str, Callable[[_Story, datetime], object]], ...] = (
    (
        -36,
        "登记异议",
        lambda s, at: _lodge(
            s, at, "虚构甲商贸有限公司", _FIRST, "我公司已经停止有关经营，并对全部商品作了复检。"
        ),
    ),
    (-35, "审查异议", lambda s, at: _check(s, at, 0)),
    (-32, "答复异议", lambda s, at: _answer(s, at, 0, "现场检查记录由双方签字，与决定书一致。")),
    (
        -28,
        "决定异议",
        lambda s, at: _rule(s, at, 0, Ruling.DISMISSED, "查阅了签字的检查记录和决定书，两者一致。"),
    ),
    (-27, "放行声明", _release),
    (-26, "登记异议", lambda s, at: _lodge(s, at, "虚构乙建材有限公司", _SECOND)),
    (-25, "审查异议", lambda s, at: _check(s, at, 1)),
    (-22, "答复异议", lambda s, at: _answer(s, at, 1, "复议决定属实，我局没有及时报送撤销。")),
    (
        -19,
        "决定异议",
        lambda s, at: _rule(s, at, 1, Ruling.FULL, "复议决定已经生效，处罚决定不再存在。"),
    ),
    (-15, "更正回执", _confirm),
    (-2, "登记异议", lambda s, at: _lodge(s, at, "虚构丙食品有限公司", _THIRD)),
    (-1, "审查异议", lambda s, at: _check(s, at, 2)),
)


def events(today: date, holder: Holder) -> Iterator[tuple[datetime, Callable[[], object], str]]:
    """Every act with its moment, each whole or not at all. holder: who holds a role (at a unit) on a day."""
    story, zone = _Story(holder), timezone.get_current_timezone()
    for days, name, act in _ACTS:
        at = datetime.combine(today + timedelta(days=days), time(16), zone)
        yield at, _whole(act, story, at), name


def _whole(
    act: Callable[[_Story, datetime], object], story: _Story, at: datetime
) -> Callable[[], object]:
    def do() -> object:
        with transaction.atomic():
            return act(story, at)

    return do
