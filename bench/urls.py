"""The product's addresses, and the bench's own below /bench/."""

from __future__ import annotations

from django.urls import include, path

from bench import soak_views, views

urlpatterns = [
    path("bench/floor/write/", views.floor_write),
    path("bench/floor/list/", views.floor_list),
    path("bench/floor/one/", views.floor_one),
    path("bench/intake/", views.intake),
    path("bench/list/", views.case_list),
    path("bench/detail/<str:number>/", views.detail),
    path("bench/counts/", views.counts),
    path("bench/boxes/", views.boxes),
    path("bench/figures/", views.figures),
    path("bench/changed/", views.changed),
    path("bench/pins/", views.pins),
    path("bench/public-pins/", views.public_pins),
    path("bench/public-list/", views.public_list),
    path("bench/nearby/", views.nearby),
    path("bench/soak/report/", soak_views.report),
    path("bench/soak/step/", soak_views.step),
    path("", include("linli.urls")),
]
handler404 = "linli.interfaces.web.errors.not_found"
