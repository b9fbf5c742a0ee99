"""In time or late: what the duties say of the rows of one submission."""

from zhengxin.duties import queries as duties
from zhengxin.duties.types import Arrivals
from zhengxin.intake import queries as intake_queries
from zhengxin.intake.enums import SubmissionState
from zhengxin.intake.models import Submission
from zhengxin.ledger import queries as ledger_queries


def arrivals_of(*, submission_id: int) -> Arrivals | None:
    """How a submission's records arrived, by the double-publicity clock; None until it is done with."""
    submission = Submission.objects.get(id=submission_id)
    if submission.state != SubmissionState.FOLLOWED:
        return None
    seal = None if submission.batch_id is None else ledger_queries.seal(submission.batch_id)
    span = None if seal is None else (seal.first_id, seal.first_id + seal.n - 1)
    return duties.arrivals(span, intake_queries.decided_entries(submission_id))
