"""Sources, submissions, reading and checking rows, faults, receipts, data quality.

In: a file of a unit, as described by sources/<name>/source.yaml. Out: drafts for the ledger
(drafts.parquet), records that wait for a person (waiting.parquet), and a receipt with every fault.

uploads and headers say what a file is; reading lays it out as a text table; cleaning, checks and
rowchecks are column expressions made from the description; compiling keeps the statements made of
them, tables puts these together; checking runs them; explaining words the faults; preparing asks
whose each record is and whether it is known; contents and drafting write the records. child does
the heavy part of a big file in a process of its own.
"""
