"""The words in which offices fill a register, and what they mean."""

from visits.choices import Channel, Disposal, Resolution, Satisfaction

# Words offices write, in the order they are looked for.
DISPOSALS = {
    "转村": Disposal.VILLAGE,
    "转社区": Disposal.VILLAGE,
    "转镇": Disposal.TOWNSHIP,
    "转乡": Disposal.TOWNSHIP,
    "转街道": Disposal.TOWNSHIP,
    "转区": Disposal.DISTRICT,
    "转县": Disposal.DISTRICT,
    "转部门": Disposal.DISTRICT,
    "代表建议": Disposal.SUGGESTION,
    "形成建议": Disposal.SUGGESTION,
    "上级": Disposal.HIGHER,
    "信访": Disposal.PETITION,
    "司法": Disposal.PETITION,
    "不予受理": Disposal.DECLINED,
    "不受理": Disposal.DECLINED,
    "当场": Disposal.ON_SITE,
    "现场": Disposal.ON_SITE,
    "咨询": Disposal.EXPLAINED,
    "解释": Disposal.EXPLAINED,
    "答复": Disposal.ON_SITE,
    "上报": Disposal.HIGHER,
    "区级": Disposal.DISTRICT,
    "县级": Disposal.DISTRICT,
    "村": Disposal.VILLAGE,
    "社区": Disposal.VILLAGE,
    "街道": Disposal.TOWNSHIP,
    "镇": Disposal.TOWNSHIP,
}
CHANNELS = {label: value for value, label in Channel.choices} | {
    "电话": Channel.CALL,
    "信件": Channel.LETTER,
    "书信": Channel.LETTER,
    "微信": Channel.ONLINE,
    "网络": Channel.ONLINE,
    "入户": Channel.WALK,
    "上门": Channel.WALK,
    "现场": Channel.VISIT,
    "面谈": Channel.VISIT,
}
# Looked for in 办理结果, the first that stands in the text; none of them says nothing.
RESOLUTIONS = {
    "未解决": Resolution.UNSOLVED,
    "无法解决": Resolution.UNSOLVED,
    "未办结": Resolution.PENDING,
    "部分解决": Resolution.PARTLY,
    "基本解决": Resolution.SOLVED,
    "已解决": Resolution.SOLVED,
    "解决": Resolution.SOLVED,
    "办结": Resolution.SOLVED,
    "已落实": Resolution.SOLVED,
    "规划": Resolution.PLANNED,
    "计划": Resolution.PLANNED,
    "办理": Resolution.PENDING,
    "处理中": Resolution.PENDING,
    "已转": Resolution.PENDING,
}
RATINGS = {
    "满意": Satisfaction.SATISFIED,
    "基本满意": Satisfaction.MOSTLY,
    "不满意": Satisfaction.UNSATISFIED,
    "": Satisfaction.UNRATED,
}


def resolution_of(result: str) -> str:
    """How far a matter has come, as far as the words of 办理结果 tell."""
    return next((meaning for word, meaning in RESOLUTIONS.items() if word in result), "")
