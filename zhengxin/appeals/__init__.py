"""Appeals against what was decided about a record: on an objection, on a repair, on a grade.

In: the number of the decision, what is said against it, files. Out: the appeal with its own clock, reviewed by somebody
who neither decided nor handled the case; a decision set aside goes back to be decided anew, once more by others.
"""
