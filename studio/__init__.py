"""The QR studio: what printed codes lead to, what came of them, how they look, and the proof that they scan."""
