"""What the rule said on that day.

In: the files of `law/` (or the folder named by ZHENGXIN_LAW), read once and checked strictly; an
error names file and line. Out: typed rules, each with its citation. Nobody else reads `law/`.
"""
