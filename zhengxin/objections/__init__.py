"""异议: lodged against one record, marked at once, heard, decided by somebody else; a correction is chased to every copy.

In: what is said to be wrong, by whom, with files. Out: cases, copies to be corrected, drafts for the ledger.
"""
