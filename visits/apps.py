from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "visits"
    verbose_name = "登记簿"

    def ready(self):
        # Hands the sheet kinds and the reminders of this app to their registries.
        from visits import (  # noqa: PLC0415 - models exist only now
            mailbox_reminders,
            reminders,
            sheets,  # noqa: F401
            tasks,
        )

        reminders.register()
        mailbox_reminders.register()
        tasks.register()
