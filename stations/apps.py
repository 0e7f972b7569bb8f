from django.apps import AppConfig


class StationsConfig(AppConfig):
    name = "stations"
    verbose_name = "联络站"

    def ready(self):
        # Hands the sheet kinds of this app to the registry.
        from stations import sheets  # noqa: F401, PLC0415 - models exist only now
