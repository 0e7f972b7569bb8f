from django.apps import AppConfig


class DeputiesConfig(AppConfig):
    name = "deputies"
    verbose_name = "代表"

    def ready(self):
        # Hands the sheet kinds and the reminders of this app to their registries.
        from deputies import (  # noqa: PLC0415 - models exist only now
            reminders,
            sheets,  # noqa: F401
        )

        reminders.register()
