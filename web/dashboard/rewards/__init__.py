"""The catalogue at the desk: tickets in the shop's order, one page to write each, and what became of them."""
