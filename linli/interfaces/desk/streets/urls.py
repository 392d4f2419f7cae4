"""Addresses of the streets."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.streets import files, frontages, lanes, matters, patrols, shops, work

urlpatterns = [
    path("streets/", patrols.home, name="streets"),
    path("streets/patrols/new/", patrols.new, name="streets_patrol_new"),
    path("streets/matters/", matters.matters, name="streets_matters"),
    path("streets/matters/new/", matters.warn, name="streets_warn"),
    path("streets/matters/<uuid:uuid>/", matters.matter, name="streets_matter"),
    path("streets/matters/<uuid:uuid>/paper/", matters.paper, name="streets_matter_paper"),
    path("streets/shops/<uuid:uuid>/", matters.shop, name="streets_shop"),
    path("streets/duties/", frontages.duties, name="streets_duties"),
    path("streets/duties/new/", frontages.duty_new, name="streets_duty_new"),
    path("streets/duties/<uuid:uuid>/", frontages.duty, name="streets_duty"),
    path("streets/duties/<uuid:uuid>/paper/", frontages.duty_paper, name="streets_duty_paper"),
    path("streets/spots/", frontages.spots, name="streets_spots"),
    path("streets/spots/new/", frontages.spot_new, name="streets_spot_new"),
    path("streets/spots/<uuid:uuid>/", frontages.spot, name="streets_spot"),
    path("streets/lanes/", lanes.lanes, name="streets_lanes"),
    path("streets/lanes/new/", lanes.new, name="streets_lane_new"),
    path("streets/lanes/<uuid:uuid>/", lanes.lane, name="streets_lane"),
    path("streets/lanes/<uuid:uuid>/print/", lanes.printed, name="streets_lane_print"),
    path("streets/alliance/", shops.members, name="streets_members"),
    path("streets/alliance/new/", shops.member_new, name="streets_member_new"),
    path("streets/alliance/<uuid:uuid>/", shops.member, name="streets_member"),
    path("streets/boards/", shops.boards, name="streets_boards"),
    path("streets/boards/<uuid:uuid>/", shops.board, name="streets_board"),
    path("streets/friends/", shops.friends, name="streets_friends"),
    path("streets/friends/new/", shops.friend_new, name="streets_friend_new"),
    path("streets/friends/<uuid:uuid>/", shops.friend, name="streets_friend"),
    path("streets/shifts/", work.logs, name="streets_logs"),
    path("streets/shifts/new/", work.log_new, name="streets_log_new"),
    path("streets/shifts/<uuid:uuid>/", work.log, name="streets_log"),
    path("streets/quality/", work.qualities, name="streets_qualities"),
    path("streets/quality/new/", work.quality_new, name="streets_quality_new"),
    path("streets/quality/deductions/", work.deductions, name="streets_deductions"),
    path("streets/quality/<uuid:uuid>/", work.quality, name="streets_quality"),
    path("streets/contacts/", work.contacts, name="streets_contacts"),
    path("streets/contacts/new/", work.contact_new, name="streets_contact_new"),
    path("streets/contacts/<uuid:uuid>/", work.contact, name="streets_contact"),
    path("streets/files/<uuid:uuid>/<str:size>/", files.file, name="streets_file"),
]
