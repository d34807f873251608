"""Parts for a prover that tries itself: one that comes to its end, one that breaks off, one that hangs."""
