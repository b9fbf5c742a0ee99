"""Deputies' suggestions and CPPCC proposals: assigned, handled, replied to, rated by who raised them.

In: a list of a session, or one at a time; what units and delegates then do. Out: who has to reply to what by
when (as duties), what was replied and how it was received, and what of it the public may see.
"""
