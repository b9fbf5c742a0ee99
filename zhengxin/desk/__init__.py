"""Officials' pages. In: a signed-in person with a post. Out: one call into journey, one page.

gate.py lets people in and turns refusals into pages; frame.py is what stands round every page;
waiting.py gathers what waits for a person; views/ holds one file for each kind of work.
"""
