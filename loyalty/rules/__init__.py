"""The rules engine: facts in, awards and reasons out. Pure Python: no Django, no query, no clock of its own."""
