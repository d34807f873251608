"""How fast a purchase is, beside what the same PostgreSQL can do at most. See docs/bench.md for what is measured."""
