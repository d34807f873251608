"""The ground floor: tenancy, events, errors, ids, money. It knows no noun of the trade."""
