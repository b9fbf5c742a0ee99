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
from zhengxin.journey.attending import begin_session, end_session, note_seen
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
from zhengxin.journey.inviting import (
    accept_invitation,
    close_account,
    invite,
    invite_administrator,
    issue_first_link,
    open_administrator,
    open_invited,
    reopen_account,
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
from zhengxin.journey.staffing import delegate_post, end_delegation, end_post, hand_over_post
from zhengxin.journey.submitting import resume, submit, submit_form, withdraw

__all__ = [
    "accept_invitation",
    "arrivals_of",
    "begin_session",
    "change_password",
    "close_account",
    "confirm_succession",
    "decide_attribution",
    "delegate_post",
    "end_agreement",
    "end_delegation",
    "end_post",
    "end_recipient",
    "end_session",
    "erase",
    "export_audit",
    "follow",
    "give_post",
    "grade",
    "hand_over_post",
    "invite",
    "invite_administrator",
    "issue_first_link",
    "ledger_size",
    "make_agreement",
    "marked_workbook",
    "note_seen",
    "open_account",
    "open_administrator",
    "open_county",
    "open_file",
    "open_invented_accounts",
    "open_invited",
    "publish_due",
    "rebuild",
    "record_refusal",
    "redecide_attribution",
    "register_recipient",
    "release_text",
    "reopen_account",
    "resume",
    "sign_checkpoint",
    "sign_in_recorded",
    "submit",
    "submit_form",
    "withdraw",
    "withhold",
    "write_downloads",
]
