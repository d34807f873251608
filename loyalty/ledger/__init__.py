"""The sealed room: accounts, lots, entries, movements. Only `loyalty` may enter, through `postings` and `statements`."""
