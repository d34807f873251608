"""Codes on packaging and from partners: made in batches, entered once each, or a word that many may enter."""
