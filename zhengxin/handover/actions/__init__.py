"""The verbs of the handover room."""

from zhengxin.handover.actions.answering import take_answers
from zhengxin.handover.actions.arriving import note_arrival, note_arrival_faults, note_batches
from zhengxin.handover.actions.fetching import fetch_answers, fetch_arrivals
from zhengxin.handover.actions.following import follow, retry_held, send_again
from zhengxin.handover.actions.forgetting import forget, void_sealed, void_waiting, withdraw
from zhengxin.handover.actions.packing import ask, pack
from zhengxin.handover.actions.sending import clear_answered, deliver

__all__ = [
    "ask",
    "clear_answered",
    "deliver",
    "fetch_answers",
    "fetch_arrivals",
    "follow",
    "forget",
    "note_arrival",
    "note_arrival_faults",
    "note_batches",
    "pack",
    "retry_held",
    "send_again",
    "take_answers",
    "void_sealed",
    "void_waiting",
    "withdraw",
]
