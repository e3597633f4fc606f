"""How it is: for load balancers (/healthz, /readyz) and for Prometheus (/metrics)."""

import hmac
import ipaddress
import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime

import redis
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY, Collector

from channels.sms import spool
from core import heartbeats, outbox
from enquiries import clocks
from enquiries.queries import numbers
from hub.security import GetResponse
from notifications import queries_health

OUTBOX_LATE_SECONDS = 60
REQUESTS = Histogram(
    "hub_request_seconds",
    "Time from the first byte of a request to its answer",
    ("method", "route", "status"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5, 5, 10),
)
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_migrated = False


def measure(get_response: GetResponse) -> GetResponse:
    """A middleware: counts and times every request by its route, never by its address."""

    def respond(request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = get_response(request)
        match = request.resolver_match
        method = request.method if request.method in _METHODS else "other"
        REQUESTS.labels(method, match.route if match else "", str(response.status_code)).observe(
            time.perf_counter() - started
        )
        return response  # type: ignore[return-value]  # Django's own middleware type says the same

    return respond


@require_GET
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_GET
@never_cache
def readyz(_request: HttpRequest) -> HttpResponse:
    """Everything that this process needs answers too; 503 says what does not."""
    failed = {}
    for name, check in _CHECKS.items():
        if reason := check():
            failed[name] = reason
        if name == "database" and failed:
            break
    state = {"ready": not failed, "failed": failed}
    return JsonResponse(state, status=503 if failed else 200)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return f"PostgreSQL does not answer ({type(error).__name__})"
    return ""


def _migrations() -> str:
    global _migrated  # noqa: PLW0603  # once done, they stay done for the life of this process
    if _migrated:
        return ""
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    _migrated = not waiting
    return f"{waiting} migrations are not applied: run manage.py migrate" if waiting else ""


def _broker() -> str:
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1
        ) as client:
            client.ping()
    except (redis.RedisError, OSError) as error:
        return f"Redis does not answer ({type(error).__name__}); work goes on more slowly"
    return ""


def _outbox() -> str:
    try:
        late = outbox.oldest_due_age(timezone.now())
    except DatabaseError as error:
        return f"The outbox cannot be read ({type(error).__name__})"
    if late > OUTBOX_LATE_SECONDS:
        return f"The oldest work has been due for {late:.0f} seconds: look at relay and worker"
    return ""


_CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "migrations": _migrations,
    "broker": _broker,
    "outbox": _outbox,
}


class Figures(Collector):
    """What the database knows: asked at each scrape, so that it is the same from every worker."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        now = timezone.now()
        yield _gauge("hub_outbox_depth", "Outbox rows that are not settled", outbox.depth())
        yield _gauge("hub_outbox_parked", "Outbox rows given up, for a person", outbox.parked())
        yield _gauge(
            "hub_outbox_oldest_due_seconds", "How late the oldest is", outbox.oldest_due_age(now)
        )
        yield _gauge(
            "hub_bank_holidays_missing",
            "Bank holidays of the next 24 months that clocks do not know",
            len(clocks.bank_holidays_missing(timezone.localdate())),
        )
        yield from _waiting(now)
        ill = GaugeMetricFamily(
            "hub_carrier_ill_seconds", "How long it has been ill; 0: well", labels=["carrier"]
        )
        for carrier, seconds in queries_health.ill_for(now=now).items():
            ill.add_metric([carrier], seconds)
        yield ill
        statuses = GaugeMetricFamily("hub_enquiries", "Enquiries by status", labels=["status"])
        for status, number in numbers.count_by_status().items():
            statuses.add_metric([status], number)
        yield statuses
        ages = GaugeMetricFamily("hub_heartbeat_age_seconds", "Last sign of life", labels=["name"])
        for name, age in heartbeats.ages(now=now).items():
            ages.add_metric([name], age)
        yield ages


def _waiting(now: datetime) -> Iterator[GaugeMetricFamily]:
    """What waits for somebody, or something, to look at it."""
    files, age = numbers.files_waiting(now)
    yield _gauge("hub_files_waiting", "Files that wait for the virus scanner", files)
    yield _gauge("hub_files_oldest_waiting_seconds", "How long the oldest has", age)
    held, pressing = numbers.held(now)
    yield _gauge("hub_held", "Enquiries held as possible spam", held)
    yield _gauge("hub_held_pressing", "Those for more than a working hour", pressing)
    folder = settings.SMS_SPOOL_DIR
    oldest = spool.age_of_oldest(folder, now=now)
    yield _gauge("hub_sms_spool_oldest_seconds", "How long a text has waited on disk", oldest)
    aside = spool.laid_aside(folder)
    yield _gauge("hub_sms_spool_aside", "Texts on disk that nothing could read", aside)


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=value)


@require_GET
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus figures, for whoever has the token or sits on this machine."""
    if not _may_scrape(request):
        raise Http404
    registry = CollectorRegistry()
    registry.register(Figures())
    own: CollectorRegistry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        own = CollectorRegistry()
        every_worker: Callable[[CollectorRegistry], object] = MultiProcessCollector
        every_worker(own)
    return HttpResponse(
        generate_latest(own) + generate_latest(registry), content_type=CONTENT_TYPE_LATEST
    )


def _may_scrape(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    if settings.HUB_METRICS_TOKEN and hmac.compare_digest(
        given.encode(), settings.HUB_METRICS_TOKEN.encode()
    ):
        return True
    if "X-Forwarded-For" in request.headers:  # came through a proxy on this machine
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
