from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Messages out"

    def ready(self) -> None:
        from notifications import checks  # noqa: F401  registers the system checks
