"""Programmes to begin with: each is a whole version and its offers, by configuration alone. No query, no clock of its own.

A template is made of a `Kit`; `shelf` has all of them. `tests/loyalty/gallery` plays a year of each.
"""
