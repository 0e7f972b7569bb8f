from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "报告"

    def ready(self):
        # Hands the long work of this app to its registry.
        from reports import circular_tasks, tasks  # noqa: PLC0415 - models exist only now

        tasks.register()
        circular_tasks.register()
