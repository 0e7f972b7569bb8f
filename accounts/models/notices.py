"""What is said to somebody, and each way it goes out: the ledger of messages."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.choices import OPEN_STATES, Channel, DeliveryState
from accounts.querysets import DeliveryQuerySet, NoticeQuerySet
from common.masking import mask_phone


class Notice(models.Model):
    """One message to one person. Its key is said once, however often it is sent."""

    key = models.CharField("标识", max_length=200, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="notices",
        verbose_name="收件账号",
        db_index=False,
    )
    recipient = models.CharField("收件人", max_length=100)
    phone = models.CharField("手机号", max_length=50, blank=True)
    email = models.CharField("邮箱", max_length=254, blank=True)
    kind = models.CharField("种类", max_length=30, blank=True)
    title = models.CharField("标题", max_length=200)
    text = models.TextField("内容", blank=True)
    url = models.CharField("链接", max_length=300, blank=True)
    station_key = models.PositiveBigIntegerField(
        "联络站", null=True, db_index=True, help_text="a key, for stations stand above accounts"
    )
    created_at = models.DateTimeField("时间")
    expires_on = models.DateField("过期日", null=True)
    # What it says is true no longer: it goes out no more, nor again.
    void_at = models.DateTimeField("已失效", null=True, blank=True)
    read_at = models.DateTimeField("阅读时间", null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "消息"
        verbose_name_plural = "消息"
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_inbox"),
            models.Index(fields=["user"], condition=Q(read_at=None), name="notice_unread"),
        ]

    def __str__(self):
        return self.title

    @property
    def link(self) -> str:
        """Where it leads, as an address that works outside the portal."""
        return f"{settings.SITE_URL.rstrip('/')}{self.url}" if self.url else ""

    @property
    def words_inside(self) -> str:
        """Its text for who has logged in already."""
        return self.text.replace("，请登录查看", "")

    @property
    def is_unread(self) -> bool:
        return self.read_at is None


# So often one message is sent again by hand.
ROUNDS = 5


class Delivery(models.Model):
    """A notice on its way out by one channel; claimed by a worker for the time of a lease."""

    notice = models.ForeignKey(
        Notice, models.CASCADE, related_name="deliveries", verbose_name="消息", db_index=False
    )
    channel = models.CharField("渠道", max_length=10, choices=Channel)
    address = models.CharField("地址", max_length=254, blank=True)
    state = models.CharField(
        "状态", max_length=10, choices=DeliveryState, default=DeliveryState.WAITING
    )
    # 重发 starts another round: gateways know a hand-over by its number and its round.
    round = models.PositiveSmallIntegerField("第几次发", default=1)
    queued_at = models.DateTimeField("时间")
    attempts = models.PositiveIntegerField("已试次数", default=0)
    next_try_at = models.DateTimeField("下次发送")
    lease_until = models.DateTimeField("占用至", null=True)
    claim = models.UUIDField("占用", null=True)
    error = models.CharField("原因", max_length=300, blank=True)
    sent_at = models.DateTimeField("发出时间", null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = "发送记录"
        verbose_name_plural = "发送记录"
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once_a_channel")
        ]
        indexes = [
            models.Index(
                fields=["channel", "next_try_at", "id"],
                condition=Q(state__in=OPEN_STATES),
                name="delivery_due",
            ),
            models.Index(fields=["-queued_at", "-id"], name="delivery_newest"),
            models.Index(fields=["claim"], condition=~Q(claim=None), name="delivery_claim"),
        ]

    def __str__(self):
        return f"{self.get_channel_display()} · {self.notice.title}"

    @property
    def masked_address(self) -> str:
        if self.channel == Channel.EMAIL:
            name, _, domain = self.address.partition("@")
            return f"{name[:1]}***@{domain}"
        return mask_phone(self.address)

    @property
    def hand_over_id(self) -> str:
        """What a gateway knows this hand-over by: the same at every try of one round."""
        return f"notice-{self.pk}" if self.round == 1 else f"notice-{self.pk}-{self.round}"

    @property
    def words(self) -> str:
        """What it says, for those who pass it on by hand; its link may be its reader's alone."""
        return "\n".join(part for part in (self.notice.title, self.notice.text) if part)

    @property
    def may_be_copied(self) -> bool:
        """What did not get through; a digest is about matters of its reader alone."""
        unsent = {DeliveryState.FAILED, DeliveryState.EXPIRED}
        return self.notice.kind != "digest" and (self.state in unsent or self.will_retry)

    @property
    def will_retry(self) -> bool:
        return self.state == DeliveryState.WAITING and self.attempts > 0

    @property
    def may_be_resent(self) -> bool:
        settled = {DeliveryState.DELIVERED, DeliveryState.FAILED, DeliveryState.EXPIRED}
        return self.state in settled and not self.notice.void_at and self.round < ROUNDS
