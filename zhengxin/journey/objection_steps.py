"""What the acts of an objection share: what is signed, who handled the record, what is owed, the mark on the board."""

from datetime import datetime

from django.utils import timezone

from zhengxin.accounts.signatures import last_signature
from zhengxin.duties.types import Owed
from zhengxin.intake import queries as intake
from zhengxin.journey.following import follow
from zhengxin.journey.imposing_showing import show_criticisms
from zhengxin.journey.owing import open_duties
from zhengxin.journey.showing import Sheet
from zhengxin.journey.submitting import PATIENCE
from zhengxin.kernel.actor import Actor
from zhengxin.ledger import queries as ledger_queries
from zhengxin.ledger.enums import Act
from zhengxin.ledger.models import Entry
from zhengxin.objections import queries as objections
from zhengxin.objections.enums import ObjectorKind
from zhengxin.objections.models import Objection
from zhengxin.objections.public import published
from zhengxin.objections.types import Objector
from zhengxin.publication import actions as publication
from zhengxin.sanctions import queries as sanctions
from zhengxin.subjects import queries as subjects


def objection_sheet(act: str, objection_id: int) -> Sheet:
    """One objection as whoever decides reads it: the record, what is said against it, what the unit says. Nobody's name."""
    row = objections.objection(objection_id)
    names = subjects.subject_names({row.unit_id})
    content = {
        "entry": row.entry_id,
        "unit": names.get(row.unit_id, ""),
        "lodged_on": row.lodged_on.isoformat(),
        "claim": row.claim,
        "files": [each["digest"] for each in row.files],
        "state": row.state,
        "answer": row.answer,
        "answer_files": [each["digest"] for each in row.answer_files],
        "statement": row.statement,
        "ruling": row.ruling,
        "reasons": row.reasons,
    }
    after = last_signature("objection", str(objection_id))
    return Sheet(act, "objection", str(objection_id), content, after)


def check_sheet(objection_id: int) -> Sheet:
    """What is signed when an objection is taken up or not."""
    return objection_sheet("objection_checked", objection_id)


def decision_sheet(objection_id: int) -> Sheet:
    """What is signed when it is decided."""
    return objection_sheet("objection_decided", objection_id)


def statement_sheet(objection_id: int) -> Sheet:
    """What is signed when the objector's words are released."""
    return objection_sheet(Act.OBJECTION_STATEMENT, objection_id)


def own_unit_objector(*, actor: Actor, phone: str) -> Objector:
    """The actor's own unit as the one that objects."""
    unit = subjects.unit(actor.unit_id or 0)
    return Objector(ObjectorKind.UNIT, unit.name, phone, unit.uscc, unit_id=unit.id)


def handlers_of(row: Objection) -> set[int]:
    """The accounts that sent, attributed, graded or released this record or imposed a measure by it, and the one
    that lodged the objection."""
    return {
        *handlers_of_record(row.entry_id),
        *sanctions.persons_of(row.entry_id),
        *({row.lodged_by_account_id} if row.lodged_by_account_id else ()),
    }


def handlers_of_record(entry_id: int) -> set[int]:
    """The accounts that sent, attributed, graded or released this record, in any of its versions."""
    chain = ledger_queries.chain_of([ledger_queries.entry(entry_id)])
    sent = intake.sent_with(chain)
    about = Entry.objects.filter(
        about_id__in=[each.id for each in chain],
        kind__in=("grading", "text_release", "withholding"),
    )
    acts = ledger_queries.payloads(about.values_list("id", flat=True))
    found = {str(each.closed.get("account", "")) for each in acts.values()}
    found |= {str(each.closed.get("on_behalf_of_account", "")) for each in acts.values()}
    return {
        *intake.handlers_of(sent, [each.id for each in chain]),
        *(int(each) for each in found if each),
    }


def show(entry_id: int, at: datetime, actor: Actor, *, ended: bool = False) -> None:
    """Followers and board know of it before the call returns; what ended leaves the board."""
    follow(at=at, at_most=PATIENCE)
    if ended:
        kind = ledger_queries.entry(entry_id).kind
        publication.take_off(kinds={kind}, at=at, actor=actor)
        show_criticisms(at=at, actor=actor)
    publication.show_marks(entry_ids=[entry_id], at=at, actor=actor)
    publication.put_standings(rows=published(entry_id), at=at, actor=actor)


def office(unit_id: int, at: datetime) -> int:
    """The credit office; where the county has none, the unit that recorded."""
    office = subjects.credit_office(timezone.localdate(at))
    return office.id if office is not None else unit_id


def owe(kind: str, bearer_id: int, what: str, source_id: int, at: datetime, actor: Actor) -> int:
    """Opens one duty of a case, in its act's transaction; returns its id."""
    owed = Owed(kind, bearer_id, what, source_id, timezone.localdate(at))
    [duty_id] = open_duties(owed=[owed], at=at, actor=actor)
    return duty_id
