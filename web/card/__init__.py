"""Pages: card."""
