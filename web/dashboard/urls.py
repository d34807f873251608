"""Addresses of the desk."""

from django.urls import URLPattern, path

from web.dashboard import doors, home, keys, locations, member_list, members, poster, programme, tiers

urlpatterns: list[URLPattern] = [
    path("", doors.choose, name="dashboard"),
    path("new/", doors.new_merchant, name="dashboard-new"),
    path("<slug:slug>/", home.home, name="dashboard-home"),
    path("<slug:slug>/door/", doors.door, name="dashboard-door"),
    path("<slug:slug>/live/", home.live, name="dashboard-live"),
    path("<slug:slug>/programme/", programme.show, name="dashboard-programme"),
    path("<slug:slug>/programme/name/", programme.name, name="dashboard-name"),
    path("<slug:slug>/programme/earning/", programme.earning, name="dashboard-earning"),
    path("<slug:slug>/programme/ladder/", tiers.ladder, name="dashboard-ladder"),
    path("<slug:slug>/programme/tiers/", tiers.add, name="dashboard-tiers"),
    path("<slug:slug>/programme/tiers/<uuid:tier_id>/", tiers.change, name="dashboard-tier"),
    path("<slug:slug>/programme/tiers/<uuid:tier_id>/place/", tiers.place, name="dashboard-tier-place"),
    path("<slug:slug>/programme/tiers/<uuid:tier_id>/removal/", tiers.removal, name="dashboard-tier-removal"),
    path("<slug:slug>/members/", member_list.listing, name="dashboard-members"),
    path("<slug:slug>/members/export/", member_list.export, name="dashboard-members-export"),
    path("<slug:slug>/members/<uuid:member_id>/", members.story, name="dashboard-member"),
    path("<slug:slug>/members/<uuid:member_id>/profile/", members.profile, name="dashboard-profile"),
    path("<slug:slug>/members/<uuid:member_id>/letter/", members.letter, name="dashboard-letter"),
    path(
        "<slug:slug>/members/<uuid:member_id>/replacement/",
        members.replacement,
        name="dashboard-card-replacement",
    ),
    path("<slug:slug>/poster/", poster.show, name="dashboard-poster"),
    path("<slug:slug>/poster/poster.png", poster.png, name="dashboard-poster-png"),
    path("<slug:slug>/poster/poster.svg", poster.svg, name="dashboard-poster-svg"),
    path("<slug:slug>/locations/", locations.locations, name="dashboard-locations"),
    path("<slug:slug>/keys/", keys.keys, name="dashboard-keys"),
    path("<slug:slug>/keys/<uuid:key_id>/revocation/", keys.revocation, name="dashboard-key-revocation"),
]
