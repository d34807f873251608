"""A programme whose things have names, and for every code and condition figures as the engine gives them."""

from dataclasses import replace

from loyalty.rules.types import Unit, Version
from tests.loyalty.rules import made

POINT = Unit("points", "points", {"en": ("point", "points"), "fr": ("point", "points")})
STAMP = Unit("stamps", "stamps", {"en": ("star", "stars"), "fr": ("étoile", "étoiles")}, "stamps")
CREDIT = Unit("credit", "credit", {"en": ("credit", "credit"), "fr": ("crédit", "crédits")}, "credit")
PLACES = {"cler": "Rue Cler", "monge": "Place Monge"}

VERSION: Version = replace(made.version(made.rule(amount=5)), units=(POINT, STAMP, CREDIT))

CONDITIONS_SAID = {
    "among_first": {"most": 50},
    "batch": {"any": ["Oat milk"]},
    "birthday": {"days": 7},
    "chance": {"seed": "s", "one_in": 20},
    "channel": {"any": ["scanner"]},
    "dates": {"from": "2026-06-01", "to": "2026-08-31"},
    "first_visit": {},
    "hours": {"from": "14:00", "to": "17:30"},
    "location": {"any": ["cler"]},
    "name": {"any": ["Book night"]},
    "nth_visit": {"nth": 10, "each": True},
    "payment": {"any": ["card"]},
    "product": {"any": ["coffee"]},
    "segment": {"any": ["new", "vip"]},
    "spend": {"minor": 2000},
    "tier": {"any": ["s", "g"]},
    "weekday": {"any": [6]},
}
SPENT = {"spent_minor": 1200, "per_minor": 100, "per_units": 1}
LIMIT = {"most": 60, "counted": "units", "period": "day", "whose": "member"}
FIGURES = {
    "badge": {},
    "beaten": {"percent": 200, "tier_percent": 250},
    "below": {"least_minor": 2000, "short_minor": 300},
    "elsewhere": {"locations": ["cler"]},
    "flat": {},
    "gift_card": {},
    "goal": {"done": 2, "of": 3, "period": "month", "in_a_row": False},
    "kept_change": {"kept_minor": 20},
    "more_visits": {"nth": 10, "more": 2},
    "multiplied": {"base": 18, "percent": 200, "tier_percent": 100},
    "no_birthday": {},
    "not_among_first": {"most": 50},
    "not_birthday": {"days": 7},
    "not_drawn": {},
    "not_first": {},
    "not_yet": {"from": "2026-06-01"},
    "nothing_to_multiply": {"percent": 200, "tier_percent": 100},
    "other_channel": {"channels": ["scanner"]},
    "other_name": {},
    "other_payment": {"methods": ["card"]},
    "other_products": {"products": ["coffee"]},
    "other_segment": {"segments": ["regular"]},
    "other_tier": {"tiers": ["g"]},
    "over": {"to": "2026-08-31"},
    "pause": {"minutes": 120},
    "per_amount": SPENT,
    "per_item": {"items": 5, "from_item": 3, "per_units": 1},
    "quota_reached": LIMIT,
    "share": {"spent_minor": 1200, "basis_points": 500},
    "short_of": SPENT | {"spent_minor": 40, "short_minor": 60},
    "too_few_items": {"items": 1, "from_item": 3, "per_units": 1},
    "welcome": {},
    "wrong_day": {"days": [6]},
    "wrong_hours": {"from": "14:00", "to": "17:30"},
}
