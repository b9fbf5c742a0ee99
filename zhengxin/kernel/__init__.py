"""The ground everybody stands on: identifiers, calendar, digests, who acts, how a refusal speaks.

No Django, no database, no clock: values come in, values go out.
"""
