"""书面说明、限期整改、领导小组议题: ordered for any cause, answered with proof, the outcome public.

In: an order with cause, basis and days; a question for the leading group. Out: orders, issues, drafts for the ledger.
"""
