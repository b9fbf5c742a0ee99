"""信用修复: whether a record may be repaired and from when; an application, its decision, what it ends.

In: a record as publication states it, an application with proof and commitment. Out: verdicts with articles, applications.
"""
