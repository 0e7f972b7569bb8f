from django.contrib.auth.models import AbstractUser
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.querysets import UserManager


class User(AbstractUser):
    """Who somebody is. Where and as what they act is `stations.Posting`."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField("姓名", max_length=50)
    phone = models.CharField(
        "手机号",
        max_length=11,
        unique=True,
        null=True,
        blank=True,
        validators=[RegexValidator(r"^1\d{10}$", "手机号应为 1 开头的 11 位数字。")],
        help_text="可用手机号登录",
    )
    must_change_password = models.BooleanField("首次登录须改密码", default=True)
    failed_logins = models.PositiveSmallIntegerField("连续登录失败次数", default=0)
    locked_until = models.DateTimeField("锁定至", null=True, blank=True)

    objects = UserManager()
    REQUIRED_FIELDS = ["name"]

    is_system = False

    class Meta:
        verbose_name = "账号"
        verbose_name_plural = "账号"
        ordering = ["pk"]

    def __str__(self):
        return self.name or self.username

    @cached_property
    def held_postings(self) -> list:
        """The user's postings with their places, read once a request."""
        return list(self.postings.select_related("area", "station", "unit"))

    @property
    def is_locked(self) -> bool:
        return self.locked_until is not None and self.locked_until > timezone.now()

    def holds(self, roles) -> bool:
        return any(posting.role in roles for posting in self.held_postings)

    def get_full_name(self):
        return str(self)

    def get_short_name(self):
        return str(self)
