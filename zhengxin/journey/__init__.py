"""The stairs: the only room that knows the order of steps. It decides nothing; doors make one call here.

In: what a door was asked to do, by whom, when. Out: what the case room or the follower returned.
"""

from zhengxin.journey.agreeing import (
    end_agreement,
    end_recipient,
    make_agreement,
    register_recipient,
)
from zhengxin.journey.arriving import arrivals_of
from zhengxin.journey.checking import sign_checkpoint
from zhengxin.journey.deciding import (
    confirm_succession,
    decide_attribution,
    grade,
    release_text,
    withhold,
)
from zhengxin.journey.erasing import erase
from zhengxin.journey.following import follow, ledger_size, rebuild
from zhengxin.journey.handing_over import (
    ask_export,
    export,
    fetch_answers,
    read_answers,
    reconcile,
    send,
    send_again,
    templates_of,
)
from zhengxin.journey.opening import (
    change_password,
    give_post,
    open_account,
    open_county,
    open_invented_accounts,
)
from zhengxin.journey.publishing import publish_due, write_downloads
from zhengxin.journey.reading import (
    export_audit,
    marked_workbook,
    open_file,
    record_refusal,
    sign_in_recorded,
)
from zhengxin.journey.redeciding import redecide_attribution
from zhengxin.journey.submitting import resume, submit, submit_form, withdraw
from zhengxin.journey.taking_in import exchange_due, take_in, take_pushed

__all__ = [
    "arrivals_of",
    "ask_export",
    "change_password",
    "confirm_succession",
    "decide_attribution",
    "end_agreement",
    "end_recipient",
    "erase",
    "exchange_due",
    "export",
    "export_audit",
    "fetch_answers",
    "follow",
    "give_post",
    "grade",
    "ledger_size",
    "make_agreement",
    "marked_workbook",
    "open_account",
    "open_county",
    "open_file",
    "open_invented_accounts",
    "publish_due",
    "read_answers",
    "rebuild",
    "reconcile",
    "record_refusal",
    "redecide_attribution",
    "register_recipient",
    "release_text",
    "resume",
    "send",
    "send_again",
    "sign_checkpoint",
    "sign_in_recorded",
    "submit",
    "submit_form",
    "take_in",
    "take_pushed",
    "templates_of",
    "withdraw",
    "withhold",
    "write_downloads",
]
