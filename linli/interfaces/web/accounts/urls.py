"""Addresses of logging in and of one's own account."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from linli.interfaces.web.accounts import admin, devices, login, tokens, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", login.login_page, name="login"),
    path("login/step/", login.second_step_page, name="login_step"),
    path("login/phone/", login.phone_page, name="login_phone"),
    path("login/code/", login.code_page, name="login_code"),
    path("logout/", login.logout_page, name="logout"),
    path("account/", views.account_page, name="account"),
    path("account/password/", views.password_page, name="password"),
    path("account/confirm/", views.confirm_page, name="confirm"),
    path("account/preferences/", views.preferences, name="account_preferences"),
    path("account/sessions/end/", views.end_session, name="end_session"),
    path("account/second-factor/", views.second_factor_page, name="second_factor"),
    path("account/second-factor/remove/", views.remove_second_factor, name="second_factor_remove"),
    path("account/second-factor/codes/", views.recovery_codes, name="recovery_codes"),
    path("account/devices/", devices.devices_page, name="app_passwords"),
    path("account/devices/revoke/", devices.revoke, name="app_password_revoke"),
    path("account/tokens/", tokens.tokens_page, name="tokens"),
    path("account/tokens/<uuid:uuid>/revoke/", tokens.revoke, name="token_revoke"),
    path("account/users/<uuid:uuid>/", admin.user_page, name="user"),
    path("account/users/<uuid:uuid>/password/", admin.issue_password, name="user_password"),
    path("account/users/<uuid:uuid>/sessions/end/", admin.end_sessions, name="user_sessions"),
    path("account/users/<uuid:uuid>/second-factor/", admin.remove_second_factor, name="user_second_factor"),
    path("account/users/<uuid:uuid>/active/", admin.set_active, name="user_active"),
]
