"""Messages to officials: an inbox at the desk, and notices through e-mail, text message or chat.

In: who is to be told what, once, under a key of its own. Out: the inbox, and what could not be delivered. Outside the
desk goes a fixed sentence and a link, never the text. A delivery that fails is tried again for ever, more and more seldom.
"""
