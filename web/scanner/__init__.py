"""Pages: scanner."""
