from django.db import models


class Channel(models.TextChoices):
    EMAIL = "email", "邮件"
    SMS = "sms", "短信"
    WECOM = "wecom", "企业微信群"


class DeliveryState(models.TextChoices):
    WAITING = "waiting", "待发"
    SENDING = "sending", "发送中"
    DELIVERED = "delivered", "已发出"
    FAILED = "failed", "失败"
    EXPIRED = "expired", "过期未发"
    WITHDRAWN = "withdrawn", "已撤回"


# What may still go out; the index of what is due holds these alone.
OPEN_STATES = (DeliveryState.WAITING, DeliveryState.SENDING)
