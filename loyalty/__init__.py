"""The programme and what follows from it: purchases, awards, tiers, standings."""
