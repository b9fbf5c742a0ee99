"""督查: a campaign, its checklist, the units drawn for it, what was found, the conclusion and its review.

In: a designation by the government, a plan, a public seed, findings. Out: cases of units, drafts for the ledger.
"""
