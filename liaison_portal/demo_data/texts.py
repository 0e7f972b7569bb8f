"""How voters speak: matters with many ways to say them, filled with places, times and details."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from random import Random

from liaison_portal.demo_data.matters_land import LAND
from liaison_portal.demo_data.matters_life import LIFE
from liaison_portal.demo_data.matters_town import TOWN

URBAN, RURAL = "城", "乡"
SEPARATOR = "\n== "

# How often each category is raised, in town and in the country.
FREQUENCY = {
    "基础设施": (86, 133), "教育卫生": (91, 111), "环境卫生": (113, 77), "社会保障": (72, 86),
    "农业农村": (0, 120), "交通出行": (83, 69), "惠民政策": (39, 64), "征地拆迁": (50, 27),
    "邻里纠纷": (37, 18), "土地林权": (0, 29), "社会治安": (22, 20), "其他": (16, 18),
}  # fmt: skip
SELDOM = 0.35  # what deputies may not take on comes up, but not often

SLOTS = {
    "时": ["早上六七点", "中午", "晚上七八点", "天一黑", "半夜", "傍晚", "天没亮", "周末"],
    "久": [
        "上个月",
        "半个月前",
        "上个礼拜",
        "两个多月前",
        "去年下半年",
        "前些天",
        "小半年前",
        "开年那阵",
    ],
    "数": ["两", "三", "四", "五", "六", "七", "八", "九"],
    "多": ["十几", "二十几", "三十来", "四十多", "五六十", "七八十", "上百"],
    "老": ["我妈", "我爹", "我婆婆", "家里老爷子", "我岳母", "我奶奶", "隔壁老两口", "我老伴"],
    "娃": ["我孙子", "小孙女", "我家老大", "我家姑娘", "我外孙", "我家老二", "隔壁家的娃"],
    "里": ["三里地", "五六里路", "十来里", "七八里路", "二十里路", "小半个钟头"],
    "元": ["三百多块", "八百块", "一千二", "两千多", "四五千", "一万出头", "六百来块", "三千块"],
    "小": ["两百块", "三百来块", "四百多", "五百块", "一百八"],
    "回": ["两回", "三四回", "好几趟", "不下五回", "六七趟"],
    "天": ["三天", "四五天", "一个礼拜", "十来天", "半个月", "二十多天"],
    "年": ["两年", "三年", "四五年", "好几年", "快十年"],
    "田": [
        "河湾那片田",
        "坝上那几块地",
        "坡脚的地",
        "水渠下面那片田",
        "老碾房后头的田",
        "对门坡上的地",
    ],
    "作": ["水稻", "玉米", "油菜", "辣椒", "柑橘", "茶叶", "红薯", "西瓜"],
    "处城": [
        "菜市场门口",
        "幼儿园门口",
        "小区北门",
        "公交站旁边",
        "社区门口",
        "老电影院对面",
        "药店门口",
        "桥头",
    ],
    "处乡": [
        "村委会门口",
        "小卖部旁边",
        "老祠堂前面",
        "卫生室门口",
        "村口大树底下",
        "水库坝子上",
        "学校后头",
    ],
    "路城": [
        "人民路",
        "建设路",
        "解放路",
        "气象街",
        "科技街",
        "定西路",
        "南河路",
        "工业路",
        "文化巷",
        "菜市口巷",
    ],
    "路乡": [
        "进村那条路",
        "通组路",
        "去镇上的老路",
        "河边那条水泥路",
        "后山那段路",
        "学校门前那条路",
    ],
    "邻城": ["楼上", "对门", "隔壁单元那家", "楼下"],
    "邻乡": ["隔壁", "后院那户", "前排那家", "坎上那家"],
    "校城": ["小学", "中学", "实验小学", "第二中学", "幼儿园"],
    "校乡": ["中学", "中心小学", "完小", "中心幼儿园"],
}
ALONE = (
    "", "", "", "", "代表您好，", "我就直说了。", "麻烦你们听一下，", "我是{组}的。",
    "今天专门跑一趟。", "我住{村}，", "说来话长，我拣要紧的讲。", "不好意思又来了。",
    "年纪大了话说不好，", "我替家里人来问问。", "正好碰到代表在，", "我先讲情况：",
)  # fmt: skip
TOGETHER = (
    "我们{组}几家商量了，推我来讲。", "大家都在这里，我先说。", "我代表邻居们讲一下：",
    "我们几户一起来的，", "你一句我一句说不清，我来说。", "{村}的人都有意见，",
)  # fmt: skip
WRITTEN = ("", "", "代表同志：", "各位代表：", "你好，", "写这几句是想说，", "反映一个情况：")
CLOSINGS = (
    "", "", "", "", "", "麻烦你们了。", "拜托代表帮忙反映。", "有个准信就行。", "谢谢你们肯听。",
    "别的没有了。", "我们等着听信。", "电话我留着，随时打。", "实在是没办法才来的。",
    "不是想为难哪个。", "再拖下去真要出事。",
)  # fmt: skip
OPENINGS = {"alone": ALONE, "together": TOGETHER, "written": WRITTEN}
DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True)
class Matter:
    """One thing voters raise, with its wordings: the n-th of each list belong together."""

    category: tuple[str, str]
    ways: str
    units: dict[str, str]
    where: str
    months: frozenset[int]
    declined: str
    lines: dict[str, list[str]] = field(repr=False)

    @property
    def key(self) -> str:
        return self.lines["话"][0]

    def line(self, kind: str, variant: int) -> str:
        found = self.lines.get(kind)
        return found[variant % len(found)] if found else ""


class Slots(dict):
    """Details of one visit, drawn when first named and then kept: {处} stays the same place."""

    def __init__(self, rng: Random, kind: str, **known: str):
        super().__init__(known)
        self.rng, self.kind = rng, kind

    def __missing__(self, name: str) -> str:
        pool = SLOTS.get(name) or SLOTS[name + self.kind]
        value = self[name] = pool[int(self.rng.random() * len(pool))]
        if name == "校":
            value = self[name] = self["镇"][:2] + value
        return value


def read(form: str) -> Iterator[Matter]:
    """The matters of a text in the form told in `matters_town`."""
    for block in form.split(SEPARATOR)[1:]:
        head, *rows = block.strip().splitlines()
        lines: dict[str, list[str]] = {}
        for row in rows:
            lines.setdefault(row[0], []).append(row[2:])
        yield _matter(head, lines)


def _matter(head: str, lines: dict[str, list[str]]) -> Matter:
    name, *pairs = head.split()
    given = dict(zip(pairs[::2], pairs[1::2], strict=True))
    top, _, below = name.partition("/")
    first, last = map(int, given.get("月", "1-12").split("-"))
    return Matter(
        category=(top, below),
        ways=given["途"],
        units={"区": given.get("区", ""), "镇": given.get("镇", "政府")},
        where=given.get("在", ""),
        months=frozenset(range(first, last + 1)),
        declined=given.get("拒", ""),
        lines=lines,
    )


@cache
def matters() -> tuple[Matter, ...]:
    return tuple(matter for form in (TOWN, LIFE, LAND) for matter in read(form))


@cache
def _pool(kind: str, month: int) -> tuple[list[Matter], list[float]]:
    """What is raised in such a place in this month, with running sums of how often."""
    found = [m for m in matters() if m.where in ("", kind) and month in m.months]
    shared: dict[str, float] = {}
    for matter in found:
        shared[matter.category[0]] = shared.get(matter.category[0], 0) + _share(matter)
    column = 0 if kind == URBAN else 1
    often = (FREQUENCY[m.category[0]][column] * _share(m) / shared[m.category[0]] for m in found)
    return found, list(accumulate(often))


def _share(matter: Matter) -> float:
    return SELDOM if set(matter.ways) <= {"X", "P"} else 1


def pick(rng: Random, kind: str, month: int) -> Matter:
    found, sums = _pool(kind, month)
    return found[bisect(sums, rng.random() * sums[-1], hi=len(found) - 1)]


def speak(matter: Matter, variant: int, slots: Slots, *, manner: str, first: bool) -> str:
    """The words of a voter: what is wrong, mostly what is wanted, with or without courtesies."""
    rng = slots.rng
    openings = OPENINGS[manner]
    parts = [openings[int(rng.random() * len(openings))] if first else "还有一件事，"]
    parts.append(matter.lines["话"][variant])
    if rng.random() < 0.85:
        parts.append(matter.line("求", variant))
    if first and manner != "written":
        parts.append(CLOSINGS[int(rng.random() * len(CLOSINGS))])
    return "".join(parts).format_map(slots)


def numeral(number: int) -> str:
    """7 → 七, 12 → 十二, 20 → 二十: how people say the number of their group."""
    tens, ones = divmod(number, 10)
    return (
        ("" if tens == 1 else DIGITS[tens]) * (tens > 0)
        + "十" * (tens > 0)
        + (DIGITS[ones] if ones or not tens else "")
    )


def slots_used() -> set[str]:
    """Every name in braces: the tests check that each can be filled."""
    return {
        name
        for matter in matters()
        for rows in matter.lines.values()
        for row in rows
        for name in re.findall(r"{(.+?)}", row)
    }
