"""Pages for people: dashboard, scanner, card."""
