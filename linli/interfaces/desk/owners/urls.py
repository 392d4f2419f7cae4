"""Addresses of the owners' committees at the desk."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.owners import drives, results

urlpatterns = [
    path("owners/", drives.home, name="owners"),
    path("owners/new/", drives.new, name="owners_new"),
    path("owners/<uuid:uuid>/", drives.one, name="owners_drive"),
    path("owners/<uuid:uuid>/results/", results.listing, name="owners_results"),
    path("owners/<uuid:uuid>/gaps/", results.gaps, name="owners_gaps"),
    path("owners/<uuid:uuid>/table.xlsx", results.workbook, name="owners_sheet"),
    path("owners/results/<uuid:uuid>/", results.one, name="owners_result"),
]
