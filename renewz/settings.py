"""All settings, read from the environment. docs/konfiguration.md lists every variable.

Safe by default: without RENEWZ_ENV this is production, DEBUG is off and a missing
SECRET_KEY or RENEWZ_SITE_URL stops the start.
"""

import contextlib
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from environs import Env
from js_asset import static_lazy

from renewz.database import CONNECTION
from renewz.media import media_storages, origin_of

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
if (BASE_DIR / ".env").is_file():
    env.read_env(str(BASE_DIR / ".env"), recurse=False)

# --- Which kind of place this is -------------------------------------------------------------

ENVIRONMENT: str = env.str("RENEWZ_ENV", "production")
if ENVIRONMENT not in {"production", "development", "demo"}:
    raise ImproperlyConfigured(
        f"RENEWZ_ENV ist „{ENVIRONMENT}“, erlaubt sind production, development und demo."
    )
PRODUCTION = ENVIRONMENT == "production"
DEBUG = ENVIRONMENT == "development"

DATA_DIR = Path(env.str("RENEWZ_DATA_DIR", str(BASE_DIR / "var")))

SECRET_KEY: str = env.str("SECRET_KEY", "")
if not SECRET_KEY:
    if ENVIRONMENT != "development":
        raise ImproperlyConfigured(
            "SECRET_KEY fehlt. Einen neuen Schlüssel erzeugt: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    SECRET_KEY = "nur-fuer-die-entwicklung-und-nirgends-sonst-" + "x" * 20

SITE_NAME = "RENEWZ.de"
SITE_SLOGAN = "Finde, was zählt. Immer informiert."
SITE_URL: str = env.str("RENEWZ_SITE_URL", "").rstrip("/")
if not SITE_URL:
    if PRODUCTION:
        raise ImproperlyConfigured(
            "RENEWZ_SITE_URL fehlt: die öffentliche Adresse der Seite, zum Beispiel https://renewz.de"
        )
    SITE_URL = "http://127.0.0.1:8000"

ALLOWED_HOSTS: list[str] = [
    host for host in {urlsplit(SITE_URL).hostname or "", *env.list("RENEWZ_ALLOWED_HOSTS", [])} if host
]
if not PRODUCTION:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# --- Apps ------------------------------------------------------------------------------------

INSTALLED_APPS = [
    # First, so that articles.admin finds taggit's room and can close it: we have our own topics.
    "taggit",
    # For the same reason before background.admin.
    "django_tasks_db",
    "styleguide",
    "frontpage",
    "search",
    "markets",
    "importers",
    "backup",
    "emergency",
    "articles",
    "authors",
    "images",
    "background",
    "delivery",
    "accounts",
    "renewz.apps.NewsroomAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
    "js_asset",
    "django_prose_editor",
]

MIDDLEWARE = [
    "delivery.journal.journal",
    "delivery.middleware.moment",
    "delivery.pages.middleware",
    "delivery.replica.middleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "delivery.middleware.browser_features",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "delivery.middleware.unavailable",
]

ROOT_URLCONF = "renewz.urls"
WSGI_APPLICATION = "renewz.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "articles.context.site",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Database --------------------------------------------------------------------------------

DATABASES = {
    "default": env.dj_db_url("DATABASE_URL", f"sqlite:///{DATA_DIR / 'renewz.sqlite3'}"),
}
# A copy of it that public pages may be rendered from; it decides nothing (delivery/replica.py).
if _replica := env.str("DATABASE_REPLICA_URL", ""):
    DATABASES["replica"] = {**dj_database_url.parse(_replica), "TEST": {"MIRROR": "default"}}
    DATABASE_ROUTERS = ["delivery.replica.Router"]
for _database in DATABASES.values():
    if _database["ENGINE"] == "django.db.backends.sqlite3":
        # What cannot be made or written is said by renewz/checks.py.
        with contextlib.suppress(OSError):
            DATA_DIR.mkdir(parents=True, exist_ok=True)
        # FULL, not NORMAL: a save that was acknowledged must survive a power cut.
        _database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
            "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32000;",
        }
        # Opening a file takes longer than most queries. Not in development, where every request has
        # a thread of its own and would leave its connection behind.
        _database["CONN_MAX_AGE"] = 0 if DEBUG else None
    else:
        # A pool and persistent connections exclude each other in Django.
        _database["CONN_MAX_AGE"] = 0
        # Else the pool hands out connections that died with the last restart of the database.
        _database["CONN_HEALTH_CHECKS"] = True
        _database["OPTIONS"] = {
            **CONNECTION,
            **_database.get("OPTIONS", {}),
            "pool": {"min_size": 1, "max_size": env.int("DATABASE_POOL_SIZE", 8), "timeout": 5},
        }

# Shared by several machines, if there is one; without it each process has a small one of its own.
REDIS_URL: str = env.str("REDIS_URL", "")
if REDIS_URL:
    _shared = {"LOCATION": REDIS_URL, "KEY_PREFIX": "renewz"}
    CACHES = {
        "default": {**_shared, "BACKEND": "renewz.shared_cache.ForgivingCache"},
        "sessions": {**_shared, "BACKEND": "renewz.shared_cache.SessionCache"},
    }
    SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
    SESSION_CACHE_ALIAS = "sessions"

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Who works here --------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = [
    "accounts.hashers.FrugalArgon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_SAVE_EVERY_REQUEST = False

# „off“ only for a newsroom of one person; the admin then says so on every page.
FOUR_EYES: bool = env.bool("RENEWZ_FOUR_EYES", True)

# --- Language and time -----------------------------------------------------------------------

LANGUAGE_CODE = "de"
USE_I18N = True
LOCALE_PATHS = [BASE_DIR / "renewz" / "locale"]
TIME_ZONE = "Europe/Berlin"
USE_TZ = True

# --- Files -----------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
# Pictures in an S3-compatible store instead of on this disk; see renewz/checks.py for what it needs.
MEDIA_S3 = {
    name: env.str(f"RENEWZ_MEDIA_S3_{name.upper()}", "")
    for name in ("bucket", "originals_bucket", "endpoint", "region", "access_key", "secret_key", "url")
}
STORAGES = {
    # Public sizes of pictures and share cards: default. What editors uploaded, as it came:
    # originals, outside MEDIA_ROOT, so that no web server serves it.
    **media_storages(MEDIA_S3, DATA_DIR),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "renewz.storage.HashedStaticFilesStorage"
    },
}
# What may be done after an answer was sent is a task: „worker“ leaves it to ``manage.py worker``,
# „immediate“ needs none and does it at once, in the process that asks for it.
TASKS_RUN: str = env.str("RENEWZ_TASKS", "immediate")
if TASKS_RUN not in {"immediate", "worker"}:
    raise ImproperlyConfigured(f"RENEWZ_TASKS ist „{TASKS_RUN}“, erlaubt sind immediate und worker.")
TASKS = {
    "default": {
        "BACKEND": "background.queue.WorkerBackend"
        if TASKS_RUN == "worker"
        else "django.tasks.backends.immediate.ImmediateBackend"
    }
}
FILE_UPLOAD_PERMISSIONS = 0o644
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
# The application itself hands out /media/ only where no nginx does it (demo, development).
SERVE_MEDIA: bool = env.bool("RENEWZ_SERVE_MEDIA", not PRODUCTION)

# Where backups go. Another disk is better: a backup beside the site is lost with it.
BACKUP_DIR = Path(env.str("RENEWZ_BACKUP_DIR", str(DATA_DIR / "backups")))

# --- Delivery --------------------------------------------------------------------------------

# Rendered pages that each process keeps in its memory.
PAGE_CACHE_BYTES: int = env.int("RENEWZ_PAGE_CACHE_MB", 32) * 1024 * 1024
# In which header pages name the articles on them, for a CDN that can forget by name; empty: in none.
SURROGATE_HEADER: str = env.str("RENEWZ_SURROGATE_HEADER", "")

# --- Security --------------------------------------------------------------------------------

HTTPS = SITE_URL.startswith("https://")
SECURE_SSL_REDIRECT: bool = env.bool("RENEWZ_SSL_REDIRECT", PRODUCTION and HTTPS)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
# For this name alone: a promise for every subdomain, and for the lists that browsers are built with,
# binds what we know nothing of, and cannot be taken back (docs/betrieb.md, TLS).
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
if HTTPS:
    SESSION_COOKIE_NAME = "__Host-sitzung"
    CSRF_COOKIE_NAME = "__Host-csrf"
# X-Forwarded-Proto is believed only where a proxy of ours is known to set it.
BEHIND_PROXY: bool = env.bool("RENEWZ_BEHIND_PROXY", False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Public pages: no nonce, so that they can be cached and are the same for everybody.
SECURE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, *origin_of(MEDIA_S3["url"])],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
# The admin's import map needs a nonce; pictures may be previewed before they are uploaded.
ADMIN_CSP: dict[str, list[str]] = {
    **SECURE_CSP,
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [*SECURE_CSP["img-src"], "blob:", "data:"],
    "frame-src": [CSP.SELF],
}

# --- Who runs the site -----------------------------------------------------------------------

# Shown on the legal pages; what is missing stands there as a marked gap, and production's
# ``check --deploy`` names it. Never invented by us.
OPERATOR = {
    name: env.str(f"RENEWZ_OPERATOR_{name.upper()}", "")
    for name in (
        "name", "address", "representative", "email", "phone", "register", "vat_id",
        "responsible", "owners", "privacy_contact", "supervisory_authority",
    )
}  # fmt: skip

# --- Mail and logs ---------------------------------------------------------------------------

LOG_LEVEL: str = env.str("RENEWZ_LOG_LEVEL", "INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "renewz.lib.logs.JsonFormatter"}},
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": "json",
        }
    },
    "root": {"handlers": ["stdout"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": ["stdout"], "level": LOG_LEVEL, "propagate": False},
        # „Not Found“ for every robot's guess is noise; the web server's log has it.
        "django.request": {"handlers": ["stdout"], "level": "ERROR", "propagate": False},
    },
}

# Both optional, and not even imported without these.
SENTRY_DSN: str = env.str("SENTRY_DSN", "")
METRICS_BIND: str = env.str("RENEWZ_METRICS_BIND", "")

TAGGIT_CASE_INSENSITIVE = False  # articles.models.Tag keeps a folded, unique key itself
TAGGIT_STRIP_UNICODE_WHEN_SLUGIFYING = False

# Blocks of our own in the text editor (static/js/newsroom/blocks.js). What they may leave
# behind is decided by articles/markup.py, not by the editor.
_OWN_BLOCKS = (
    *("NewsLink", "SourcedQuote", "QuoteSource", "GermanTypography"),
    *("RelatedBlock", "PictureBlock", "EmbedBlock", "FactBox", "SourceReference"),
)
DJANGO_PROSE_EDITOR_EXTENSIONS = [
    {
        "js": [static_lazy("js/newsroom/blocks.js")],
        "extensions": dict.fromkeys(_OWN_BLOCKS, lambda config, allowed: None),
    }
]
