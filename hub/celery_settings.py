"""Celery's own settings. Each line answers a failure that was seen: docs/adr, outbox and relay."""

from django.conf import settings

broker_url = settings.REDIS_URL
broker_connection_retry_on_startup = True
broker_connection_max_retries = None  # Redis may be away for as long as it likes
# Nothing may run longer than half of the visibility timeout, or it would be handed out twice.
VISIBILITY_TIMEOUT = 120
task_time_limit = 55
task_soft_time_limit = 45
broker_transport_options = {
    "visibility_timeout": VISIBILITY_TIMEOUT,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 2,
    "socket_connect_timeout": 1,
    "socket_keepalive": True,
    "health_check_interval": 10,
}

task_default_queue = "default"
accept_content = ["json"]
task_serializer = "json"
result_serializer = "json"
# A result backend would grow and fail on its own; what was done stands in the database.
task_ignore_result = True
task_acks_late = True
task_reject_on_worker_lost = True
task_publish_retry = False
worker_prefetch_multiplier = 1
worker_cancel_long_running_tasks_on_connection_loss = True
worker_soft_shutdown_timeout = 20
worker_max_tasks_per_child = 2000
worker_hijack_root_logger = False
worker_send_task_events = False
# Celery would open a connection to the database for each task, twice as dear as most tasks are.
# It leaves that to Django now, which drops one that broke or is old (hub.celery).
CELERY_DB_REUSE_MAX = 1_000_000
enable_utc = True
timezone = "UTC"

imports = ("hub.periodic",)
beat_scheduler = "hub.beat:SlotScheduler"
beat_max_loop_interval = 1
