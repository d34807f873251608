"""Figures: daily rollups and what is read from them."""
