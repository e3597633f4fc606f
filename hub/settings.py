"""All settings. Values come from the environment; docs/runbook.md lists them."""

import os
from base64 import b64encode
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from hub import carriers, databases, embedded, env, logs

# ModelAdmin[Service] and the like exist in Django's type stubs; this lets them run as well.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent

# -- Where this runs ---------------------------------------------------------------------------
# Without a DATABASE_URL it can only be a person's own machine: the embedded servers are meant.
HUB_DEVELOPMENT = env.boolean("HUB_DEVELOPMENT", default="DATABASE_URL" not in os.environ)
HUB_DEMO = env.boolean("HUB_DEMO", default=False)
HUB_DATA_DIR = Path(env.text("HUB_DATA_DIR", default=str(BASE_DIR / "var")))
HUB_BASE_URL = env.address(
    "HUB_BASE_URL",
    default=embedded.running(HUB_DATA_DIR, "web") or "http://localhost:8000",
    schemes=("http", "https"),
)
HUB_METRICS_TOKEN = env.secret("HUB_METRICS_TOKEN")
# A worker whose canaries have been silent for so many seconds is started again.
HUB_WORKER_PATIENCE = env.integer("HUB_WORKER_PATIENCE", default=60, low=20, high=3600)
HUB_PROXIES = env.integer("HUB_PROXIES", default=0, low=0, high=9)
HTTPS = HUB_BASE_URL.startswith("https://")
DEBUG = False

SECRET_KEY = env.secret("SECRET_KEY")
if not SECRET_KEY and HUB_DEVELOPMENT:
    SECRET_KEY = embedded.kept_secret(HUB_DATA_DIR / "secret-key")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. Set SECRET_KEY, or SECRET_KEY_FILE to a file that holds it: "
        "50 random characters or more, the same for web, relay, worker and beat."
    )
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
# Derived where none is given. Set it before SECRET_KEY is rotated, or people are not found again.
PRIVACY_HASH_KEY = env.secret("PRIVACY_HASH_KEY") or f"{SECRET_KEY}/privacy"
# Seals what must be readable again: the first key seals, all open.
SEALING_KEYS = [key.strip() for key in env.secret("SEALING_KEYS").split(",") if key.strip()]
SEALING_KEYS = SEALING_KEYS or [f"{key}/seal" for key in (SECRET_KEY, *SECRET_KEY_FALLBACKS)]

_host = urlsplit(HUB_BASE_URL).hostname or "localhost"
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", default=f"{_host},localhost,127.0.0.1,[::1]")
if HUB_DEVELOPMENT and not env.text("ALLOWED_HOSTS"):
    ALLOWED_HOSTS = ["*"]  # tried from a phone or a kiosk in the same room
CSRF_TRUSTED_ORIGINS = [HUB_BASE_URL] if HTTPS else []

# -- Apps --------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.forms",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "core",
    "accounts",
    "customers",
    "kb",
    "notifications",
    "inbox",
    "kiosks",
    "enquiries",
    "bookings",
    "metrics",
    "teamwork",
    "channels",
    *(f"channels.{way}" for way in ("web", "kiosk", "sms", "email", "voice")),
    "desk",
    "api",
    "hub",
]
if find_spec("django_linear_migrations"):  # for those who make migrations; not in production
    INSTALLED_APPS.append("django_linear_migrations")
MIDDLEWARE = [
    "hub.health.measure",
    "hub.security.addresses",
    "hub.security.headers",
    "django.middleware.security.SecurityMiddleware",
    "hub.early.answered",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hub.languages.chosen",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.middleware.SignedIn",
    "accounts.middleware.ViewerMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "hub.errors.pages",
]
ROOT_URLCONF = "hub.urls"
FORM_RENDERER = "hub.rendering.HubFormRenderer"
WSGI_APPLICATION = "hub.wsgi.application"
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
                "desk.context.navigation",
            ],
        },
    },
]

# -- PostgreSQL and Redis ----------------------------------------------------------------------
DATABASE_URL = env.text("DATABASE_URL", default=embedded.running(HUB_DATA_DIR, "database"))
DATABASES = databases.from_environment(DATABASE_URL or embedded.NOT_STARTED)
DATABASE_ROUTERS = ["core.copies.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.text(
    "REDIS_URL", default=embedded.running(HUB_DATA_DIR, "redis") or "redis://127.0.0.1:6379/0"
)

# -- People ------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/sign-in/"
PASSWORD_HASHERS = [
    "accounts.hashers.Argon2id",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "accounts.passwords.NotEasilyGuessed"},
]
# Staff are signed out after so long without a click, and so long after they came in.
STAFF_IDLE_MINUTES = env.integer("HUB_STAFF_IDLE_MINUTES", default=30, low=5, high=12 * 60)
STAFF_SESSION_HOURS = env.integer("HUB_STAFF_SESSION_HOURS", default=12, low=1, high=24)
SESSION_ENGINE = "accounts.sessions"  # PostgreSQL: no Redis in a request
# A form that somebody began is theirs for two days; staff are out sooner (accounts.sessions).
SESSION_COOKIE_AGE = 2 * 24 * 60 * 60
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "hub.errors.csrf_failure"
CSRF_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
if HTTPS:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True

# -- What browsers are told --------------------------------------------------------------------
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MAP_TILE_URL = env.text("MAP_TILE_URL")
MAP_ATTRIBUTION = env.text(
    "MAP_ATTRIBUTION",
    default="© OpenStreetMap contributors"
    if MAP_TILE_URL
    else "Contains OS and ONS data © Crown copyright and database right",
)
# Where open pages of staff hear what happens (hub.live); without it they look again by themselves.
HUB_LIVE_URL = env.address("HUB_LIVE_URL", default="", schemes=("http", "https"))
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *env.origin(MAP_TILE_URL)],
        "font-src": [SELF],
        "connect-src": [SELF, *env.origin(HUB_LIVE_URL)],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    },
}

# -- Static files: our own, and what the browser packages of package.json bring ----------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("HUB_STATIC_ROOT", default=str(HUB_DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
NODE_MODULES = Path(env.text("HUB_NODE_MODULES", default=str(BASE_DIR / "node_modules")))
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "hub.vendored.VendoredFinder",
]
HASHED_STATIC = env.boolean("HUB_HASHED_STATIC", default=not HUB_DEVELOPMENT)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "hub.storage.HashedStaticFiles"
        if HASHED_STATIC
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not HASHED_STATIC
MEDIA_ROOT = HUB_DATA_DIR / "media"

# Which addresses a postcode has: a class that answers from this machine (accounts.addresses).
HUB_ADDRESS_BOOK = env.text("HUB_ADDRESS_BOOK", default="accounts.addresses.Table")

HUB_NAME = env.text("HUB_NAME", default="Worcestershire Hub")
HUB_PHONE = env.text("HUB_PHONE", default="01632 960000")
HUB_EMAIL = env.text("HUB_EMAIL", default="hub@hub.demo")

# -- Language and time -------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("pl", "Polski")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True

# -- Messages out, and in ----------------------------------------------------------------------
EMAIL_URL = env.address("EMAIL_URL", default="", schemes=("smtp", "smtps"))
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", default="Worcestershire Hub <hub@hub.demo>")
# The mailbox that people write to and answer to; read by IMAP, or handed in by a mail server.
_demo_mailbox = "hub@hub.demo" if HUB_DEMO else ""
HUB_MAIL_ADDRESS = env.text("HUB_MAIL_ADDRESS", default=_demo_mailbox).lower()
HUB_MAIL_ALIASES = [one.lower() for one in env.words("HUB_MAIL_ALIASES")]
HUB_MAIL_LARGEST_MB = env.integer("HUB_MAIL_LARGEST_MB", default=25, low=1, high=100)
# Whose word on SPF, DKIM and DMARC counts: the name that our own mail server gives itself.
MAIL_AUTHSERV_ID = env.text("MAIL_AUTHSERV_ID", default="mx.hub.demo" if HUB_DEMO else "").lower()
# How many lines `Received` our own servers write above the one by which a mail came in.
MAIL_RECEIVED_HOPS = env.integer("MAIL_RECEIVED_HOPS", default=0, low=0, high=10)
MAIL_WEBHOOK_SECRETS = [
    s.strip() for s in env.secret("MAIL_WEBHOOK_SECRET").split(",") if s.strip()
]
if HUB_DEMO and not MAIL_WEBHOOK_SECRETS:  # the demo's post box hands its e-mails in as a server
    _kept = embedded.kept_secret(HUB_DATA_DIR / "mail-webhook-secret")
    MAIL_WEBHOOK_SECRETS = [f"whsec_{b64encode(_kept.encode()).decode()}"]
IMAP_URL = env.address("IMAP_URL", default="", schemes=("imap", "imaps"))
IMAP_PASSWORD = env.secret("IMAP_PASSWORD")  # where it is not part of the address
IMAP_DONE_FOLDER = env.text("IMAP_DONE_FOLDER")
TWILIO_ACCOUNT_SID = env.text("TWILIO_ACCOUNT_SID")
TWILIO_AUTH_TOKENS = [t.strip() for t in env.secret("TWILIO_AUTH_TOKEN").split(",") if t.strip()]
if HUB_DEMO and not TWILIO_AUTH_TOKENS:  # the demo's post box signs its texts as Twilio would
    TWILIO_AUTH_TOKENS = [embedded.kept_secret(HUB_DATA_DIR / "twilio-auth-token")]
TWILIO_MESSAGING_SERVICE_SID = env.text("TWILIO_MESSAGING_SERVICE_SID")
TWILIO_API_BASE = env.address("TWILIO_API_BASE", default="", schemes=("http", "https"))
# What one part of a text costs, in pence: shown to who writes texts.
HUB_TEXT_PENCE = env.number("HUB_TEXT_PENCE", default=4.0, low=0, high=1_000)
HUB_SMS_NUMBER = env.text("HUB_SMS_NUMBER", default="+447700900000" if HUB_DEMO else "")
# From so many hundredths of certainty on the service that words suggest is taken without a person
# (ADR 0030 says how that was measured).
HUB_TRIAGE_BAR = env.integer("HUB_TRIAGE_BAR", default=90, low=50, high=100)
# Where the fallback door keeps texts while the database is away (hub.fallback reads the same).
SMS_SPOOL_DIR = Path(env.text("HUB_SMS_SPOOL_DIR", default=str(HUB_DATA_DIR / "sms-spool")))
# A text that reaches us so much later is not asked questions: a person reads it.
SMS_LATE_HOURS = env.integer("HUB_SMS_LATE_HOURS", default=4, low=1, high=72)
# The numbers whose texts are looked for in the provider's list; the one we send from is one.
SMS_NUMBERS_IN = env.words("HUB_SMS_NUMBERS_IN", default=HUB_SMS_NUMBER)
# Where calls go: a number like +441632960001, or queue:NAME; none are taken without it.
HUB_VOICE_TO = env.text("HUB_VOICE_TO", default="queue:hub" if HUB_DEMO else "")
HUB_VOICE_WELCOME = env.text("HUB_VOICE_WELCOME")
HUB_VOICE_NOTICE = env.text("HUB_VOICE_NOTICE")  # that calls are recorded, where they are
HUB_VOICE_RING_SECONDS = env.integer("HUB_VOICE_RING_SECONDS", default=60, low=5, high=600)
# What one part of a text costs, in pence: shown to staff before they send one.
SMS_PENCE = Decimal(env.integer("HUB_SMS_MILLIPENCE", default=4000, low=0, high=100_000)) / 1000
# Where Twilio's API sends us on for a file; and whether it is taken away there once we have it.
TWILIO_MEDIA_HOSTS = env.words(
    "TWILIO_MEDIA_HOSTS", default="mms.twiliocdn.com,media.twiliocdn.com"
)
TWILIO_DELETE_MEDIA = env.boolean("TWILIO_DELETE_MEDIA", default=True)
# So long a conversation by text waits for an answer; then what is there becomes an enquiry.
HUB_SMS_SILENCE_MINUTES = env.integer("HUB_SMS_SILENCE_MINUTES", default=60, low=5, high=1_380)
NOTIFY_API_KEY = env.secret("NOTIFY_API_KEY")
NOTIFY_BASE_URL = env.address("NOTIFY_BASE_URL", default="", schemes=("http", "https"))
# Which of its templates says what: `sms=…,email=…,letter=…` take our words whole in ((subject)) and
# ((body)); `received.sms.en-gb=…` says one event in its own words and gets the facts.
NOTIFY_TEMPLATES = env.pairs("NOTIFY_TEMPLATES")
# What it shows when it calls us, chosen by us on its page of callbacks.
NOTIFY_CALLBACK_TOKEN = env.secret("NOTIFY_CALLBACK_TOKEN")
# Letters are printed and posted by people of ours (/desk/settings/messages/letters/).
HUB_PRINT_LETTERS = env.boolean("HUB_PRINT_LETTERS", default=HUB_DEMO or HUB_DEVELOPMENT)
# Where a letter comes back to that cannot be delivered: lines parted by commas.
HUB_POST_ADDRESS = env.words("HUB_POST_ADDRESS")
NOTIFICATION_STOPS = "customers.queries_telling.stopped_since"  # asked before each text
NOTIFICATION_FILES = {"pack": "metrics.queries_packs.paper"}  # what reads the file of an email
# The carriers of each medium, the first choice first; rows of Route come before these.
NOTIFICATION_BACKENDS = carriers.routes(
    # Nobody outside is written to by accident.
    {"sms": ["postbox"], "email": ["postbox"]} if HUB_DEMO or HUB_DEVELOPMENT else {},
    own={
        "sms": "twilio" if TWILIO_ACCOUNT_SID else "",
        "email": "smtp" if EMAIL_URL else "",
        "letter": "print" if HUB_PRINT_LETTERS else "",
    },
    templates=NOTIFY_TEMPLATES if NOTIFY_API_KEY else {},
    notify_first=env.boolean("HUB_NOTIFY_FIRST", default=False),
)
# A carrier that failed so often in so long, or let us wait so long in vain meanwhile, is ill: the
# next one of the route takes what waits, and one message in so many seconds is tried with it.
CARRIER_ILL_AFTER = env.integer("HUB_CARRIER_ILL_AFTER", default=50, low=1, high=10_000)
CARRIER_ILL_WITHIN_SECONDS = env.seconds("HUB_CARRIER_ILL_WITHIN_SECONDS", default=60)
CARRIER_ILL_AFTER_WAITING_SECONDS = env.seconds("HUB_CARRIER_ILL_AFTER_WAITING_SECONDS", default=60)
CARRIER_PROBE_EVERY_SECONDS = env.seconds("HUB_CARRIER_PROBE_EVERY_SECONDS", default=30)
CARRIER_ILL_SHARE_PERCENT = env.integer("HUB_CARRIER_ILL_SHARE_PERCENT", default=20, low=0, high=99)
# So long a worker goes by the routes that it has read: two statements less for each message.
CARRIERS_KEPT_SECONDS = 2
# One message that a carrier has failed so many times goes to the next, though the first is well.
CARRIER_TRIES_BEFORE_NEXT = env.integer("HUB_CARRIER_TRIES_BEFORE_NEXT", default=3, low=1, high=48)
# No text wakes anybody; those of the night go in the morning. The demo shows all at once.
HUB_QUIET_HOURS = env.text("HUB_QUIET_HOURS", default="off" if HUB_DEMO else "20:00-08:00")
# More than so many messages to one address within an hour are said in one; 0 for no bound.
HUB_TOLD_PER_HOUR = env.integer(
    "HUB_TOLD_PER_HOUR", default=0 if HUB_DEMO else 5, low=0, high=1_000
)

# What belongs to no case goes after so many days: messages, and what was set aside for a person.
FORGET_MESSAGES_DAYS = env.integer("HUB_FORGET_MESSAGES_DAYS", default=90, low=30, high=3_650)
FORGET_ASIDE_DAYS = env.integer("HUB_FORGET_ASIDE_DAYS", default=90, low=30, high=3_650)

# -- Files, and forms --------------------------------------------------------------------------
CLAMD_URL = env.address("CLAMD_URL", default="", schemes=("tcp", "unix"))
FILE_UPLOAD_HANDLERS = ["hub.uploading.Careful"]
# With less free on the disk no file is taken: the database needs it more. Forms go on without.
FILES_KEEP_FREE_MB = env.integer("HUB_FILES_KEEP_FREE_MB", default=1024, low=0, high=10_000_000)
# Whoever fills in a form in less is looked at by a person first.
FORM_QUICKEST_SECONDS = env.integer("HUB_FORM_QUICKEST_SECONDS", default=4, low=0, high=60)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

# -- The API -----------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.parsing.JsonParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "api.parsing.AlwaysJson",
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "api.errors.problem",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Worcestershire Hub API",
    "DESCRIPTION": "Create enquiries, read their status, answer referrals to your organisation.",
    "VERSION": "1.0.0",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "ReferralStatus": "api.v1.requests.REFERRAL_STATUSES",
        "EnquiryStatus": "api.v1.answers.STATUSES",
        "RejectReason": "api.v1.answers.REASONS",
        "Outcome": "api.v1.answers.OUTCOMES",
        "Decision": "api.v1.requests.DECIDED",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "api.v1.schema.finish",
    ],
}

# -- Logs --------------------------------------------------------------------------------------
LOG_FORMAT = env.text("HUB_LOG_FORMAT", default="text" if HUB_DEVELOPMENT else "json")
LOGGING = logs.configuration(LOG_FORMAT, level=env.text("HUB_LOG_LEVEL", default="INFO"))
