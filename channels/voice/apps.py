from django.apps import AppConfig


class VoiceConfig(AppConfig):
    name = "channels.voice"
    label = "voice"
    verbose_name = "Enquiries by telephone"

    def ready(self) -> None:
        from channels.voice import checks  # noqa: F401  registers the system checks
