# ruff: noqa: E501 - tables and lists of words stay as they are read
"""The townships, villages, stations and units of the demo district; larger scales grow more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from liaison_portal.demo_data.people import invented_name
from liaison_portal.demo_data.texts import RURAL, URBAN

# Name and villages; their codes follow in this order.
TOWNSHIPS = {
    "城东街道": "气象街社区 科技街社区 东门社区 花园社区 文化巷社区",
    "城西街道": "定西路社区 南河新村社区 西关社区 工业路社区",
    "石桥镇": "石桥村 百花村 清水塘村 双井村 石桥镇社区",
    "柳河镇": "柳河村 清溪村 杨柳湾村 大坪村",
    "白塔镇": "白塔村 大益村 塔山村 龙潭村",
    "青山乡": "青山村 五里堆村 松林坡村 云盘村",
}
# 站名 乡镇 村 地址 面积 站长 副站长 联络员 电话 接待日 星级 建成 状态 一年大约接待多少批
ROSTER = """
城东街道中心联络站 城东街道 - 城东街道人民路81号 127 董芳建 黎坚 谭言维 0990-6868732 每周三 五星 2022-10-12 已建成 171
气象街社区联络站 城东街道 气象街社区 气象街社区党群服务中心一楼 65 朱广河 - 黄林新 0990-4374660 每月20日 三星 2020-03-08 已建成 53
科技街社区联络站 城东街道 科技街社区 科技街社区党群服务中心一楼 36 蒋文彬 - 孟辉心 0990-1440769 每月20日 - 2019-12-05 已建成 44
城西街道中心联络站 城西街道 - 城西街道人民路58号 99 胡杰丽 顾富海 阿依古丽·买买提 0990-5847847 每月15日 - 2016-11-14 已建成 139
定西路社区联络站 城西街道 定西路社区 定西路社区党群服务中心一楼 46 江翔顺 - 廖豪 0990-4415693 每月15日 - 2020-08-21 已建成 50
南河新村社区联络站 城西街道 南河新村社区 南河新村社区党群服务中心一楼 75 宋丽 - 万建心 0990-7105435 每月15日 三星 2020-10-13 已建成 42
柳河镇中心联络站 柳河镇 - 柳河镇人民路33号 119 龙义兰 孙娟泽 黎榕榕 0990-0503421 每周三 五星 2017-07-02 已建成 118
柳河村联络站 柳河镇 柳河村 柳河村党群服务中心一楼 61 毛若山 - 彭红强 0990-4524899 每月20日 - 2023-07-20 已建成 38
清溪村联络站 柳河镇 清溪村 清溪村党群服务中心一楼 71 韦朗 - 顾保家 0990-5631430 每周五 三星 2023-03-24 已建成 31
石桥镇中心联络站 石桥镇 - 石桥镇人民路5号 130 于富以 宋保坚 余固 0990-2935729 每月15日 五星 2016-06-07 已建成 120
石桥村联络站 石桥镇 石桥村 石桥村党群服务中心一楼 37 蔡航旭 - 梁娜轮 0990-2394898 每月20日 - 2018-11-27 已建成 27
百花村联络站 石桥镇 百花村 百花村党群服务中心一楼 64 蒋钧进 - 魏宁辉 0990-8557010 每月20日 三星 2020-09-25 在建 15
白塔镇中心联络站 白塔镇 - 白塔镇人民路62号 103 阎浩之 尹栋 彭之娟 0990-7337956 每周三 四星 2017-03-04 已建成 96
白塔村联络站 白塔镇 白塔村 白塔村党群服务中心一楼 54 侯政 - 周善 0990-2931111 每月20日 三星 2024-08-15 在建 29
大益村联络站 白塔镇 大益村 大益村党群服务中心一楼 41 范和 - 夏伦芳 0990-8164003 每月20日 三星 2022-10-27 在建 24
青山乡中心联络站 青山乡 - 青山乡人民路32号 106 李成之 李敏 钟会丽 0990-3473637 每周三 - 2021-10-19 已建成 74
青山村联络站 青山乡 青山村 青山村党群服务中心一楼 66 万泽江 - 郭以进 0990-6117744 每月15日 - 2024-05-25 已建成 26
五里堆村联络站 青山乡 五里堆村 五里堆村党群服务中心一楼 33 许功 - 沈星若 0990-5113228 每周五 - 2023-07-16 已建成 18
"""
DEPARTMENTS = [
    "区住建局",
    "区教育局",
    "区卫健局",
    "区公安分局",
    "区城管局",
    "区农业农村局",
    "区民政局",
    "区人社局",
    "区医保局",
    "区交通运输局",
    "区水务局",
    "区自然资源局",
    "区生态环境分局",
    "区市场监管局",
    "区供电公司",
    "区司法局",
]
OFFICES = ["政府", "民政所", "环卫所", "水务站", "自然资源所", "司法所", "农业服务中心", "派出所"]
STARS = {"三星": 3, "四星": 4, "五星": 5, "-": None}
STATES = {"已建成": "open", "在建": "building"}
NONE = "-"

# Parts of the names of places that larger scales add.
_FIRST = [
    "清",
    "白",
    "青",
    "龙",
    "金",
    "玉",
    "长",
    "高",
    "大",
    "小",
    "双",
    "三",
    "石",
    "竹",
    "梅",
    "桃",
    "杏",
    "松",
    "柏",
    "枫",
    "云",
    "月",
    "泉",
    "溪",
    "南",
    "北",
    "新",
    "永",
    "安",
    "和",
]
_SECOND = [
    "坪",
    "湾",
    "坝",
    "岭",
    "冲",
    "坡",
    "塘",
    "口",
    "沟",
    "台",
    "岩",
    "洞",
    "井",
    "寨",
    "铺",
    "场",
    "林",
    "坳",
    "垭",
    "滩",
    "洲",
    "泽",
    "源",
    "峰",
    "关",
    "阳",
    "川",
    "潭",
]
_VILLAGE_FIRST = ["上", "下", "东", "西", "前", "后", "中", "里", "外", "老"]
CENTRE_WEIGHT, VILLAGE_WEIGHT = 110, 35


@dataclass(frozen=True, eq=False)
class TownshipPlan:
    name: str
    villages: tuple[str, ...]

    @property
    def kind(self) -> str:
        return URBAN if self.name.endswith("街道") else RURAL

    def office(self, kind: str) -> str:
        """The unit of the township that handles a kind of matter."""
        if kind == "政府" and self.kind == URBAN:
            return f"{self.name}办事处"
        return f"{self.name}{kind}"


@dataclass(frozen=True, eq=False)
class StationPlan:
    name: str
    township: TownshipPlan
    village: str
    address: str
    floor_area: int
    head: str
    deputy_head: str
    liaison: str
    phone: str
    days: str
    star: int | None
    built_on: date
    state: str
    weight: int

    @property
    def is_centre(self) -> bool:
        return not self.village


def named_townships() -> list[TownshipPlan]:
    return [TownshipPlan(name, tuple(text.split())) for name, text in TOWNSHIPS.items()]


def named_stations(townships: list[TownshipPlan]) -> list[StationPlan]:
    """The stations of the roster, as offices print it."""
    known = {township.name: township for township in townships}
    return [_station(line.split(), known) for line in ROSTER.strip().splitlines()]


def _station(cells: list[str], townships: dict[str, TownshipPlan]) -> StationPlan:
    name, township, village, address, floor, head, deputy_head, liaison, phone = cells[:9]
    days, star, built, state, weight = cells[9:]
    return StationPlan(
        name=name,
        township=townships[township],
        village="" if village == NONE else village,
        address=address,
        floor_area=int(floor),
        head=head,
        deputy_head="" if deputy_head == NONE else deputy_head,
        liaison=liaison,
        phone=phone,
        days=days,
        star=STARS[star],
        built_on=date.fromisoformat(built),
        state=STATES[state],
        weight=int(weight),
    )


def grown_townships(count: int, villages: int) -> list[TownshipPlan]:
    """`count` more townships with names of their own; villages are named after them."""
    grown = []
    for number in range(count):
        first, second = _FIRST[number % len(_FIRST)], _SECOND[number * 9 % len(_SECOND)]
        stem = f"{first}{second}"
        kind = ("镇", "乡", "街道", "镇")[number % 4]
        place = "社区" if kind == "街道" else "村"
        names = tuple(f"{stem}{before}{place}" for before in _VILLAGE_FIRST[:villages])
        grown.append(TownshipPlan(f"{stem}{kind}", names))
    return grown


def grown_stations(rng: Random, townships: list[TownshipPlan]) -> list[StationPlan]:
    """A centre for each township and a station for each of its villages."""
    return [
        _grown(rng, township, village)
        for township in townships
        for village in ("", *township.villages)
    ]


def _grown(rng: Random, township: TownshipPlan, village: str) -> StationPlan:
    weight = VILLAGE_WEIGHT if village else CENTRE_WEIGHT
    return StationPlan(
        name=f"{village}联络站" if village else f"{township.name}中心联络站",
        township=township,
        village=village,
        address=f"{village or township.name}党群服务中心一楼",
        floor_area=rng.randint(30, 75) if village else rng.randint(90, 140),
        head=invented_name(rng),
        deputy_head="" if village else invented_name(rng),
        liaison=invented_name(rng),
        phone=f"0990-{rng.randint(2_000_000, 8_999_999)}",
        days=rng.choice(["每周三", "每周五", "每月10日", "每月15日", "每月20日"]),
        star=rng.choice([None, None, 3, 4, 5]),
        built_on=date(rng.randint(2015, 2022), rng.randint(1, 12), rng.randint(1, 28)),
        state="open",
        weight=round(weight * rng.uniform(0.5, 1.6)),
    )


def units_of(township: TownshipPlan) -> list[str]:
    """The offices of a township; villages are units too."""
    return [*(township.office(kind) for kind in OFFICES), *township.villages]
