"""Settings, all from the environment; `.env.example` lists every name.

Nothing set gives the embedded form: SQLite, a broker of files and the database cache under
`DATA_DIR`. `DATABASE_URL` and `REDIS_URL` give the form of several machines.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF

from liaison_portal.secrets import stored_secret

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")

DATA_DIR = Path(env("DATA_DIR", default=str(BASE_DIR / "var")))
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)  # registers: for this account alone
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY", default="") or stored_secret(DATA_DIR / "secret_key")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
SITE_URL = env("SITE_URL", default="http://localhost:8000")
DISTRICT_NAME = env("DISTRICT_NAME", default="临溪区")
DISTRICT_CODE = env("DISTRICT_CODE", default="990101")
DEMO = env.bool("DEMO", default=False)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.admin",
    "django.forms",
    "csp",
    "django_filters",
    "django_htmx",
    "heroicons",
    "import_export",
    "template_partials",
    "common",
    "accounts",
    "stations",
    "deputies",
    "visits",
    "suggestions",
    "reports",
    "liaison_portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "common.middleware.NoNulMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.IdleLogoutMiddleware",
    "accounts.middleware.FirstPasswordMiddleware",
]

ROOT_URLCONF = "liaison_portal.urls"
WSGI_APPLICATION = "liaison_portal.wsgi.application"
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
                "liaison_portal.context.frame",
            ],
            "builtins": [
                "common.templatetags.components",
                "common.templatetags.wording",
                "heroicons.templatetags.heroicons",
                "template_partials.templatetags.partials",
            ],
        },
    }
]
FORM_RENDERER = "common.forms.renderer.PortalFormRenderer"

# Data ---
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'portal.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Django's defaults lose writes of several processes to "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
    # Compiling a query of many parts takes longer than these pages need to run it.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL", default="")
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        # Never LocMem: every process would count for itself.
        else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "portal_cache"}
    ),
    # How far long work is: written from inside its transaction, so never through the database.
    "progress": (
        {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "progress",
        }
        if REDIS_URL
        else {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": DATA_DIR / "progress",
        }
    ),
}
MEDIA_ROOT = DATA_DIR / "media"

# Who ---
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.NameOrPhoneBackend"]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "accounts:login"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "phone")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "accounts.validators.NoOwnFacts"},
]
LOGIN_FAILURES_BEFORE_LOCK = 5
LOGIN_LOCK_MINUTES = 15
LOGIN_TRIES_PER_ADDRESS = 60  # failures in five minutes; an office shares one address
IDLE_LOGOUT_MINUTES = 30
DEPUTY_SESSION_DAYS = 90

# Language and time: "today" is the local date, whatever the machine's clock runs on --------------
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

# Static files come from this folder and from installed packages ---
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# With fingerprints in the names, and so with `collectstatic` first, except while developing.
STATIC_FINGERPRINTS = env.bool("STATIC_FINGERPRINTS", default=not DEBUG)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_FINGERPRINTS
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not STATIC_FINGERPRINTS

# Trust ---
HTTPS = SITE_URL.startswith("https://")
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = [SITE_URL.rstrip("/")]
CSRF_FAILURE_VIEW = "liaison_portal.views.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# Figures that places set for themselves (DOMAIN: numbers are settings) ---
FEEDBACK_DAYS = env.int("FEEDBACK_DAYS", default=30)
ACCEPT_WORKDAYS = env.int("ACCEPT_WORKDAYS", default=3)  # for a unit to say it has the matter
# 议案: how many deputies sign, the lead among them.
MOTION_SIGNERS_DISTRICT = env.int("MOTION_SIGNERS_DISTRICT", default=10)
MOTION_SIGNERS_TOWNSHIP = env.int("MOTION_SIGNERS_TOWNSHIP", default=5)
REPORT_LOW_ATTENDANCE = env.int("REPORT_LOW_ATTENDANCE", default=70)  # per cent; named below it
REPORT_STALE_DAYS = env.int("REPORT_STALE_DAYS", default=90)  # without any entry in the registers
LATE_ENTRY_DAYS = env.int("LATE_ENTRY_DAYS", default=7)
DUTY_PER_DAY = env.int("DUTY_PER_DAY", default=2)  # deputies on a duty day
DUTY_MINIMUM = env.int("DUTY_MINIMUM", default=2)  # duty days a deputy and year
DUTY_CONTACT_DAYS = env.int("DUTY_CONTACT_DAYS", default=7)  # before: staff call each deputy
DUTY_REMIND_DAYS = env.list("DUTY_REMIND_DAYS", cast=int, default=[3, 1])  # before: a message
DUTY_NOTICE_DAYS = env.int("DUTY_NOTICE_DAYS", default=3)  # before: the 公告 hangs
DUTY_LATE_MINUTES = env.int("DUTY_LATE_MINUTES", default=15)  # after the beginning: 迟到
SHEET_FILE_BYTES = env.int("SHEET_FILE_BYTES", default=20 * 1024 * 1024)
PHOTO_BYTES = env.int("PHOTO_BYTES", default=10 * 1024 * 1024)
PAPER_BYTES = env.int("PAPER_BYTES", default=20 * 1024 * 1024)
ATTACHMENTS_PER_ENTRY = env.int("ATTACHMENTS_PER_ENTRY", default=20)
MAILBOX_OPEN_BY = env.int("MAILBOX_OPEN_BY", default=25)  # day of the month
# What is larger than these goes to the worker, with a page that shows how far it is.
EXPORT_AT_ONCE = env.int("EXPORT_AT_ONCE", default=5000)  # lines
IMPORT_AT_ONCE = env.int("IMPORT_AT_ONCE", default=300 * 1024)  # bytes, some 3,000 rows

# Messages and queue ---
EMAIL_URL = env("EMAIL_URL", default="")
EMAIL_CONFIGURED = bool(EMAIL_URL)  # without it messages go no such way, and nothing waits for it
vars().update(env.email_url_config(EMAIL_URL or "consolemail://"))
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="portal@localhost")
SMS_URL = env("SMS_URL", default="")
SMS_TOKEN = env("SMS_TOKEN", default="")
WECOM_WEBHOOK_URL = env("WECOM_WEBHOOK_URL", default="")
NOTICE_FROM = env("NOTICE_FROM", default="09:00")  # nothing goes out at night
NOTICE_UNTIL = env("NOTICE_UNTIL", default="18:00")
NOTICE_LEASE_SECONDS = env.int("NOTICE_LEASE_SECONDS", default=60)
# Well below the lease: nobody else may take a message while a server is slow to answer.
NOTICE_TIMEOUT_SECONDS = EMAIL_TIMEOUT = 10

BROKER_DIR = DATA_DIR / "broker"
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 7200,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
    }
else:
    BROKER_DIR.mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "files://localhost"  # liaison_portal.broker; without a host kombu warns
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR),
        "data_folder_out": str(BROKER_DIR),
        "control_folder": str(BROKER_DIR / "control"),
    }
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
