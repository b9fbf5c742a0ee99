"""The verbs of oversight's stories: plans, the turning of clocks, returns, inspections, orders, proposals."""

from zhengxin.journey.concluding import (
    apply_for_review,
    conclude_inspection,
    decide_review,
    receive_conclusion,
)
from zhengxin.journey.confirming_law import confirm_law_value
from zhengxin.journey.designating import designate_inspection, end_designation
from zhengxin.journey.drawing import draw_inspection, redraw_inspection
from zhengxin.journey.imposing import (
    drop_sanction,
    hear_reply,
    notice_sanction,
    propose_sanction,
    reply_to_sanction,
)
from zhengxin.journey.imposing_deciding import (
    circulate_criticism,
    decide_sanction,
    lift_measure,
    serve_decision,
)
from zhengxin.journey.imposing_turning import turn_sanctions
from zhengxin.journey.inspecting import (
    close_inspection,
    plan_inspection,
    recheck_finding,
    record_finding,
)
from zhengxin.journey.planning import (
    amend_plan,
    confirm_plan,
    discard_plan,
    end_plan,
    file_implementing_plan,
    send_plan,
    undo_amendment,
)
from zhengxin.journey.proposal_handling import (
    assign_proposal,
    decide_declined,
    decline_proposal,
    extend_proposal,
    give_opinion,
    note_contact,
)
from zhengxin.journey.proposal_replying import (
    rate_reply,
    release_reply,
    reply_to_proposal,
    send_back_reply,
    send_reply,
)
from zhengxin.journey.proposing import (
    bind_delegate,
    end_proposal_office,
    import_proposals,
    name_proposal_office,
    register_proposal,
    say_consent,
)
from zhengxin.journey.rectifying import (
    decide_issue,
    explain,
    order_rectification,
    raise_issue,
    review_withheld_order,
    withhold_order,
)
from zhengxin.journey.referring import answer_referral, refer_unit
from zhengxin.journey.return_papers import (
    return_paper,
    returns_summary,
    returns_workbook,
)
from zhengxin.journey.returning import (
    open_returns,
    save_return,
    sign_returns,
    take_return_figures,
)
from zhengxin.journey.turning import turn_clocks

__all__ = [
    "amend_plan",
    "answer_referral",
    "apply_for_review",
    "assign_proposal",
    "bind_delegate",
    "circulate_criticism",
    "close_inspection",
    "conclude_inspection",
    "confirm_law_value",
    "confirm_plan",
    "decide_declined",
    "decide_issue",
    "decide_review",
    "decide_sanction",
    "decline_proposal",
    "designate_inspection",
    "discard_plan",
    "draw_inspection",
    "drop_sanction",
    "end_designation",
    "end_plan",
    "end_proposal_office",
    "explain",
    "extend_proposal",
    "file_implementing_plan",
    "give_opinion",
    "hear_reply",
    "import_proposals",
    "lift_measure",
    "name_proposal_office",
    "note_contact",
    "notice_sanction",
    "open_returns",
    "order_rectification",
    "plan_inspection",
    "propose_sanction",
    "raise_issue",
    "rate_reply",
    "receive_conclusion",
    "recheck_finding",
    "record_finding",
    "redraw_inspection",
    "refer_unit",
    "register_proposal",
    "release_reply",
    "reply_to_proposal",
    "reply_to_sanction",
    "return_paper",
    "returns_summary",
    "returns_workbook",
    "review_withheld_order",
    "save_return",
    "say_consent",
    "send_back_reply",
    "send_plan",
    "send_reply",
    "serve_decision",
    "sign_returns",
    "take_return_figures",
    "turn_clocks",
    "turn_sanctions",
    "undo_amendment",
    "withhold_order",
]
