"""A draft, before it counts: what happened lately once more, by its rules."""
