"""The one settings file. Everything that differs between places comes from the environment (`config/env.py`)."""

from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from config import env, place

BASE_DIR = Path(__file__).resolve().parent.parent
BASE_URL = env.text("BASE_URL", "http://127.0.0.1:8000").rstrip("/")
SECURE = BASE_URL.startswith("https://")
ENVIRONMENT = place.mode(BASE_URL)
PRODUCTION = ENVIRONMENT == "production"
DEVELOPMENT = ENVIRONMENT == "development"
DEBUG = False  # our own error pages and logs serve developers too; Django's debug page would leak settings

DATA_DIR = env.folder("DATA_DIR", BASE_DIR / ".data")
# How much of the demonstration to make on first use. Strangers' logins have no place in production unasked.
SEED = env.text("HABITUE_SEED", "none" if PRODUCTION else "full")
if SEED not in {"full", "small", "none"}:
    raise env.EnvironmentProblem("HABITUE_SEED must be full, small or none.")
SECRET_KEY = place.secret_key(ENVIRONMENT, DATA_DIR)
CARD_SECRET = place.card_secret(ENVIRONMENT, SECRET_KEY)

ALLOWED_HOSTS = [urlsplit(BASE_URL).hostname or "127.0.0.1", *env.words("ALLOWED_HOSTS")]
if not PRODUCTION:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]", "testserver"]

# --- apps ---------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "template_partials",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "core",
    "merchants",
    "members",
    "loyalty",
    "loyalty.ledger",
    "rewards",
    "analytics",
    "integrations.notifications",
    "studio",
    "web",
    "api",
    "config",  # for its commands
]

MIDDLEWARE = [
    "config.edge.client_address",
    "config.shortcut.api_shortcut",  # the API skips cookies, sessions and pages' machinery: shortest way to a view
    "config.edge.strict_transport",
    "config.edge.small_bodies",
    "django.middleware.gzip.GZipMiddleware",  # pages to a third; its random padding and masked tokens blunt BREACH
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.middleware.permissions_policy",
    "config.maintenance.maintenance",  # below whatever guards a page: its own page is one
    "config.middleware.private_pages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "web.errors.domain_errors",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    }
]

# --- database -----------------------------------------------------------------------------------------------------
APP_ROLE, OWNER_ROLE = "habitue_app", "habitue_owner"
JOBS_ROLE, AUDIT_ROLE = "habitue_jobs", "habitue_audit"

DATABASE_URL = env.text("DATABASE_URL", "postgresql://habitue_app@localhost/habitue")
DATABASE_OWNER_URL = env.text("DATABASE_OWNER_URL", DATABASE_URL)
DATABASE_JOBS_URL = env.text("DATABASE_JOBS_URL", DATABASE_URL)
OWNER_DATABASE = env.DatabaseAddress.read("DATABASE_OWNER_URL", DATABASE_OWNER_URL).settings(OWNER_ROLE)
JOBS_DATABASE = env.DatabaseAddress.read("DATABASE_JOBS_URL", DATABASE_JOBS_URL).settings(JOBS_ROLE)
# Prepared statements halve PostgreSQL's work. Behind PgBouncer they need max_prepared_statements > 0.
PREPARE_THRESHOLD = 1 if env.flag("PREPARED_STATEMENTS", default=True) else None

DATABASES = {
    "default": {
        **env.DatabaseAddress.read("DATABASE_URL", DATABASE_URL).settings(
            APP_ROLE,
            server_side_binding=True,
            prepare_threshold=PREPARE_THRESHOLD,
        ),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": False,  # a SELECT 1 a request; a lost connection is replaced after its first error
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Redis protocol: hints and caches only; it may lose everything ------------------------------------------------------
REDIS_URL = env.text("REDIS_URL", "redis://localhost:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "habitue",
        "OPTIONS": {"serializer": "core.json_cache.JsonSerializer"},
    }
}
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"

# --- sign-in --------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "merchants.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if ENVIRONMENT == "test":  # the slow hash protects people; the cast has no secrets
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_ADAPTER = "web.auth.AccountAdapter"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard"
LOGOUT_REDIRECT_URL = "front"

# --- words ----------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

# --- static files ---------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = env.folder("STATIC_ROOT", DATA_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
# Ours alone: no page of ours asks for what libraries bring along, twice as much, to be compressed at every first start.
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
WHITENOISE_USE_FINDERS = ENVIRONMENT == "test"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if ENVIRONMENT == "test"
            else "config.static_files.OnceCompressedStorage"
        )
    },
}

# --- e-mail: in development every message lands in DATA_DIR/mail and is read at /dev/mail -------------------------------
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 10
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if EMAIL_HOST
    else "django.core.mail.backends.filebased.EmailBackend"
)
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Habitué <hello@habitue.invalid>")

# --- safety ---------------------------------------------------------------------------------------------------------
DATA_UPLOAD_MAX_MEMORY_SIZE = (
    1024 * 1024
)  # a purchase with its basket is a few kB; a megabyte is a mistake or an attack
# A phone's photograph, twice over: a little too much is told at the field, far too much is not even read.
UPLOAD_MOST_BYTES = 12 * 1024 * 1024
UPLOAD_PATHS = ("/settings/branding/logo/", "/start/look/logo/")
FILE_UPLOAD_HANDLERS = ["config.uploads.RefuseFiles"]
# How many proxies of ours stand in front. They turn X-Forwarded-For into REMOTE_ADDR (`config/edge.py`), which all
# others read, allauth too: with its own count left at 0 there is one reader of that header.
TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 0)
ALLAUTH_TRUSTED_PROXY_COUNT = 0
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_FAILURE_VIEW = "web.errors.csrf_failure"
SECURE_SSL_REDIRECT = False  # the proxy in front redirects; the health checks behind it speak plain HTTP
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
# What `config/edge.py` and the API's door send, for Django's own sends it over TLS only.
STRICT_TRANSPORT_SECURITY = f"max-age={SECURE_HSTS_SECONDS}; includeSubDomains; preload" if SECURE else ""
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = ["security.W008"]  # see SECURE_SSL_REDIRECT
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'", "'wasm-unsafe-eval'"],  # the QR decoder is WebAssembly; no inline, no eval
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "media-src": ["'self'", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

REST_FRAMEWORK = {
    # Each view says whom it lets in (`api/views.py`) and reads its body itself (`api/parsing.py`).
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "api.errors.handle",
    "UNAUTHENTICATED_USER": None,
}
# Requests a minute under one API key; 0 for no limit. A till sends a handful, a busy webshop a few hundred.
API_RATE_PER_MINUTE = env.number("API_RATE_PER_MINUTE", 60_000)
SPECTACULAR_SETTINGS = {
    "TITLE": "Habitué",
    "DESCRIPTION": (
        "Loyalty for small shops: members, purchases, points.\n\n"
        "Sign in with `Authorization: Bearer hb_live_…`. Money is decimal text with a currency, units are integers, "
        "times are RFC 3339 with an offset, ids are prefixed and sortable. Refusals are `application/problem+json` "
        "with a stable `code`; all codes stand at `/api/v1/problems`. Unknown fields are refused by name."
    ),
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_PATCH": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"secrets": {"()": "config.logs.CutSecrets"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["secrets"]}},
    "loggers": {
        # A printed card's fonts would tell line by line which letters a name has.
        "fontTools": {"level": "ERROR"},
        "fpdf": {"level": "ERROR"},
        # The outbox is relayed each second, and each time would be three lines. Failures are told.
        "celery.beat": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
    },
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
}
