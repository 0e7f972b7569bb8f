from django.apps import AppConfig


class SuggestionsConfig(AppConfig):
    name = "suggestions"
    verbose_name = "代表建议"

    def ready(self):
        # Hands the reminders, the sheet kind and the long work of this app to their registries.
        from accounts.subjects import register_subjects  # noqa: PLC0415
        from suggestions import (  # noqa: PLC0415 - models exist only now
            reminders,
            sheets,  # noqa: F401
            tasks,
        )
        from suggestions.services.settling import subjects_for  # noqa: PLC0415

        register_subjects("suggestion", subjects_for)
        reminders.register()
        tasks.register()
