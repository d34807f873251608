"""What follows from what: event → its subscribers, by name. The one list; names are kept in the outbox, so keep them."""

from analytics import rollups
from core.outbox import Subscriber
from integrations.notifications import messages

SUBSCRIPTIONS: dict[str, dict[str, Subscriber]] = {
    "purchase.recorded": {"rollups": rollups.count_purchase},
    "points.earned": {"rollups": rollups.count_units_given, "points e-mail": messages.write_points_email},
    "points.spent": {"rollups": rollups.count_units_used},
    "member.joined": {"rollups": rollups.count_member},
    "message.written": {"sender": messages.send_message},
    # Kept for the audit trail and webhooks to come; nobody listens yet.
    "tier.reached": {},
    "merchant.opened": {},
    "programme.published": {},
    "member.changed": {},
    "api_key.made": {},
    "api_key.revoked": {},
}
