"""What follows from what: event → its subscribers, by name. The one list; names are kept in the outbox, so keep them."""

from analytics import rollups
from core.events import keep_for_audit
from core.outbox import Subscriber
from integrations.notifications import invitations, messages, one_time_codes
from loyalty import lifting, occasions, referring, renewing
from rewards import redemption

SUBSCRIPTIONS: dict[str, dict[str, Subscriber]] = {
    "purchase.recorded": {"rollups": rollups.count_purchase, "referral": referring.follow_purchase},
    "points.earned": {"rollups": rollups.count_units_given, "points e-mail": messages.write_points_email},
    "points.taken_back": {"rollups": rollups.take_out_units_given},
    "points.returned": {"rollups": rollups.take_out_units_used},
    # For webhooks to come.
    "points.vested": {},
    "points.held": {},
    "points.released": {"rewards": redemption.follow_release},
    "points.expired": {},
    "points.adjusted": {},
    "points.moved": {},
    "happening.recorded": {},  # for webhooks to come
    "purchase.cancelled": {"rollups": rollups.take_out_purchase, "audit": keep_for_audit},
    "purchase.refunded": {"rollups": rollups.take_out_purchase, "audit": keep_for_audit},
    "units.adjusted": {"rollups": rollups.count_units_given, "audit": keep_for_audit},
    "points.spent": {"rollups": rollups.count_units_used},
    "member.joined": {
        "rollups": rollups.count_member,
        "audit": keep_for_audit,
        "confirmation": messages.write_confirmation,
        "profile": occasions.follow_profile,
        "newsletter": occasions.follow_newsletter,
    },
    "consent.given": {
        "confirmation": messages.write_confirmation,
        "newsletter": occasions.follow_newsletter,
    },
    "card_code.asked": {"one-time code": one_time_codes.send_code},
    "card_link.asked": {"letter": one_time_codes.send_link},
    "message.written": {"sender": messages.send_message},
    "tier.reached": {},  # for webhooks and messages to come
    "reward.offered": {"audit": keep_for_audit},
    "reward.held": {},
    "reward.captured": {"audit": keep_for_audit},
    "reward.released": {},
    "reward.expired": {},
    "reward.voided": {"audit": keep_for_audit},
    # Changes by staff, by keys and by the system itself.
    "merchant.opened": {"audit": keep_for_audit},
    "merchant.changed": {"audit": keep_for_audit, "rollups": rollups.follow_time_zone},
    "logo.set": {"audit": keep_for_audit},
    "logo.removed": {"audit": keep_for_audit},
    "location.added": {"audit": keep_for_audit},
    "location.changed": {"audit": keep_for_audit},
    "location.closed": {"audit": keep_for_audit},
    "location.reopened": {"audit": keep_for_audit},
    "staff.added": {"audit": keep_for_audit},
    "staff.role_changed": {"audit": keep_for_audit},
    "staff.removed": {"audit": keep_for_audit},
    "staff.returned": {"audit": keep_for_audit},
    "invitation.made": {"audit": keep_for_audit, "letter": invitations.send_invitation},
    "invitation.sent_again": {"audit": keep_for_audit, "letter": invitations.send_invitation},
    "invitation.revoked": {"audit": keep_for_audit},
    "invitation.accepted": {"audit": keep_for_audit},
    "programme.published": {
        "audit": keep_for_audit,
        "ladder": lifting.lift_after_publishing,
        "expiry": renewing.renew_after_publishing,
    },
    "expiry.changed": {"units": renewing.renew_units},
    "programme.planned": {"audit": keep_for_audit},
    "programme.withdrawn": {"audit": keep_for_audit},
    "member.changed": {
        "audit": keep_for_audit,
        "confirmation": messages.write_confirmation,
        "profile": occasions.follow_profile,
    },
    "member.erased": {"audit": keep_for_audit, "messages": messages.forget_messages},
    "member.merged": {"audit": keep_for_audit},
    "member.unmerged": {"audit": keep_for_audit},
    "members.exported": {"audit": keep_for_audit},
    "card.replaced": {"audit": keep_for_audit},
    "card.printed": {"audit": keep_for_audit},
    "api_key.made": {"audit": keep_for_audit},
    "api_key.revoked": {"audit": keep_for_audit},
}
