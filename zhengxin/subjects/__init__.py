"""Credit subjects: units, enterprises, persons; names over time, succession, powers, judgements of identity."""
