"""Logs: one line a thing. JSON for machines in production, words for people elsewhere."""

from collections.abc import MutableMapping
from typing import Any

import structlog
from django.core.exceptions import ImproperlyConfigured

from core.privacy import redact

_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
]


def configuration(form: str, *, level: str) -> dict[str, Any]:
    """Django's LOGGING for `form` json or text; everything passes the redaction."""
    if form not in {"json", "text"}:
        raise ImproperlyConfigured(f"HUB_LOG_FORMAT is {form!r}. Set it to json or text.")
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    last = structlog.processors.JSONRenderer() if form == "json" else _in_words
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    redact,
                    last,
                ],
            }
        },
        "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["out"], "level": level},
        "loggers": {
            "django.server": {"handlers": ["out"], "level": "WARNING", "propagate": False},
            # every refused address would fill the log; /metrics counts them
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            # a task says itself what it did; Celery's own words for it would come on top
            "celery.app.trace": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.worker.consumer": {"level": "WARNING"},
            "httpx": {"level": "WARNING"},
            "twilio": {"level": "WARNING"},
        },
    }


def _in_words(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> str:
    line = str(event.pop("event", "")).replace("\n", " ")
    trace = event.pop("exception", "")
    event.pop("timestamp", None)
    name, level = event.pop("logger", ""), event.pop("level", "info")
    facts = " ".join(f"{key}={value}" for key, value in event.items())
    head = "" if level == "info" else f"{level}: "
    text = f"{head}{line}{' · ' if facts else ''}{facts} ({name})"
    return f"{text}\n{trace}" if trace else text
