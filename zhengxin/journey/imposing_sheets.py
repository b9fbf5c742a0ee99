"""What is shown before a decision about measures, as one value with a digest."""

from typing import Any

from zhengxin.accounts.signatures import last_signature
from zhengxin.journey.showing import Sheet
from zhengxin.sanctions import queries as sanctions
from zhengxin.sanctions.models import Case
from zhengxin.subjects import queries as subjects


def decision_sheet(case_id: int) -> Sheet:
    """A case with its facts, bases, replies and hearing: what the decision rests on."""
    return _of_case("sanction_decided", case_id)


def circulation_sheet(measure_id: int) -> Sheet:
    """A criticism in force, before the public is shown it."""
    return _of_measure("sanction_circulated", measure_id)


def lifting_sheet(measure_id: int) -> Sheet:
    """A measure in force, before it is lifted."""
    return _of_measure("sanction_ended", measure_id)


def referral_sheet(nonce: str) -> Sheet:
    """An empty form: all that is signed of a referral is what the form says."""
    return Sheet("sanction_referred", "referral", nonce, {}, last_signature("referral", nonce))


def law_sheet(address: str) -> Sheet:
    """One value of the law folder as its file says it."""
    shown = sanctions.confirmable(address)
    content = {
        "address": address,
        "digest": shown.value.digest,
        "says": shown.value.says,
        "document": shown.value.citation.document,
        "article": shown.value.citation.article,
        "confirmed": shown.confirmation is not None,
    }
    digest = shown.value.digest[:32]
    return Sheet("law_confirmed", "law", digest, content, last_signature("law", digest))


def _of_measure(act: str, measure_id: int) -> Sheet:
    measure = sanctions.measure(measure_id)
    content = {**_told(measure.case), "measure": measure.name, "stands": measure.state}
    key = str(measure_id)
    return Sheet(act, "measure", key, content, last_signature("measure", key))


def _of_case(act: str, case_id: int) -> Sheet:
    key = str(case_id)
    content = _told(sanctions.case(case_id))
    return Sheet(act, "sanction", key, content, last_signature("sanction", key))


def _told(case: Case) -> dict[str, Any]:
    return {
        "unit": subjects.subject_names([case.unit_id]).get(case.unit_id, ""),
        "entry": str(case.entry_id),
        "state": case.state,
        "facts": case.facts,
        "reply_by": case.reply_by.isoformat() if case.reply_by else "",
        "hearing": case.hearing,
        "reasons": case.reasons,
        "measures": [[each.name, each.basis, each.state] for each in case.measures.order_by("id")],
        "replies": [
            [each.words, [file["digest"] for file in each.files]]
            for each in case.replies.order_by("id")
        ],
    }
