"""Addresses of ledgers."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.fieldwork.ledgers import (
    acting,
    building,
    coverage,
    dossier,
    editing,
    flood,
    home,
    listing,
    opening,
    photos,
    taking,
    twins,
)

urlpatterns = [
    path("ledgers/", home.home, name="ledgers"),
    path("ledgers/coverage/", coverage.coverage, name="coverage"),
    path("ledgers/coverage/map.json", coverage.coverage_map, name="coverage_map"),
    path("ledgers/flood/", flood.flood, name="flood_ledgers"),
    path("ledgers/of/<slug:code>/", listing.listing, name="ledger_list"),
    path("ledgers/of/<slug:code>/new/", editing.new, name="ledger_new"),
    path("ledgers/of/<slug:code>/twins/", twins.twins, name="ledger_twins"),
    path("ledgers/of/<slug:code>/bulk/", taking.bulk, name="ledger_bulk"),
    path("ledgers/at/<uuid:uuid>/", dossier.dossier, name="target"),
    path("ledgers/at/<uuid:uuid>/edit/", editing.edit, name="target_edit"),
    path("ledgers/at/<uuid:uuid>/open/", opening.sealed, name="target_open"),
    path("ledgers/at/<uuid:uuid>/forget/", opening.forget, name="target_forget"),
    path("ledgers/at/<uuid:uuid>/merge/<uuid:other>/", twins.merge, name="target_merge"),
    path("ledgers/at/<uuid:uuid>/grid/", building.grid, name="target_grid"),
    path("ledgers/at/<uuid:uuid>/photos/", photos.photos, name="target_photos"),
    path("ledgers/at/<uuid:uuid>/photos/<uuid:file>/<slug:size>/", photos.photo, name="target_photo"),
    path("ledgers/at/<uuid:uuid>/act/<slug:code>/", acting.act, name="target_act"),
]
