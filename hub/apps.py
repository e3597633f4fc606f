from django.apps import AppConfig


class HubConfig(AppConfig):
    """The project itself: its commands and its checks of the settings."""

    name = "hub"
    verbose_name = "Hub"

    def ready(self) -> None:
        from hub import checks  # noqa: F401  # registers the checks once the apps are there
