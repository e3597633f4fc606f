from django.apps import AppConfig


class SmsConfig(AppConfig):
    name = "channels.sms"
    label = "sms"
    verbose_name = "Enquiries by text"

    def ready(self) -> None:
        from channels.sms import checks  # noqa: F401  registers the system check
