from django.apps import AppConfig


class EmailConfig(AppConfig):
    name = "channels.email"
    label = "email"
    verbose_name = "Enquiries by e-mail"

    def ready(self) -> None:
        from channels.email import checks  # noqa: F401  registers the system checks
