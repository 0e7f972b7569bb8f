from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "visits"
    verbose_name = "登记簿"

    def ready(self):
        # Hands the sheet kinds of this app to the registry.
        from visits import sheets  # noqa: F401, PLC0415 - models exist only now
