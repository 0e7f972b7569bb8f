from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "common"
    verbose_name = "通用"

    def ready(self):
        from common import pulse  # noqa: PLC0415 - models exist only now
        from common.importing import background  # noqa: PLC0415

        pulse.connect()
        background.register()
