"""The wizard: from a trade to the first scan. Each step saves what it asks and can be come back to or skipped; nothing counts
for members before the programme is opened, and then all of it does.
"""
