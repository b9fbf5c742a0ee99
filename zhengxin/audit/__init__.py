"""Who did what, who looked at whose file, when, for which purpose. In: lines. Out: queries. Append-only."""
