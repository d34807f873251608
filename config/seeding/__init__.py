"""The demonstration: the cast, its two years of trade, and the file that tells how to get in."""
