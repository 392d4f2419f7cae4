"""Addresses of the visits."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.visits import companies, condolences, demands, home, planning, sectors

urlpatterns = [
    path("visits/", home.home, name="visits"),
    path("visits/plan/", planning.plan, name="visits_plan"),
    path("visits/coverage/", home.coverage, name="visits_coverage"),
    path("visits/given/", home.given, name="visits_given"),
    path("visits/details/", home.details, name="visits_details"),
    path("visits/details/<uuid:uuid>/withdraw/", home.withdraw, name="visits_withdraw"),
    path("visits/demands/", demands.listing, name="visits_demands"),
    path("visits/demands/new/", demands.new, name="visits_demand_new"),
    path("visits/demands/<uuid:uuid>/", demands.one, name="visits_demand"),
    path("visits/companies/", companies.listing, name="visits_companies"),
    path("visits/companies/new/", companies.new, name="visits_company_new"),
    path("visits/companies/<uuid:uuid>/", companies.one, name="visits_company"),
    path("visits/companies/<uuid:uuid>/edit/", companies.edit, name="visits_company_edit"),
    path("visits/condolences/", condolences.listing, name="visits_condolences"),
    path("visits/condolences/new/", condolences.new, name="visits_condolence_new"),
    path("visits/condolences/<uuid:uuid>/", condolences.one, name="visits_condolence"),
    path("visits/condolences/<uuid:uuid>/print/", condolences.printed, name="visits_condolence_print"),
    path("visits/condolences/<uuid:uuid>/<uuid:entry>/", condolences.signature, name="visits_signature"),
    path("visits/sectors/", sectors.sectors, name="visits_sectors"),
    path("visits/branches/", sectors.branches, name="visits_branches"),
    path("visits/stations/", sectors.stations, name="visits_stations"),
    path("visits/wording/", sectors.wordings, name="visits_wording"),
    path("visits/wording/<slug:code>/", sectors.wording, name="visits_wording_edit"),
]
