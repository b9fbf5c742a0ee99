"""The grammar of work plans: lines in, clause tree and tasks out; every rule is one readable pattern.

From line to plan: lines (whole paragraphs), headings (the tree), phrases and units (who), terms (when),
standing (what holds from here on), clauses and tables (where a duty stands), plans (all together),
spellings and linting (what is odd). Pure.
"""
