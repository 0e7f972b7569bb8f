from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "报告"

    def ready(self):
        from reports import tasks  # noqa: PLC0415 - models exist only now

        tasks.register()
