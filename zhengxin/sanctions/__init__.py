"""惩戒: a measure of the list against a unit, proposed, announced, answered, decided, carried out and ended.

In: the record it rests on, facts, replies, decisions. Out: cases, their measures, referrals, drafts for the ledger.
Measures on officials are not decided here: they belong to whoever appoints them.
"""
