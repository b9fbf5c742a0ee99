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
from zhengxin.journey.opening import (
    change_password,
    give_post,
    open_account,
    open_county,
    open_invented_accounts,
)
from zhengxin.journey.proving import (
    add_passkey,
    confirm_app,
    lift_lock,
    prove_factor,
    prove_password,
    remove_factor,
    renew_recovery_codes,
    reset_factors,
    start_app,
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
from zhengxin.journey.signing import signing_question
from zhengxin.journey.submitting import resume, submit, submit_form, withdraw

__all__ = [
    "add_passkey",
    "arrivals_of",
    "change_password",
    "confirm_app",
    "confirm_succession",
    "decide_attribution",
    "end_agreement",
    "end_recipient",
    "erase",
    "export_audit",
    "follow",
    "give_post",
    "grade",
    "ledger_size",
    "lift_lock",
    "make_agreement",
    "marked_workbook",
    "open_account",
    "open_county",
    "open_file",
    "open_invented_accounts",
    "prove_factor",
    "prove_password",
    "publish_due",
    "rebuild",
    "record_refusal",
    "redecide_attribution",
    "register_recipient",
    "release_text",
    "remove_factor",
    "renew_recovery_codes",
    "reset_factors",
    "resume",
    "sign_checkpoint",
    "sign_in_recorded",
    "signing_question",
    "start_app",
    "submit",
    "submit_form",
    "withdraw",
    "withhold",
    "write_downloads",
]
