"""Publishing to Celery without hanging: asked first, never retried, left alone when away."""

import time
from contextlib import suppress
from typing import Any, Final

import redis
import structlog
from celery import Celery
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

LEAVE_ALONE_SECONDS: Final = 5.0
PATIENCE_SECONDS: Final = 0.5

log = structlog.get_logger(__name__)


class BrokerAwayError(Exception):
    """The broker did not take the message, or was not asked because it did not a moment ago."""


class Broker:
    """The way to Redis for processes that must go on when it is dead or frozen."""

    def __init__(self, app: Celery, *, leave_alone: float = LEAVE_ALONE_SECONDS) -> None:
        self._app = app
        self._leave_alone = leave_alone
        self._closed_until = 0.0
        self._connection: Any = None
        # kombu would try again for seconds; this client knows within half a second.
        self._probe = redis.Redis.from_url(
            settings.REDIS_URL,
            socket_timeout=PATIENCE_SECONDS,
            socket_connect_timeout=PATIENCE_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )

    @property
    def left_alone(self) -> bool:
        """True for a few seconds after a failure."""
        return time.monotonic() < self._closed_until

    def check(self) -> None:
        """Raise BrokerAwayError unless Redis answers right now."""
        if self.left_alone:
            raise BrokerAwayError
        try:
            self._probe.ping()
        except (redis.RedisError, OSError) as failure:
            self._open_circuit(failure)
            raise BrokerAwayError from failure

    def send(self, task: str, kwargs: dict[str, Any], *, expires: float) -> None:
        """Publish one message; raise BrokerAwayError, and leave the broker alone, if that fails."""
        if self.left_alone:
            raise BrokerAwayError
        try:
            if self._connection is None:
                self._connection = self._app.connection_for_write()
            self._app.send_task(
                task,
                kwargs=kwargs,
                connection=self._connection,
                expires=expires,
                retry=False,
                ignore_result=True,
            )
        except Exception as failure:
            # Whatever the transport raises (AttributeError was seen), the row is still there.
            self._open_circuit(failure)
            raise BrokerAwayError from failure

    def _open_circuit(self, failure: Exception) -> None:
        self._closed_until = time.monotonic() + self._leave_alone
        log.warning("broker.away", reason=type(failure).__name__)
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                connection.collect(socket_timeout=PATIENCE_SECONDS)
