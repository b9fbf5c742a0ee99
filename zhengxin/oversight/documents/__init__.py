"""Files into lines of text: plain text, Word, PDF with text, web pages; refusals for everything else.

A table becomes lines whose cells are parted by tabs. Whatever is packed or marked up is opened in a
process of its own with little memory and time.
"""
