"""What the API gives: the published entry, the proof, the correction, the refusal."""

from datetime import date, datetime
from typing import Any

from ninja import Field, Schema

from zhengxin.publication.board.types import Correction, Item, ItemBrief, SubjectCard, UnitBrief


class RefusalOut(Schema):
    """Why a request was not answered: 什么、为什么、怎么办."""

    what: str
    why: str
    remedy: str


class EntryOut(Schema):
    """One published entry."""

    id: int
    kind: str
    kind_label: str
    adverse: bool
    grade: str
    title: str
    subject_id: int
    subject_name: str
    unit_id: int
    unit_name: str
    document_number: str
    true_on: date | None = Field(description="事情发生或决定作出的日期")
    known_at: datetime = Field(description="登记的时间")
    due_on: date | None = Field(description="应公示的日期")
    timeliness: str
    shown_from: date
    shown_to: date | None = Field(description="公示的最后一天；空值为不设终止日期")
    disputed: bool = Field(description="异议处理中；转用时要照样标注")

    @classmethod
    def of(cls, item: ItemBrief) -> "EntryOut":
        """The entry as the board lists it."""
        names = [name for name in cls.model_fields if name != "id"]
        return cls(id=item.entry_id, **{name: getattr(item, name) for name in names})


class ShownOut(Schema):
    """One field of the record as it was entered."""

    code: str
    label: str
    value: str | list[str]


class HiddenOut(Schema):
    """One field that is not shown, and on which ground."""

    code: str
    label: str
    reason: str
    article: str
    review_on: date | None


class EntryPageOut(Schema):
    """One entry with its fields, its basis and where to object."""

    entry: EntryOut
    position: int
    fields: list[ShownOut]
    withheld: list[HiddenOut]
    rule: str
    article: str
    objection: str
    repair_from: date | None
    supersedes: int | None
    statement: str = Field(description="异议未获支持的当事人的声明；没有的为空")

    @classmethod
    def of(cls, item: Item) -> "EntryPageOut":
        """The entry as its page shows it."""
        return cls(
            entry=EntryOut.of(item.brief),
            position=item.position,
            fields=[
                ShownOut(code=f.code, label=f.label, value=f.value) for f in item.disclosure.shown
            ],
            withheld=[
                HiddenOut(
                    code=f.code,
                    label=f.label,
                    reason=f.reason_label,
                    article=f.article,
                    review_on=f.review_on,
                )
                for f in item.disclosure.hidden
            ],
            rule=item.rule_text,
            article=item.article,
            objection=item.objection,
            repair_from=item.repair_from,
            supersedes=item.supersedes_id,
            statement=item.statement,
        )


class EntriesOut(Schema):
    """A page of entries in the order of their numbers; `next` is empty on the last one."""

    items: list[EntryPageOut]
    next: str | None


class ProofOut(Schema):
    """Everything needed to check the entry offline; the page /verify/ describes the steps."""

    entry_id: int
    position: int
    size: int
    root: str
    path: list[str]
    note: str
    verifier: str
    disclosure: dict[str, Any]


class UnitOut(Schema):
    """A unit and its last twelve weeks."""

    id: int
    name: str
    kind: str
    kind_label: str
    closed_on: date | None
    published: int
    on_time: int
    late: int
    missing: int
    counted_at: datetime | None

    @classmethod
    def of(cls, unit: UnitBrief, counted_at: datetime | None) -> "UnitOut":
        """The unit as the board lists it; its numbers are those of `counted_at`."""
        time = unit.timeliness
        return cls(
            id=unit.id,
            name=unit.name,
            kind=unit.kind,
            kind_label=unit.kind_label,
            closed_on=unit.closed_on,
            published=unit.published,
            on_time=time.on_time,
            late=time.late,
            missing=time.missing,
            counted_at=counted_at,
        )


class SubjectOut(Schema):
    """A unit or an organisation with something on the board."""

    id: int
    name: str
    kind: str
    uscc: str
    is_unit: bool

    @classmethod
    def of(cls, card: SubjectCard) -> "SubjectOut":
        """The card without its names over time."""
        return cls(id=card.id, name=card.name, kind=card.kind, uscc=card.uscc, is_unit=card.is_unit)


class SubjectPageOut(Schema):
    """A subject and a page of its entries, newest first."""

    subject: SubjectOut
    items: list[EntryOut]
    next: str | None


class SearchOut(Schema):
    """The newest matches; `complete` is false when there are more than were looked through."""

    subjects: list[SubjectOut]
    items: list[EntryOut]
    complete: bool


class CorrectionOut(Schema):
    """An entry left the board: stop using your copy, or take `replaced_by` instead. Reasons `disputed` and
    `undisputed`: it stays, with or without the mark of an open objection."""

    id: int
    at: datetime
    entry_id: int
    reason: str
    reason_label: str
    replaced_by: int | None

    @classmethod
    def of(cls, correction: Correction) -> "CorrectionOut":
        """The correction as the board lists it."""
        return cls(**{name: getattr(correction, name) for name in cls.model_fields})


class CorrectionsOut(Schema):
    """A page of the feed, oldest first."""

    items: list[CorrectionOut]
    next: str | None


class CheckpointOut(Schema):
    """The signed checkpoint. `note` is the C2SP text, `verifier` the key that checks it."""

    size: int
    root: str
    note: str
    verifier: str
    signed_at: datetime


class DownloadOut(Schema):
    """One file of non-adverse entries."""

    name: str
    address: str
    size: int = Field(description="字节")
    changed_at: datetime


class DownloadsOut(Schema):
    """The files that may be taken freely."""

    items: list[DownloadOut]
