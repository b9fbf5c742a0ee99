"""Sources, submissions, reading and checking rows, faults, receipts, data quality.

In: a file of a unit, as described by sources/<name>/source.yaml. Out: drafts for the ledger
(drafts.parquet), records that wait for a person (waiting.parquet), and a receipt with every fault.

uploads and headers say what a file is; reading lays it out as a text table; cleaning, checks and
rowchecks are column expressions made from the description; checking runs them; explaining words the
faults; preparing asks whose each record is and whether it is known; drafting writes the records.
"""
