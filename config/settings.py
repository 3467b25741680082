"""Settings, read from the environment; without any, everything works for one developer."""

from pathlib import Path
from typing import Any

import environs

from config.env import SettingsRefused, env, parse_database_url, refusing_bad_values
from config.production import reasons_to_refuse
from config.secret_key import kept_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
# The two worlds of data in one installation.
MODES = ["test", "live"]

with refusing_bad_values():
    ENVIRONMENT: str = env.str(
        "ENVIRONMENT",
        "development",
        validate=environs.validate.OneOf(["development", "production"]),
    )
    DEBUG: bool = env.bool("DEBUG", ENVIRONMENT != "production")
    DATA_DIR: Path = env.path("DATA_DIR", BASE_DIR / ".data").expanduser().absolute()
    SECRET_KEY: str = env.str("SECRET_KEY", "")
    ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", [])
    PUBLIC_URL: str = env.str("PUBLIC_URL", "").rstrip("/")
    # A proxy in front may say by X-Forwarded-… what clients see; anybody else could lie.
    BEHIND_PROXY: bool = env.bool("BEHIND_PROXY", False)
    # What a credential or a page works on when nobody said which: test data or live data.
    DEFAULT_MODE: str = env.str("DEFAULT_MODE", "test", validate=environs.validate.OneOf(MODES))
    # How long the history is kept that `prune` may throw away, in days.
    KEEP_EVENTS_DAYS: int = env.int(
        "KEEP_EVENTS_DAYS", 90, validate=environs.validate.Range(0, 36_500)
    )
    KEEP_AUDIT_DAYS: int = env.int(
        "KEEP_AUDIT_DAYS", 365, validate=environs.validate.Range(0, 36_500)
    )
    # How many requests an API client may make in how many seconds: 1000/10, say, or off.
    RATE_LIMITS: dict[str, str] = {
        mode: env.str(
            f"RATE_LIMIT_{mode.upper()}",
            default,
            validate=environs.validate.Regexp(
                r"(off|[1-9]\d{0,8}/[1-9]\d{0,5})\Z", error="must look like 1000/10, or be off."
            ),
        )
        for mode, default in (("test", "off"), ("live", "1000/10"))
    }
    # Where `serve` listens: on this machine only, unless told otherwise.
    HOST: str = env.str("HOST", "127.0.0.1")
    PORT: int = env.int("PORT", 8000, validate=environs.validate.Range(1, 65535))
    LOG_LEVEL: str = env.str(
        "LOG_LEVEL",
        "INFO",
        validate=environs.validate.OneOf(["DEBUG", "INFO", "WARNING", "ERROR"]),
    )
    # For people, or for programs: a JSON object on each line.
    LOG_FORMAT: str = env.str(
        "LOG_FORMAT",
        "json" if ENVIRONMENT == "production" else "line",
        validate=environs.validate.OneOf(["line", "json"]),
    )
    _database_url: str = env.str("DATABASE_URL", "")

# Database: the server that DATABASE_URL names, else a PostgreSQL of our own under DATA_DIR.

_named_database = parse_database_url(_database_url) if _database_url else None
_database: dict[str, Any] = _named_database or {
    "NAME": "ordercopy",
    "EMBEDDED_FOLDER": DATA_DIR / "postgres",
}
DATABASES = {
    "default": {
        **_database,
        "ENGINE": "config.postgres",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **_database.get("OPTIONS", {}),
            # Django switches prepared statements off altogether unless there is a threshold. One
            # that is never reached leaves the choice to each statement (the engine's ask for it).
            "prepare_threshold": 1_000_000,
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Production refuses to start half-configured.

if ENVIRONMENT == "production":
    if _refusals := list(
        reasons_to_refuse(
            secret_key=SECRET_KEY,
            debug=DEBUG,
            allowed_hosts=ALLOWED_HOSTS,
            database=_named_database,
        )
    ):
        raise SettingsRefused(" ".join(["Production does not start like this.", *_refusals]))
elif not SECRET_KEY:
    SECRET_KEY = kept_secret_key(DATA_DIR / "secret_key")

# Applications

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "config",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "rest_framework",
    "rest_framework_json_api",
    "django_filters",
    "orders",
    "ordercopy",
]

MIDDLEWARE = [
    "config.jsonapi.middleware.RequestIdMiddleware",
    "config.jsonapi.middleware.ApiErrorsMiddleware",
    "config.jsonapi.middleware.ApiHead",
    "config.jsonapi.middleware.ApiCompression",
    "config.jsonapi.middleware.ApiETags",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "config.first_login.OneTimePasswordMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "orders.api.rate_limit.RateLimitMiddleware",
    "orders.api.idempotency.IdempotencyMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

UNFOLD = {"SITE_TITLE": "ordercopy", "SITE_HEADER": "ordercopy"}

# Language and time

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True

# Static files are served straight from the installed packages: no build step, nothing to forget.

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True

# The API; the rest of its dialect is in config.jsonapi.

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["orders.api.authentication.TokenAuthentication"],
    "UNAUTHENTICATED_USER": None,
}

# Behind https, which PUBLIC_URL tells, cookies never travel in the clear.

if PUBLIC_URL:
    CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
USE_X_FORWARDED_HOST = BEHIND_PROXY
if BEHIND_PROXY or PUBLIC_URL.startswith("https://"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
if PUBLIC_URL.startswith("https://"):
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# Logging: one line an event, on the terminal, where every supervisor and container looks for it.

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"},
        "json": {"()": "config.json_logs.JsonFormatter"},
    },
    "filters": {
        "request_id": {"()": "config.jsonapi.request_ids.RequestIdFilter"},
    },
    "handlers": {
        "terminal": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
            "filters": ["request_id"],
        },
    },
    "root": {"handlers": ["terminal"], "level": LOG_LEVEL},
    # Django's own handlers would say everything a second time.
    "loggers": {
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        # A line for each answer says so already; what remains are our own mistakes.
        "django.request": {"level": "ERROR"},
        # The queue tells of every job, and a job says no more than «look».
        "procrastinate": {"level": "WARNING" if LOG_LEVEL == "INFO" else LOG_LEVEL},
    },
}
