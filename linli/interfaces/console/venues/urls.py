"""Addresses of venues, their kinds, posters, charging facilities."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.console.venues import charging, editing, kinds, listing, posters

urlpatterns = [
    path("venues/", listing.listing, name="venues"),
    path("venues/pins.json", listing.pins, name="venue_pins"),
    path("venues/new/", editing.create, name="venue_new"),
    path("venues/<uuid:uuid>/", editing.venue, name="venue"),
    path("venues/<uuid:uuid>/photos/<int:photo_id>/", editing.photo, name="venue_photo"),
    path("venues/<uuid:uuid>/<slug:name>/", editing.act, name="venue_act"),
    path("venue-kinds/", kinds.listing, name="venue_kinds"),
    path("venue-kinds/ship/", kinds.ship, name="venue_kinds_ship"),
    path("venue-kinds/facility/", kinds.facility, name="facility_new"),
    path("venue-kinds/new/", kinds.edit, name="venue_kind_new"),
    path("venue-kinds/<slug:code>/", kinds.edit, name="venue_kind"),
    path("maps/new/", kinds.edit_map, name="map_new"),
    path("maps/<slug:code>/", kinds.edit_map, name="map"),
    path("posters/", posters.listing, name="posters"),
    path("posters/new/", posters.create, name="poster_new"),
    path("posters/channel/", posters.channel, name="channel"),
    path("posters/<uuid:uuid>/", posters.sheet, name="poster"),
    path("posters/<uuid:uuid>/withdraw/", posters.withdraw, name="poster_withdraw"),
    path("charging/", charging.ledger, name="charging"),
    path("charging/count/", charging.count, name="charging_count"),
    path("charging/project/", charging.project, name="charging_project"),
]
