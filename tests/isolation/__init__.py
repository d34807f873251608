"""Nobody sees another's: the three locks, tried from every side, and tried for their own worth by taking each away.

`catalogue` asks the database what it is, `walls` what it does, `walk` every address, `cases` every id in every body;
`mutants` removes each lock in turn, and something of these must go red.
"""
