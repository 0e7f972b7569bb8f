from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from common.querysets import (
    AppendOnlyQuerySet,
    ColumnNameQuerySet,
    DraftQuerySet,
    ImportBatchQuerySet,
    JobQuerySet,
)
from common.storage import random_name


class AuditAction(models.TextChoices):
    CREATE = "create", "登记"
    CHANGE = "change", "修改"
    VOID = "void", "作废"
    IMPORT = "import", "导入"
    UNDO_IMPORT = "undo_import", "撤销导入"
    EXPORT = "export", "导出"
    UNMASK = "unmask", "调阅联系方式"
    LOCK = "lock", "账号锁定"
    UNLOCK = "unlock", "解除锁定"
    PASSWORD = "password", "密码变更"
    LOG_IN = "log_in", "登录"
    LOG_OUT = "log_out", "退出"
    LOG_IN_FAILED = "log_in_failed", "登录失败"


class AuditEntry(models.Model):
    """One act: who, when, on which row, old and new. Append-only."""

    at = models.DateTimeField("时间", auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="操作人"
    )
    actor_name = models.CharField("操作人", max_length=150)
    action = models.CharField("操作", max_length=20, choices=AuditAction)
    subject_type = models.CharField("对象类型", max_length=100)
    subject_id = models.BigIntegerField("对象", null=True)
    subject_label = models.CharField("对象名称", max_length=200)
    changes = models.JSONField("变更", default=dict, encoder=DjangoJSONEncoder)
    note = models.CharField("说明", max_length=500, blank=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "操作日志"
        verbose_name_plural = "操作日志"
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="audit_subject")]

    def __str__(self):
        return f"{self.actor_name} {self.get_action_display()} {self.subject_label}"

    def save(self, *args, **kwargs):
        if self.pk is not None:
            raise TypeError("the audit log is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("the audit log is never changed")


class Draft(models.Model):
    """What a user has typed into a form and not yet saved; kept until the form is saved."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    form = models.CharField("表单", max_length=50)
    key = models.UUIDField("表单实例")
    data = models.JSONField("内容", default=dict)
    updated_at = models.DateTimeField("保存时间", auto_now=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = "草稿"
        verbose_name_plural = "草稿"
        constraints = [
            models.UniqueConstraint(fields=["user", "form", "key"], name="draft_once_a_form")
        ]

    def __str__(self):
        return f"{self.form} {self.updated_at:%Y-%m-%d %H:%M}"


class BatchState(models.TextChoices):
    CHECKED = "checked", "待确认"
    WRITTEN = "written", "已导入"
    UNDONE = "undone", "已撤销"


class ImportBatch(models.Model):
    """One uploaded sheet on its way into the portal: checked, written, perhaps undone."""

    kind = models.CharField("种类", max_length=20)
    file_name = models.CharField("文件名", max_length=200)
    file = models.FileField("文件", upload_to=random_name, max_length=200)
    options = models.JSONField("导入设置", default=dict)
    outcome = models.JSONField("结果", default=dict)
    # What the check found, row by row (common/importing/stored.py); blank before it has run.
    preview = models.FileField("核对结果", upload_to=random_name, max_length=200, blank=True)
    created_rows = models.JSONField("新建的记录", default=list)
    state = models.CharField("状态", max_length=10, choices=BatchState, default=BatchState.CHECKED)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="导入人"
    )
    created_at = models.DateTimeField("上传时间", auto_now_add=True)
    written_at = models.DateTimeField("导入时间", null=True, blank=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "导入批次"
        verbose_name_plural = "导入批次"
        ordering = ["-pk"]

    def __str__(self):
        return f"第 {self.pk} 批 {self.file_name}"


class ColumnName(models.Model):
    """What a heading means that somebody named by hand: remembered for its kind and place.

    `place` is the name of a station, blank for rosters; a blank `column` leaves the column out.
    """

    kind = models.CharField("种类", max_length=20)
    place = models.CharField("联络站", max_length=100, blank=True)
    heading = models.CharField("表头", max_length=100)
    column = models.CharField("对应的列", max_length=50, blank=True)
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="指定人"
    )
    named_at = models.DateTimeField("指定时间", auto_now=True)

    objects = ColumnNameQuerySet.as_manager()

    class Meta:
        verbose_name = "列的指定"
        verbose_name_plural = "列的指定"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "place", "heading"], name="column_named_once_a_place"
            )
        ]

    def __str__(self):
        return f"{self.place} {self.heading} → {self.column or '不要'}".strip()


class CalendarYear(models.Model):
    """A year whose holidays were announced and entered; any other goes by Monday to Friday."""

    year = models.PositiveSmallIntegerField("年份", primary_key=True)
    papers = models.JSONField("通知网址", default=list)
    source = models.CharField("来源", max_length=200, blank=True)
    changed_at = models.DateTimeField("更新时间", auto_now=True)

    class Meta:
        verbose_name = "日历年份"
        verbose_name_plural = "日历年份"
        ordering = ["year"]

    def __str__(self):
        return f"{self.year}年放假安排"


class CalendarDay(models.Model):
    """A day off, or a make-up workday."""

    date = models.DateField("日期", unique=True)
    name = models.CharField("名称", max_length=30, blank=True)
    is_off = models.BooleanField("放假")
    # The announcement of a year may name days of the Decembers and Januaries around it.
    year = models.PositiveSmallIntegerField("所属年份")

    class Meta:
        verbose_name = "节假日"
        verbose_name_plural = "节假日"
        ordering = ["date"]

    def __str__(self):
        return f"{self.date} {'休' if self.is_off else '班'} {self.name}".rstrip()


class Heartbeat(models.Model):
    """When a process that nobody sees last showed that it lives: worker, beat."""

    name = models.CharField("进程", max_length=20, primary_key=True)
    at = models.DateTimeField("最近一次")

    class Meta:
        verbose_name = "心跳"
        verbose_name_plural = "心跳"

    def __str__(self):
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"


class TaskFailure(models.Model):
    """A task of the worker that ended in an error; it stays in sight until somebody has seen it."""

    task = models.CharField("任务", max_length=100)
    error = models.CharField("错误", max_length=500)
    at = models.DateTimeField("时间", auto_now_add=True)
    seen_at = models.DateTimeField("已知道", null=True, blank=True)

    class Meta:
        verbose_name = "后台任务失败"
        verbose_name_plural = "后台任务失败"
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.task} {self.error}"


class JobState(models.TextChoices):
    QUEUED = "queued", "排队"
    RUNNING = "running", "进行中"
    DONE = "done", "完成"
    FAILED = "failed", "失败"
    INTERRUPTED = "interrupted", "中断"


class Job(models.Model):
    """Work too long for one request, done by the worker for its owner.

    How far it is stands in the cache while it runs (`common.jobs.progress`), and here once it is
    over. The words shown hold no personal data.
    """

    kind = models.CharField("种类", max_length=40)
    title = models.CharField("名称", max_length=200)
    arguments = models.JSONField("参数", default=dict)
    fingerprint = models.CharField("参数指纹", max_length=64)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提交人"
    )
    state = models.CharField("状态", max_length=12, choices=JobState, default=JobState.QUEUED)
    attempt = models.PositiveSmallIntegerField("第几次运行", default=1)
    stage = models.CharField("进度", max_length=50, blank=True)
    done = models.PositiveIntegerField("已处理", default=0)
    total = models.PositiveIntegerField("共", default=0)
    message = models.CharField("说明", max_length=500, blank=True)
    next_url = models.CharField("接下来", max_length=200, blank=True)
    result = models.FileField("结果文件", upload_to=random_name, max_length=200, blank=True)
    download_name = models.CharField("下载文件名", max_length=200, blank=True)
    created_at = models.DateTimeField("提交时间", auto_now_add=True)
    queued_at = models.DateTimeField("排队时间")
    started_at = models.DateTimeField("开始时间", null=True, blank=True)
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "后台工作"
        verbose_name_plural = "后台工作"
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["state"],
                name="job_unfinished",
                condition=models.Q(state__in=["queued", "running"]),
            )
        ]
        constraints = [
            # The same thing asked for twice at once is one job.
            models.UniqueConstraint(
                fields=["owner", "kind", "fingerprint"],
                name="job_once_at_a_time",
                condition=models.Q(state__in=["queued", "running"]),
            )
        ]

    def __str__(self):
        return self.title

    @property
    def is_unfinished(self) -> bool:
        return self.state in {JobState.QUEUED, JobState.RUNNING}

    @property
    def may_run_again(self) -> bool:
        return self.state in {JobState.FAILED, JobState.INTERRUPTED}

    @property
    def has_file(self) -> bool:
        return self.state == JobState.DONE and bool(self.result)
