"""Who joins: members, their cards and their consents."""
