"""Fault runs: processes killed at every step, and afterwards everything that anybody was told must be true.

`house` is what gets broken, `stage` a shop of one test in it, `clients` and `storm` those who ask, `gates` make a moment
certain, `truth` looks at what is left. The same suites with more dice are bin/prove's long form (`prove/faults.py`).
"""
