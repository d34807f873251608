"""Who and what the pages need beside the cast: second cards, an invitation, an address that waits to be proven."""

from uuid import UUID

from allauth.account.models import EmailAddress, EmailConfirmationHMAC

from core.ids import new_id
from loyalty.membership.joining import enrol_member
from loyalty.membership.merging import merge_members
from members.models import Member
from merchants import invitations
from merchants.models import Invitation, StaffMember, User
from tests.world import World


def second_cards(world: World) -> tuple[UUID, UUID, UUID]:
    """Mia's other card, a merge of two others, and the one of them who stays; in the shop's scope."""
    stays, goes = another_card(world, "Noah"), another_card(world, "Noah")
    merge = merge_members(stays_id=stays.id, goes_id=goes.id, key=new_id(), actor_id=None)
    return another_card(world, "Mia").id, merge.id, stays.id


def another_card(world: World, name: str) -> Member:
    """Somebody of the cast once more, with a number of its own; in the shop's scope."""
    phone = f"+336{10_000_000 + Member.objects.count()}"  # a house that is kept has older ones
    return enrol_member(merchant=world.aroma, name=name, phone=phone, source="scanner").member


def an_invitation(owner: StaffMember) -> str:
    """The token of a letter that asks somebody into the team; in the shop's scope."""
    number = Invitation.objects.count()  # a house that is kept has older ones
    invited = invitations.invite(
        email=f"max{number}@aroma.test", role=StaffMember.Role.MANAGER, locale="en", actor=owner
    )
    return invitations.token_of(invited)


def a_pending_confirmation() -> str:
    """The key of a letter to an address that is not proven yet."""
    nadia, _made = User.objects.get_or_create(email="nadia@lechat.test", defaults={"name": "Nadia"})
    waiting, _made = EmailAddress.objects.get_or_create(user=nadia, email="nadia@elsewhere.test")
    return str(EmailConfirmationHMAC(waiting).key)
