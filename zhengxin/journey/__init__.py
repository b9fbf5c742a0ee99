"""The stairs: the only room that knows the order of steps. It decides nothing; doors make one call here.

In: what a door was asked to do, by whom, when. Out: what the case room or the follower returned.
"""

from zhengxin.journey import overseeing
from zhengxin.journey.accepting import (
    accept_returns,
    reopen_return,
    send_back_return,
)
from zhengxin.journey.agreeing import (
    end_agreement,
    end_recipient,
    make_agreement,
    register_recipient,
)
from zhengxin.journey.appealing import (
    decide_appeal,
    lodge_appeal,
    withdraw_appeal,
)
from zhengxin.journey.arriving import (
    arrivals_of,
)
from zhengxin.journey.attending import (
    begin_session,
    end_session,
    note_seen,
)
from zhengxin.journey.auditing import (
    audit_terms,
    dispose_audit,
    seal_audit,
    seal_audit_when_due,
    verify_audit,
)
from zhengxin.journey.chasing import (
    confirm_correction,
)
from zhengxin.journey.checking import (
    sign_checkpoint,
)
from zhengxin.journey.deciding import (
    confirm_succession,
    decide_attribution,
    grade,
    lift_seal,
    release_text,
    withhold,
)
from zhengxin.journey.deciding_objections import (
    decide_objection,
    release_statement,
    settle_objection,
)
from zhengxin.journey.erasing import (
    chain_of,
    erase,
    finish_erasures,
    holds_over,
    replay_erasures,
)
from zhengxin.journey.following import (
    follow,
    ledger_size,
    rebuild,
)
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
from zhengxin.journey.holding import (
    lift_hold,
    place_hold,
)
from zhengxin.journey.identifying import (
    bind_identity,
    end_identity,
    prove_identity,
    seek_identity,
)
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
from zhengxin.journey.keeping import (
    restore_master_key,
    rewrap_secrets,
    rotate_epoch,
    rotate_master_key,
    rotate_signing_key,
    split_master_key,
    take_master_key_off_disk,
    try_shares,
)
from zhengxin.journey.letters import (
    take_letters,
)
from zhengxin.journey.log_reading import (
    export_audit,
    prove_audit_line,
    read_audit,
    read_audit_line,
)
from zhengxin.journey.objecting import (
    answer_objection,
    check_objection,
    lodge_objection,
    withdraw_objection,
)
from zhengxin.journey.opening import (
    change_password,
    give_post,
    open_account,
    open_county,
    open_invented_accounts,
)
from zhengxin.journey.overseeing import *  # noqa: F403  # its list stands there
from zhengxin.journey.own_window import (
    look_at_standing,
    open_own_window,
    open_window_of,
)
from zhengxin.journey.papering import (
    compare_paper,
    comparing_question,
    hand_in_scan,
    keep_printed,
    refuse_paper,
    sweep_papers,
    withdraw_paper,
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
from zhengxin.journey.publishing import (
    publish_due,
    write_downloads,
)
from zhengxin.journey.reading import (
    marked_workbook,
    open_file,
    page_answered,
    record_reading,
    record_refusal,
    sign_in_recorded,
    template_workbook,
)
from zhengxin.journey.redeciding import (
    redecide_attribution,
)
from zhengxin.journey.rehearsing import (
    rehearse_law,
)
from zhengxin.journey.repair_deciding import (
    decide_repair,
    extend_repair,
    revoke_repair,
)
from zhengxin.journey.repairing import (
    accept_repair,
    apply_for_repair,
    ask_to_complete_repair,
    complete_repair,
    decline_repair,
    withdraw_repair,
)
from zhengxin.journey.safekeeping import (
    back_up,
    note_drill,
    rehearse_upgrade,
    settle_restored,
    upgrade,
)
from zhengxin.journey.signing import (
    signing_question,
)
from zhengxin.journey.staffing import (
    delegate_post,
    end_delegation,
    end_post,
    hand_over_post,
)
from zhengxin.journey.submitting import (
    put_away_left,
    resume,
    submit,
    submit_form,
    sweep,
    withdraw,
)
from zhengxin.journey.taking_in import (
    exchange_due,
    take_in,
    take_pushed,
)
from zhengxin.journey.telling import (
    deliver_messages,
    mark_messages_read,
    tell_of_failure,
    tell_of_silence,
    tell_of_submissions,
)
from zhengxin.journey.witnessing import (
    receive_cosigned,
    send_checkpoints,
    tend_witnesses,
    write_mirror,
)

__all__ = [
    "accept_invitation",
    "accept_repair",
    "accept_returns",
    "add_passkey",
    "answer_objection",
    "apply_for_repair",
    "arrivals_of",
    "ask_export",
    "ask_to_complete_repair",
    "audit_terms",
    "back_up",
    "begin_session",
    "bind_identity",
    "chain_of",
    "change_password",
    "check_objection",
    "close_account",
    "compare_paper",
    "comparing_question",
    "complete_repair",
    "confirm_app",
    "confirm_correction",
    "confirm_succession",
    "decide_appeal",
    "decide_attribution",
    "decide_objection",
    "decide_repair",
    "decline_repair",
    "delegate_post",
    "deliver_messages",
    "dispose_audit",
    "end_agreement",
    "end_delegation",
    "end_identity",
    "end_post",
    "end_recipient",
    "end_session",
    "erase",
    "exchange_due",
    "export",
    "export_audit",
    "extend_repair",
    "fetch_answers",
    "finish_erasures",
    "follow",
    "give_post",
    "grade",
    "hand_in_scan",
    "hand_over_post",
    "holds_over",
    "invite",
    "invite_administrator",
    "issue_first_link",
    "keep_printed",
    "ledger_size",
    "lift_hold",
    "lift_lock",
    "lift_seal",
    "lodge_appeal",
    "lodge_objection",
    "look_at_standing",
    "make_agreement",
    "mark_messages_read",
    "marked_workbook",
    "note_drill",
    "note_seen",
    "open_account",
    "open_administrator",
    "open_county",
    "open_file",
    "open_invented_accounts",
    "open_invited",
    "open_own_window",
    "open_window_of",
    "page_answered",
    "place_hold",
    "prove_audit_line",
    "prove_factor",
    "prove_identity",
    "prove_password",
    "publish_due",
    "put_away_left",
    "read_answers",
    "read_audit",
    "read_audit_line",
    "rebuild",
    "receive_cosigned",
    "reconcile",
    "record_reading",
    "record_refusal",
    "redecide_attribution",
    "refuse_paper",
    "register_recipient",
    "rehearse_law",
    "rehearse_upgrade",
    "release_statement",
    "release_text",
    "remove_factor",
    "renew_recovery_codes",
    "reopen_account",
    "reopen_return",
    "replay_erasures",
    "reset_factors",
    "restore_master_key",
    "resume",
    "revoke_repair",
    "rewrap_secrets",
    "rotate_epoch",
    "rotate_master_key",
    "rotate_signing_key",
    "seal_audit",
    "seal_audit_when_due",
    "seek_identity",
    "send",
    "send_again",
    "send_back_return",
    "send_checkpoints",
    "settle_objection",
    "settle_restored",
    "sign_checkpoint",
    "sign_in_recorded",
    "signing_question",
    "split_master_key",
    "start_app",
    "submit",
    "submit_form",
    "sweep",
    "sweep_papers",
    "take_in",
    "take_letters",
    "take_master_key_off_disk",
    "take_pushed",
    "tell_of_failure",
    "tell_of_silence",
    "tell_of_submissions",
    "template_workbook",
    "templates_of",
    "tend_witnesses",
    "try_shares",
    "upgrade",
    "verify_audit",
    "withdraw",
    "withdraw_appeal",
    "withdraw_objection",
    "withdraw_paper",
    "withdraw_repair",
    "withhold",
    "write_downloads",
    "write_mirror",
]
__all__ += overseeing.__all__
