"""Settings: one file, read from the environment, safe by default."""

from pathlib import Path

import environ
from csp.constants import NONCE

from callout.server import paths

env = environ.Env()
PACKAGE = Path(__file__).resolve().parent
VAR = paths.var_dir()

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "") or paths.secret_key(VAR)
HOSTS = env.list("CALLOUT_HOSTS", default=[])
ALLOWED_HOSTS = HOSTS or ["localhost", "127.0.0.1", "[::1]"]
# A company serves Callout over TLS; a laptop serves http://localhost. Everything below follows from this one switch.
HTTPS = env.bool("CALLOUT_HTTPS", bool(HOSTS))

APPS = [
    "ui", "audit", "live", "jobs", "accounts", "access", "documents", "notices", "imports", "catalog", "customers",
    "planning", "tickets", "workorders", "board", "dispatch", "billing", "reports", "site",
]  # fmt: skip
INSTALLED_APPS = [
    *(f"callout.{name}" for name in APPS),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_filters",
    "django_htmx",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "callout.site.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "callout.site.middleware.ContentPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "callout.access.middleware.Visitor",
    "callout.access.middleware.Gate",
    "callout.ui.refusals.RefusalPages",
]

ROOT_URLCONF = "callout.site.urls"
WSGI_APPLICATION = "callout.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "callout.site.navigation.context",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "callout.ui.templatetags.callout"],
        },
    }
]
FORM_RENDERER = "callout.ui.forms.Renderer"

DATABASES = {"default": env.db_url_config(paths.database_url(VAR), engine="django.db.backends.postgresql")}
DATABASES["default"].setdefault("OPTIONS", {})
# Set by the supervisor for web processes; tests clone databases, which a pool would block.
if env.bool("CALLOUT_POOL", False):
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": env.int("CALLOUT_POOL_SIZE", 8)}
# The database keeps ready what a connection asks again. Off behind a pooler that gives each transaction another one.
if env.bool("CALLOUT_PREPARE", True):
    DATABASES["default"]["OPTIONS"] |= {"server_side_binding": True, "prepare_threshold": 5}
# Behind such a pooler, where live updates listen: the database itself.
LISTEN_URL = env.str("CALLOUT_LISTEN_URL", "")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["callout.access.backends.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [{"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}}]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "callout.access.adapter.Adapter"
ACCOUNT_FORMS = {"login": "callout.access.forms.SignIn"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_USER_DISPLAY = "callout.accounts.models.display"
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "10/m/ip,5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # http://localhost is a secure context for browsers

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_SECONDS = 30 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("CALLOUT_PROXY", False) else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in HOSTS]
CSRF_FAILURE_VIEW = "callout.ui.refusals.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'", NONCE],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("it", "Italiano"), ("ro", "Română")]
LOCALE_PATHS = [PACKAGE / "locale"]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = USE_TZ = True
TIME_ZONE = env.str("CALLOUT_TIME_ZONE", "Europe/Rome")
FORMAT_MODULE_PATH = ["callout.ui.formats"]
DEFAULT_COUNTRY = env.str("CALLOUT_COUNTRY", "IT")
DEFAULT_CURRENCY = env.str("CALLOUT_CURRENCY", "EUR")

STATIC_URL = "static/"
STATICFILES_DIRS: list[Path] = []
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 3600
MEDIA_ROOT = VAR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_PERMISSIONS = 0o600

EMAIL_URL = env.str("EMAIL_URL", "")
if EMAIL_URL:
    vars().update(env.email_url_config(EMAIL_URL))
else:  # without a mail server the messages are kept as files, where whoever tries Callout can read them
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(VAR / "mail")
DEFAULT_FROM_EMAIL = env.str("CALLOUT_MAIL_FROM", "Callout <callout@localhost>")
MAIL_CUSTOMERS = env.bool("CALLOUT_MAIL_CUSTOMERS", True)  # tell customers of assignment and completion
OSRM_URL = env.str("OSRM_URL", "")  # a road network of the company's own, for the ways between stops
# A customer's link: how long it is valid, until when the time may be chosen or moved, whether it is told who comes.
CUSTOMER_LINK_DAYS = env.int("CALLOUT_CUSTOMER_LINK_DAYS", 14)
CUSTOMER_LINK_HOURS = env.int("CALLOUT_CUSTOMER_LINK_HOURS", 24)
CUSTOMER_LINK_NAMES = env.bool("CALLOUT_CUSTOMER_LINK_NAMES", False)
PUBLIC_URL = env.str("CALLOUT_URL", "http://localhost:" + env.str("PORT", "8000"))

SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # unique whatever the case, by a constraint on lower(username)
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
NINJA_PAGINATION_PER_PAGE = 50
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "callout.site.logs.formatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},  # refusals are answers, and the request log has a line for each
        "procrastinate": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},
    },
}
