"""Pages: front."""
