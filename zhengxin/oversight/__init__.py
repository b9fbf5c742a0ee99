"""Oversight: work plans and who answers for what in them.

In: a plan as a file (text, Word, PDF with text, web page) or as lines. Out: its clause tree, its tasks
with units as written, standing rules, terms and what is odd about the text. Reading is pure: no
database, no clock, no network; units are resolved against names that the caller hands in.
"""
