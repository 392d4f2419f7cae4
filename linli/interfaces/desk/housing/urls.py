"""Addresses of shared flats and building safety."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.housing import dossiers, prints, safety, sweeps, watches

urlpatterns = [
    path("housing/", dossiers.listing, name="housing"),
    path("housing/new/", dossiers.new, name="housing_new"),
    path("housing/watches/", watches.watches, name="housing_watches"),
    path("housing/sweeps/", sweeps.listing, name="housing_sweeps"),
    path("housing/sweeps/new/", sweeps.new, name="housing_sweep_new"),
    path("housing/buildings/<uuid:uuid>/", sweeps.building, name="housing_building"),
    path("housing/safety/", safety.ledger, name="housing_safety"),
    path("housing/safety/new/", safety.check, name="housing_safety_new"),
    path("housing/<uuid:uuid>/", dossiers.one, name="housing_one"),
    path("housing/<uuid:uuid>/rooms/", dossiers.rooms, name="housing_rooms"),
    path("housing/<uuid:uuid>/papers/", dossiers.opened, name="housing_papers"),
    path("housing/<uuid:uuid>/papers/<uuid:paper>/<str:size>/", dossiers.file, name="housing_file"),
    path("housing/<uuid:uuid>/print/<str:kind>/", prints.docx, name="housing_print"),
]
