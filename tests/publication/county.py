"""A very small invented county whose ledger the followers follow."""

from datetime import UTC, date, datetime
from hashlib import sha256

from django.db import transaction

from zhengxin.archive import actions as archive
from zhengxin.duties import actions as duties
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.names import fold_name
from zhengxin.ledger import actions as ledger
from zhengxin.ledger import queries as log
from zhengxin.ledger.models import Entry
from zhengxin.ledger.types import Draft
from zhengxin.publication import actions as publication
from zhengxin.subjects.models import Name, Subject, Unit

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
ACTOR = Actor.system("test")
FOLLOWERS = {"archive": archive, "duties": duties, "publication": publication}


class County:
    """Units 1 (住建局) and 2 (市场监管局), firm 11, firm 12, person 21."""

    def __init__(self):
        self.subject(1, "示例县住房和城乡建设局", kind="unit", short="县住建局")
        self.subject(2, "示例县市场监督管理局", kind="unit", short="县市场监管局")
        Unit.objects.create(subject_id=1, kind="department", code="U1", position=1)
        Unit.objects.create(
            subject_id=2, kind="department", code="U2", position=2, traits=["market_supervision"]
        )
        self.subject(11, "东河建材有限公司", uscc="91210321MA0000031B")
        self.subject(12, "柳湾粮油有限公司")
        self.subject(21, "张三", kind="person")

    def subject(self, subject_id, name, *, kind="enterprise", short="", uscc=None):
        Subject.objects.create(
            id=subject_id,
            kind=kind,
            name=name,
            folded=fold_name(name),
            uscc=uscc,
            natural_person=kind == "person",
            created_at=AT,
        )
        for text, of in ((name, "official"), (short, "short")):
            if text:
                Name.objects.create(
                    subject_id=subject_id, text=text, folded=fold_name(text), kind=of
                )

    def record(self, **changes):
        return record(**changes)

    def send(self, *drafts, at=AT, follow=True):
        """Entry ids of the drafts, sealed as one batch and followed."""
        ids = ledger.append(drafts=list(drafts), at=at, actor=ACTOR)
        if follow:
            self.follow(at=at)
        return ids

    def act(self, kind, about_id, *, at=AT, **content):
        return self.send(
            Draft(
                kind=kind,
                subject_id=None,
                unit_id=1,
                true_on=None,
                known_at=at,
                open=content,
                about_id=about_id,
            ),
            at=at,
        )[0]

    def batch_of(self, entry_id):
        return Entry.objects.get(id=entry_id).batch_id

    def follow(self, *, step=1000, at=AT):
        """What journey does: chunk by chunk, each with its cursor in one transaction."""
        for name, room in FOLLOWERS.items():
            while ranges := log.sealed_ranges(log.cursor(name), step):
                last = ranges[-1]
                with transaction.atomic():
                    room.follow(ranges=ranges, at=at)
                    ledger.advance(follower=name, position=last.position + last.n)

    def rebuild(self, *, step=1000, at=AT):
        for name, room in FOLLOWERS.items():
            room.clear()
            ledger.reset(follower=name)
        self.follow(step=step, at=at)

    def publish(self, at=AT):
        ledger.sign_checkpoint(at=at, actor=ACTOR)
        return publication.publish_due(at=at)


def record(kind="licence", **changes):
    """A licence of firm 11 by unit 1, or whatever the changes make of it."""
    mark = "XK" if kind == "licence" else "CF"
    number = changes.pop("number", "示住建许〔2026〕18号")
    values = {
        "kind": kind,
        "subject_id": 11,
        "unit_id": 1,
        "true_on": date(2026, 11, 18),
        "known_at": AT,
        "open": {
            f"{mark}_XDR_MC": "东河建材有限公司",
            f"{mark}_WSH": number,
            **(
                {"XK_XKWS": "建筑工程施工许可证"}
                if kind == "licence"
                else {"CF_WFXW": "销售过期食品", "CF_CFLB": ["警告", "罚款"]}
            ),
        },
        "text": {} if kind == "licence" else {"CF_SY": "货架上摆着三袋过期奶粉"},
        "closed": {f"{mark}_FRDB": "李四", f"{mark}_FR_ZJHM": "210321190001010014"},
        "key": int.from_bytes(sha256(number.encode()).digest()[:7]),
        "content": 8,
        "trait": "",
    }
    known = changes.get("known_at")
    return Draft(**(values | changes | ({"known_at": known} if known else {})))
