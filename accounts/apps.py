from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "账号"

    def ready(self):
        from accounts import signals  # noqa: PLC0415 - models exist only now

        signals.connect()
