"""Designs of codes, drawn once as shapes, written as SVG, PNG and PDF, and read back before anybody prints them.

Pure Python: it knows no merchant, no database and no request. `designs` says what one is, `drawings` makes shapes of it,
`preflight` reads them back.
"""
