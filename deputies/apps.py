from django.apps import AppConfig


class DeputiesConfig(AppConfig):
    name = "deputies"
    verbose_name = "代表"

    def ready(self):
        # Hands the sheet kinds of this app to the registry.
        from deputies import sheets  # noqa: F401, PLC0415 - models exist only now
