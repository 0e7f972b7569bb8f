from django.apps import AppConfig


class SuggestionsConfig(AppConfig):
    name = "suggestions"
    verbose_name = "代表建议"

    def ready(self):
        # Hands the reminders, the sheet kind and the long work of this app to their registries.
        from suggestions import (  # noqa: PLC0415 - models exist only now
            reminders,
            sheets,  # noqa: F401
            tasks,
        )

        reminders.register()
        tasks.register()
