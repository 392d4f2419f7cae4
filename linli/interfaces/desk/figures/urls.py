"""Addresses of figures."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.figures import areas, views, watching
from linli.interfaces.desk.figures.briefing import views as briefing

urlpatterns = [
    path("figures/", views.overview, name="figures"),
    path("figures/watches/", watching.listing, name="figure_watches"),
    path("figures/watches/<uuid:uuid>/drop/", watching.drop, name="figure_watch_drop"),
    path("figures/burden/", areas.burden, name="figures_burden"),
    path("figures/interaction/", areas.interaction, name="figures_interaction"),
    path("figures/interaction/<uuid:uuid>/withdraw/", areas.withdraw, name="figures_outside_withdraw"),
    path("figures/hotline/", areas.score, name="figures_hotline"),
    path("figures/brief/", briefing.page, name="figures_brief"),
    path("figures/<slug:code>/", views.one, name="figure"),
    path("figures/<slug:code>/rows/", views.rows, name="figure_rows"),
    path("figures/<slug:code>/watch/", watching.watch, name="figure_watch"),
]
