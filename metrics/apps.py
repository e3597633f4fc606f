from django.apps import AppConfig


class MetricsConfig(AppConfig):
    """Measures: what was one stop, what was not, and why."""

    name = "metrics"
    verbose_name = "Measures"
    default_auto_field = "django.db.models.BigAutoField"
