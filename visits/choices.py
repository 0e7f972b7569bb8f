from django.db import models


class Channel(models.TextChoices):
    """来访形式: how a voter came."""

    VISIT = "visit", "来访"
    LETTER = "letter", "来信"
    CALL = "call", "来电"
    ONLINE = "online", "网上"
    MAILBOX = "mailbox", "意见箱"
    WALK = "walk", "走访"
    MEETING = "meeting", "座谈"
    APPOINTMENT = "appointment", "预约"
    COMMUNITY = "community", "社区"
    VIDEO = "video", "视频"


class Disposal(models.TextChoices):
    """处理方式: where an opinion goes from the reception. Deputies pass on, they do not handle."""

    ON_SITE = "on_site", "当场答复"
    EXPLAINED = "explained", "咨询解释"
    VILLAGE = "village", "转村（社区）"
    TOWNSHIP = "township", "转镇（街道）"
    DISTRICT = "district", "转区级部门"
    SUGGESTION = "suggestion", "形成代表建议"
    HIGHER = "higher", "报上级或委托上级代表"
    PETITION = "petition", "引导信访司法"
    DECLINED = "declined", "不予受理"

    @classmethod
    def answered_at_once(cls) -> tuple[str, ...]:
        """What needs nobody else: the visitor went home with the answer."""
        return (cls.ON_SITE, cls.EXPLAINED)

    @classmethod
    def handed_over(cls) -> tuple[str, ...]:
        """交办: a unit or a higher body takes it from here."""
        return (cls.VILLAGE, cls.TOWNSHIP, cls.DISTRICT, cls.SUGGESTION, cls.HIGHER)


class DeclineReason(models.TextChoices):
    """不予受理 reasons (DOMAIN §4)."""

    IN_COURT = "in_court", "涉诉、复议、仲裁"
    OWN_CASE = "own_case", "本人或亲属个人案件"
    ACCUSATION = "accusation", "检举控告申诉"
    PROMOTION = "promotion", "咨询推介"
    EMPTY = "empty", "内容空泛"
    ELSEWHERE = "elsewhere", "非本行政区域"
    ILLEGAL = "illegal", "违法"


class Resolution(models.TextChoices):
    """解决程度: how far a matter has come."""

    PENDING = "pending", "办理中"
    SOLVED = "solved", "已解决"
    PARTLY = "partly", "部分解决"
    PLANNED = "planned", "列入规划"
    UNSOLVED = "unsolved", "未解决"

    @classmethod
    def final(cls) -> tuple[str, ...]:
        """办结: nothing more is to be done, whatever came of it."""
        return (cls.SOLVED, cls.PARTLY, cls.PLANNED, cls.UNSOLVED)


class Satisfaction(models.TextChoices):
    """满意度; silence is 未评价 and never counted as 满意."""

    SATISFIED = "satisfied", "满意"
    MOSTLY = "mostly", "基本满意"
    UNSATISFIED = "unsatisfied", "不满意"
    UNRATED = "unrated", "未评价"


class Register(models.TextChoices):
    """The three registers 三簿, each numbered by itself."""

    RECEPTION = "reception", "代表来访接待登记簿"
    ASSISTANCE = "assistance", "扶贫帮困办实事登记簿"
    ACTIVITY = "activity", "代表活动情况登记簿"
