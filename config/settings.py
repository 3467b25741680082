"""Settings, read from the environment; without any, everything works for one developer."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import environs
from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

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
    # For programmers alone: whoever runs a shop on one machine is a merchant as well.
    DEBUG: bool = env.bool("DEBUG", False)
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
    # Hosts that the admin may load pictures of products from: https://cdn.example, say.
    PICTURE_HOSTS: list[str] = env.list("PICTURE_HOSTS", [])
    # How long browsers shall insist on https once they saw it, in seconds; 0 for not at all.
    HSTS_SECONDS: int = env.int("HSTS_SECONDS", 0, validate=environs.validate.Range(0, 63_072_000))
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
else:
    SECRET_KEY = SECRET_KEY or kept_secret_key(DATA_DIR / "secret_key")
    # The names of this machine for itself.
    ALLOWED_HOSTS = ALLOWED_HOSTS or [".localhost", "127.0.0.1", "[::1]"]

# Applications

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "config.apps.ShopAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "config",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "procrastinate.contrib.django",
    "rest_framework",
    "rest_framework_json_api",
    "django.contrib.humanize",
    "django_filters",
    "orders",
    "ordercopy",
]

MIDDLEWARE = [
    "config.jsonapi.middleware.RequestIdMiddleware",
    "orders.oauth.errors.OAuthErrorsMiddleware",
    "config.jsonapi.middleware.ApiErrorsMiddleware",
    "config.jsonapi.middleware.ApiHead",
    "config.jsonapi.middleware.ApiCompression",
    "config.jsonapi.middleware.ApiETags",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.localization.AdminLanguageMiddleware",
    "config.localization.TimeZoneMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "config.first_login.OneTimePasswordMiddleware",
    "config.modes.ModeMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "orders.api.rate_limit.RateLimitMiddleware",
    "orders.api.idempotency.IdempotencyMiddleware",
    "axes.middleware.AxesMiddleware",
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
            # Its csrf_token takes the place of Django's.
            "builtins": ["config.templatetags.forms"],
        },
    },
]

# Logging in: who fails too often waits, by name and address, so that no stranger locks out a
# merchant who sits elsewhere.

LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
# Trying on does not make it longer, and is not written down.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "config.throttling.client_address"
AXES_LOCKOUT_CALLABLE = "config.throttling.locked_out"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

UNFOLD = {
    "SITE_TITLE": "ordercopy",
    "SITE_HEADER": "ordercopy",
    "SITE_SYMBOL": "content_copy",
    # All there is to see is the admin itself.
    "SITE_URL": None,
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda _request: static("shop/icon.svg"),
        },
    ],
    "SHOW_LANGUAGES": True,
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "8px",
    "COLORS": {
        "primary": {
            "50": "oklch(97% .014 254.604)",
            "100": "oklch(93.2% .032 255.585)",
            "200": "oklch(88.2% .059 254.128)",
            "300": "oklch(80.9% .105 251.813)",
            "400": "oklch(70.7% .165 254.624)",
            "500": "oklch(62.3% .188 259.815)",
            "600": "oklch(54.6% .215 262.881)",
            "700": "oklch(48.8% .217 264.376)",
            "800": "oklch(42.4% .181 265.638)",
            "900": "oklch(37.9% .138 265.522)",
            "950": "oklch(28.2% .087 267.935)",
        },
    },
    "STYLES": [
        lambda _request: static("shop/admin.css"),
        lambda _request: static("shop/lists.css"),
    ],
    "SCRIPTS": [
        lambda _request: static("shop/admin.js"),
        lambda _request: static("shop/once.js"),
    ],
    "SIDEBAR": {"navigation": "config.navigation.sidebar"},
    "DASHBOARD_CALLBACK": "ordercopy.admin.home.home",
}

# Language and time

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("it", _("Italian"))]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
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
    LANGUAGE_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = HSTS_SECONDS

# A session lasts a working day; no script reads its cookie, no other site's form sends it.

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.refusals.page_open_too_long"
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# What a page may load: its own origin's files and nothing else, with three exceptions.

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        # unfold's menus, tabs and dialogs are expressions in attributes, which Alpine.js compiles
        # in the browser; unfold has no build that does without. No inline script, though.
        "script-src": [SELF, UNSAFE_EVAL],
        # unfold's colours are a style element, and its widgets' sizes style attributes.
        "style-src": [SELF, UNSAFE_INLINE],
        # Pictures of products, from where the merchant says that they lie.
        "img-src": [SELF, "data:", *PICTURE_HOSTS],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

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
        # It tells each login several times; what matters it tells as a warning.
        "axes": {"level": "WARNING"},
        # The queue tells of every job, and a job says no more than «look».
        "procrastinate": {"level": "WARNING" if LOG_LEVEL == "INFO" else LOG_LEVEL},
    },
}
