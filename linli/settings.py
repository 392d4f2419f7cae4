"""Settings of a Linli installation, all read from the environment.

Every variable begins with ``LINLI_``; a secret may also be given as a file by the
same name with ``_FILE`` behind it. A missing or malformed value stops the start
with a message that names the variable.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def env(name: str, default: str | None = None) -> str:
    """Return the value of ``LINLI_<name>``, or of the file that ``LINLI_<name>_FILE`` names."""
    key = f"LINLI_{name}"
    if path := os.environ.get(f"{key}_FILE"):
        return Path(path).read_text(encoding="utf8").strip()
    value = os.environ.get(key, default)
    if value is None:
        message = f"{key} is not set. Set it, or {key}_FILE to a file that holds it."
        raise ImproperlyConfigured(message)
    return value


def env_flag(name: str, *, default: bool) -> bool:
    """Return ``LINLI_<name>`` as a truth value: 1/0, true/false, yes/no, on/off."""
    raw = env(name, "1" if default else "0").lower()
    if raw in {"1", "true", "yes", "on"}:
        return True
    if raw in {"0", "false", "no", "off", ""}:
        return False
    message = f"LINLI_{name} is {raw!r}: give 1 or 0."
    raise ImproperlyConfigured(message)


PACKAGE = Path(__file__).resolve().parent
DATA = Path(env("DATA", str(PACKAGE.parent / "var"))).resolve()
# What the search for a good assignment compiles at its first use is kept here for the next (ADR 45).
os.environ.setdefault("NUMBA_CACHE_DIR", str(DATA / "compiled"))
DEBUG = env_flag("DEBUG", default=False)
DEMO = env_flag("DEMO", default=False)


def secret_key() -> str:
    """Return the secret key: from the environment, else from a file made once in the data folder."""
    if "LINLI_SECRET_KEY" in os.environ or "LINLI_SECRET_KEY_FILE" in os.environ:
        return env("SECRET_KEY")
    path = DATA / "keys" / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64), encoding="utf8")
    return path.read_text(encoding="utf8")


SECRET_KEY = secret_key()
KEYS = Path(env("KEYS", str(DATA / "keys"))).resolve()
ALLOWED_HOSTS = [h for h in env("HOSTS", "127.0.0.1,localhost,.localhost,[::1]").split(",") if h]
CSRF_TRUSTED_ORIGINS = [o for o in env("ORIGINS", "").split(",") if o]

INSTALLED_APPS = [
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "linli.foundation.core",
    "linli.foundation.journal",
    "linli.foundation.jobs",
    "linli.foundation.sheets",
    "linli.foundation.accounts",
    "linli.foundation.rulebook",
    "linli.foundation.deadlines",
    "linli.foundation.forms",
    "linli.foundation.files",
    "linli.foundation.messages",
    "linli.foundation.places",
    "linli.foundation.people",
    "linli.foundation.venues",
    "linli.foundation.hooks",
    "linli.foundation.exports",
    "linli.engines.projects",
    "linli.engines.activities",
    "linli.engines.cases",
    "linli.engines.fieldwork",
    "linli.engines.signals",
    "linli.engines.mailbox",
    "linli.engines.alerts",
    "linli.engines.judgement",
    "linli.engines.indicators",
    "linli.programmes.documents",
    "linli.programmes.publishing",
    "linli.programmes.alliance",
    "linli.programmes.visits",
    "linli.programmes.civility",
    "linli.programmes.housing",
    "linli.programmes.streets",
    "linli.programmes.surveys",
    "linli.programmes.owners",
    "linli.interfaces.web",
    "linli.interfaces.portal",
    "linli.interfaces.desk",
    "linli.interfaces.field",
    "linli.interfaces.wall",
    "linli.interfaces.console",
    "linli.interfaces.openrosa",
    "linli.interfaces.open311",
    "linli.interfaces.api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "linli.foundation.core.middleware.NamespaceMiddleware",
    "linli.interfaces.web.middleware.SendMiddleware",
    "linli.interfaces.web.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "linli.interfaces.web.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "linli.interfaces.web.errors.ErrorMiddleware",
]

ROOT_URLCONF = "linli.urls"
WSGI_APPLICATION = "linli.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                ),
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "django.templatetags.i18n",
                "linli.interfaces.web.templatetags.linli",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "linli.interfaces.web.context.page",
            ],
        },
    },
]

# Databases: one backend subclass per engine that serves one namespace at a time
# (a SQLite file, a PostgreSQL schema). See docs/adr/0003-namespaces.md.
NAMESPACE_DEFAULT = env("NAMESPACE", "main")


def database(url: str) -> dict[str, Any]:
    """Return Django's description of the database that ``url`` names.

    ``sqlite:`` (files below the data folder) or ``postgresql://user:password@host:port/name``;
    a unix socket is given as ``postgresql://user@/name?host=/path``.
    """
    if url.startswith("sqlite:"):
        return {
            "ENGINE": "linli.foundation.core.db.sqlite3",
            "NAME": url.removeprefix("sqlite:").removeprefix("//") or str(DATA / "namespaces"),
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
                    " PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456;"
                ),
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        message = f"LINLI_DATABASE is {url!r}: give sqlite: or postgresql://…"
        raise ImproperlyConfigured(message)
    query = dict(p.split("=", 1) for p in parts.query.split("&") if "=" in p)
    return {
        "ENGINE": "linli.foundation.core.db.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(parts.port or query.get("port", "")),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": {},
    }


DATABASES = {"default": database(env("DATABASE", "sqlite:"))}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
SESSION_ENGINE = "linli.foundation.accounts.sessions"
# Reverse proxies in front of the server: the visitor's address is so many from the right in X-Forwarded-For.
PROXIES = int(env("PROXIES", "0"))
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = env_flag("HTTPS", default=False)
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
CSRF_COOKIE_HTTPONLY = False
CSRF_FAILURE_VIEW = "linli.interfaces.web.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if SESSION_COOKIE_SECURE:
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "connect-src": ["'self'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        "media-src": ["'self'", "blob:"],
    }
}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# A person may paste 10 MB into a text field: the form, not the server, says that it is too long.
DATA_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 128  # ODK Collect sends a hundred pictures and the record at once
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env("TIME_ZONE", "Asia/Shanghai")

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

# Whether webhooks may go to private addresses and over plain http: for a receiver in the same machine room.
HOOKS_PRIVATE = env_flag("HOOKS_PRIVATE", default=False)
# What new webhooks are signed with: sha256 or sm3.
HOOKS_ALGORITHM = env("HOOKS_ALGORITHM", "sha256")
if HOOKS_ALGORITHM not in {"sha256", "sm3"}:
    message = f"LINLI_HOOKS_ALGORITHM is {HOOKS_ALGORITHM!r}: give sha256 or sm3."
    raise ImproperlyConfigured(message)

# Whether mailboxes may be read on private addresses: for a mail server in the same machine room.
MAILBOX_PRIVATE = env_flag("MAILBOX_PRIVATE", default=False)

EMAIL_HOST = env("SMTP_HOST", "")
EMAIL_PORT = int(env("SMTP_PORT", "25"))
EMAIL_HOST_USER = env("SMTP_USER", "")
EMAIL_HOST_PASSWORD = env("SMTP_PASSWORD", "")
EMAIL_USE_TLS = env_flag("SMTP_TLS", default=False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env("MAIL_FROM", "linli@localhost")
# Text messages and WeChat by a gateway of the operator's own (docs/how-to/message-gateway.md); empty: by hand.
GATEWAY_URLS = {"sms": env("GATEWAY_SMS_URL", ""), "wechat": env("GATEWAY_WECHAT_URL", "")}
GATEWAY_KEY = env("GATEWAY_KEY", "")
GATEWAY_DIGEST = env("GATEWAY_DIGEST", "sha256")
GATEWAY_TIMEOUT = float(env("GATEWAY_TIMEOUT", "10"))
if GATEWAY_DIGEST not in {"sha256", "sm3"}:
    message = f"LINLI_GATEWAY_DIGEST is {GATEWAY_DIGEST!r}: give sha256 or sm3."
    raise ImproperlyConfigured(message)
for _url in filter(None, GATEWAY_URLS.values()):
    if urlsplit(_url).scheme not in {"http", "https"} or not urlsplit(_url).hostname:
        message = "LINLI_GATEWAY_SMS_URL and LINLI_GATEWAY_WECHAT_URL take a whole address, http:// or https://."
        raise ImproperlyConfigured(message)
    if len(GATEWAY_KEY) < 32:
        message = "LINLI_GATEWAY_KEY is shorter than 32 characters: give the secret that the gateway knows, too."
        raise ImproperlyConfigured(message)
# Who gets the signed seal of each day, comma between; empty: it stays in the data folder.
SEAL_MAIL = env("SEAL_MAIL", "")

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"namespace": {"()": "linli.foundation.core.logs.NamespaceFilter"}},
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s [%(namespace)s] %(name)s: %(message)s"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["namespace"]},
    },
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", "WARNING")},
}
TEST_RUNNER = "django.test.runner.DiscoverRunner"
# Whether every other host of the domain speaks HTTPS, and whether browsers may be told so for good, the owner of
# the domain decides at the proxy.
SILENCED_SYSTEM_CHECKS: list[str] = ["security.W005", "security.W021"]
