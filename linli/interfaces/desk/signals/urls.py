"""Addresses of signals and devices."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.signals import devices, drafts

urlpatterns = [
    path("signals/", drafts.queue, name="signals"),
    path("signals/decided/", drafts.decided, name="signals_decided"),
    path("signals/<uuid:uuid>/decide/", drafts.decide, name="signal_decide"),
    path("signals/devices/", devices.listing, name="devices"),
    path("signals/devices/new/", devices.new, name="device_new"),
    path("signals/devices/<uuid:uuid>/", devices.one, name="device"),
    path("signals/devices/<uuid:uuid>/edit/", devices.edit, name="device_edit"),
]
