# ruff: noqa: E501 - tables stay as they are read
"""The stories of the demo's suggestions: who proposes what, and how it goes on.

`ago`: days before today on which it was submitted; 0: on the second day of the meeting `session`.
`moves`: what happens how many days after that. What lies after today has not happened yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from liaison_portal.demo_data.suggestion_texts import MATTERS


@dataclass(frozen=True)
class Told:
    matter: str
    place: str
    lead: str
    units: str
    ago: int
    moves: str
    session: str = ""
    kind: str = "suggestion"
    signers: int = 0
    asks: str = ""  # a deputy who is asked to sign and has not answered
    on_paper: bool = False
    stays_draft: bool = False
    grown: bool = False  # made up for a larger scale
    better: str = ""  # the unit that should have it instead

    @property
    def main_unit(self) -> str:
        return self.units.replace("+", "/").split("/")[0]


POLICE, ROADS, SCHOOLS = "区公安分局", "区交通运输局", "区教育局"
BEGUN = "2 accept; 4 assign; 7 sign"
MET = f"{BEGUN}; 40 meet"
# At a meeting all are accepted there and handed over after its end.
AT_MEETING = "1 accept; 9 assign; 12 sign; 50 meet"


def done(result: str, said: str = "满意 满意", begun: str = MET, more: str = "") -> str:
    """Answered in time, rated and filed."""
    end = f"{begun}; 74 send {result}; 78 release; 92 rate {said}"
    return f"{end}; {more}" if more else f"{end}; 130 archive"


def grown(count: int, towns: list[str]) -> Iterator[Told]:
    """The suggestions of larger scales: over a year and a half, each where its days have led it."""
    keys = [key for key, one in MATTERS.items() if one.unit.startswith("区")]
    ends = [
        done("A"),
        done("B", "满意 基本", MET, "250 follow_up A; 270 archive"),
        done("C", "基本 基本"),
    ]
    for number in range(count):
        matter, town = keys[number % len(keys)], towns[number * 7 % len(towns)]
        moves = ends[number % 7 % 3]
        ago = 1 + number * 547 // count
        yield Told(
            matter,
            f"{town}{number % 40 + 1}组",
            town,
            MATTERS[matter].unit,
            ago,
            moves,
            signers=number % 3,
            on_paper=True,
            grown=True,
        )


def stories() -> Iterator[Told]:
    yield from _of_meetings()
    yield from _of_last_year()
    yield from _before_the_office()
    yield from _with_units()
    yield from _answered()


def _of_meetings() -> Iterator[Told]:
    last, this = "区四次", "区五次"
    kept = "300 follow_up A; 330 archive"
    yield Told("灯", "城东小学", "城东街道", POLICE, 0, done("A", begun=AT_MEETING), last)
    yield Told(
        "路",
        "双井村至石桥村",
        "石桥镇",
        ROADS,
        0,
        done("B", "满意 基本", AT_MEETING, kept),
        last,
        signers=2,
    )
    yield Told("校", "柳河中心小学", "柳河镇", SCHOOLS, 0, done("A", begun=AT_MEETING), last)
    yield Told("水", "松林坡村", "青山乡", "区水务局", 0, done("C", "基本 基本", AT_MEETING), last)
    yield Told(
        "老",
        "花园社区",
        "城东街道",
        "区民政局",
        0,
        done("A", begun=AT_MEETING, more="100 mark 优秀 公开; 130 archive"),
        last,
        signers=3,
    )
    again = f"{AT_MEETING}; 74 send C; 78 release; 92 rate 基本 不满; 95 sign; 115 send A; 118 release; 126 rate 满意 满意; 150 archive"
    yield Told("桥", "大坪村", "柳河镇", ROADS, 0, again, last)
    yield Told(
        "停",
        "西关社区",
        "城西街道",
        POLICE + "+区城管局",
        0,
        f"{AT_MEETING}; 13 sign @区城管局; 30 opine @区城管局; 66 round A; 70 countersign @区城管局; 74 send; 78 release; 92 rate 满意 满意; 130 archive",
        last,
        signers=1,
    )
    as_other = AT_MEETING.replace("accept", "accept suggestion", 1)
    yield Told(
        "河",
        "清溪",
        "柳河镇",
        "区水务局",
        0,
        done("B", "满意 基本", as_other, "310 follow_up A; 340 archive"),
        last,
        "motion",
        11,
    )

    yield Told(
        "灯",
        "石桥中学",
        "石刚",
        POLICE + "+" + ROADS,
        0,
        f"{AT_MEETING}; 10 mark 重点; 13 sign @{ROADS}; 35 opine @{ROADS}; 66 round A; 70 countersign @{ROADS}; 74 send; 78 release; 88 rate 满意 满意; 130 mark 重点 优秀 公开; 140 archive",
        this,
        signers=2,
        on_paper=True,
    )
    yield Told(
        "河",
        "清溪河下游",
        "青山乡",
        "区水务局",
        0,
        done("B", "满意 基本", AT_MEETING.replace("9 assign", "9 mark 重点; 9 assign")),
        this,
        "motion",
        10,
    )
    yield Told("圾", "白塔村", "白塔镇", "区城管局", 0, done("A", begun=AT_MEETING), this)
    yield Told(
        "农",
        "五里堆村",
        "青山乡",
        "区农业农村局",
        0,
        done("B", "满意 满意", AT_MEETING, "").replace(" send B", " send B 140"),
        this,
        signers=1,
    )
    yield Told(
        "梯",
        "文化巷社区",
        "城东街道",
        "区住建局",
        0,
        done("B", "基本 基本", AT_MEETING).replace(" send B", " send B 230"),
        this,
    )
    yield Told("操", "百花村小学", "石桥镇", SCHOOLS, 0, done("A", begun=AT_MEETING), this)
    yield Told("骗", "工业路社区", "城西街道", POLICE, 0, done("A", begun=AT_MEETING), this)
    yield Told(
        "车",
        "云盘村",
        "青山乡",
        ROADS,
        0,
        f"{AT_MEETING}; 74 send C; 78 release; 92 rate 满意 不满; 96 sign; 118 send B 260; 121 release; 135 rate 满意 基本",
        this,
    )
    yield Told(
        "工",
        "东门社区",
        "城东街道",
        "区人社局",
        0,
        f"{AT_MEETING}; 74 send A; 78 release; 115 lapse; 140 archive",
        this,
    )
    yield Told(
        "路",
        "进城",
        "镇",
        "石桥镇政府",
        0,
        "1 accept; 4 assign; 8 sign; 50 send A; 53 release; 60 rate 满意 满意; 90 archive",
        "镇",
    )
    yield Told(
        "圾",
        "石桥集镇",
        "镇",
        "石桥镇政府",
        0,
        "1 accept; 4 assign; 8 sign; 60 send B 120; 63 release; 70 rate 满意 基本",
        "镇",
    )
    yield Told("渠", "清水塘村", "镇", "石桥镇政府", 9, "3 accept", "镇")


def _of_last_year() -> Iterator[Told]:
    yield Told("速", "塔山村", "白塔镇", POLICE, 520, done("A"))
    yield Told("医", "杨柳湾村", "柳河镇", "区卫健局", 470, done("A", "满意 基本"))
    yield Told("地", "花园小区", "城东街道", "区自然资源局", 455, done("C", "基本 基本"))
    yield Told("市", "柳河", "柳河镇", "区城管局", 430, done("A"))
    yield Told(
        "警",
        "定西路社区",
        "城西街道",
        POLICE,
        400,
        done("B", "满意 基本", MET, "260 follow_up A; 290 archive"),
    )
    yield Told(
        "桥",
        "龙潭村",
        "白塔镇",
        ROADS,
        390,
        done("B", "满意 满意").replace(" send B", " send B 340").replace("; 130 archive", ""),
    )
    yield Told(
        "灾",
        "青山村",
        "青山乡",
        "区自然资源局",
        380,
        f"{MET}; 74 send B 200; 78 release; 92 rate 满意 基本",
    )
    yield Told("医", "双井村", "邓海", "区卫健局", 360, done("D", "基本 基本"))
    yield Told("渠", "大益村", "白塔镇", "区农业农村局", 345, done("A"))
    yield Told("地", "南河新村", "城西街道", "区自然资源局", 340, "3 reject")
    yield Told("梯", "气象街社区", "城东街道", "区住建局", 335, "4 refer")
    yield Told("工", "清溪村", "柳河镇", "区人社局", 330, "2 accept; 4 withdraw")


def _before_the_office() -> Iterator[Told]:
    """Drafts, joint names, what waits to be vetted or handed over."""
    yield Told("医", "石桥村", "石刚", "", 2, "", stays_draft=True)
    yield Told("停", "石桥集镇", "石刚", "", 6, "3 back", signers=1, on_paper=True)
    yield Told("车", "百花村", "廖波英", "", 3, "0 invite", asks="石刚", stays_draft=True)
    yield Told("农", "双井村", "邵腾绍", "", 16, "0 invite", asks="石刚", stays_draft=True)
    yield Told("骗", "柳河村", "柳河镇", "", 1, "40 accept")
    yield Told("水", "五里堆村", "青山乡", "", 2, "40 accept", signers=2)
    yield Told("校", "白塔完小", "白塔镇", "", 4, "40 accept")
    yield Told("圾", "东门社区", "城东街道", "", 15, "40 accept")
    yield Told("市", "城西", "城西街道", "", 12, "3 back")
    yield Told("操", "城西中学", "城西街道", SCHOOLS, 5, "2 accept")
    yield Told("灯", "气象街小学", "城东街道", POLICE, 9, "3 accept")
    yield Told("灯", "气象街幼儿园", "城东街道", POLICE, 10, "4 accept; 6 merge")
    yield Told(
        "梯",
        "西关社区",
        "城西街道",
        "区住建局",
        20,
        "4 accept; 6 assign; 8 give_back; 11 let_go",
        better="区城管局",
    )
    yield Told("老", "青山村", "青山乡", "区民政局", 8, "2 withdraw")


def _with_units() -> Iterator[Told]:
    """What units have in hand; most at the police, whose clerk looks at the demo."""
    signed_late = "2 accept; 4 assign"
    yield Told("速", "松林坡村", "青山乡", POLICE, 6, signed_late)
    yield Told("停", "柳河集镇", "柳河镇", POLICE, 13, signed_late)
    yield Told("车", "塔山村", "白塔镇", ROADS, 12, signed_late)
    yield Told(
        "警", "清水塘村", "石桥镇", POLICE, 10, f"{signed_late}; 6 give_back", better="石桥镇政府"
    )
    yield Told(
        "水",
        "龙潭村",
        "白塔镇",
        "区水务局",
        9,
        f"{signed_late}; 6 sign; 8 give_back",
        better="区农业农村局",
    )
    yield Told("灯", "白塔中心小学", "白塔镇", POLICE, 91, MET)
    yield Told("警", "科技街社区", "城东街道", POLICE, 103, f"{MET}; 98 urge")
    yield Told("骗", "大坪村", "柳河镇", POLICE, 88, f"{MET}; 80 more_time 60", signers=1)
    yield Told("停", "大益村", "白塔镇", POLICE, 115, f"{MET}; 80 more_time 45; 83 grant")
    yield Told("灯", "石桥集镇老街", "石刚", POLICE, 40, BEGUN, signers=1, on_paper=True)
    yield Told("路", "大益村至塔山村", "白塔镇", ROADS + "+" + POLICE, 35, BEGUN)
    yield Told(
        "桥",
        "五里堆村",
        "青山乡",
        ROADS + "+" + POLICE,
        66,
        f"{MET}; 8 sign @{POLICE}; 30 opine @{POLICE}; 61 round A",
        signers=1,
    )
    yield Told(
        "校",
        "青山中学",
        "青山乡",
        SCHOOLS + "/" + POLICE,
        60,
        f"{BEGUN}; 8 sign @{POLICE}; 50 send A @{SCHOOLS}",
    )
    yield Told(
        "圾", "文化巷社区", "城东街道", "区城管局", 108, f"{MET}; 60 mark 重点; 100 supervise"
    )
    yield Told("农", "松林坡村", "青山乡", "区农业农村局", 50, MET)
    yield Told("灾", "杨柳湾村", "柳河镇", "区自然资源局", 98, MET)
    yield Told("老", "定西路社区", "城西街道", "区民政局", 30, BEGUN)
    yield Told("渠", "石桥村", "邓海", "区农业农村局", 75, f"{MET}; 60 mark 重点")
    twice = f"{MET}; 60 send C; 63 release; 70 rate 基本 不满"
    yield Told("速", "工业路", "城西街道", POLICE, 84, f"{twice}; 73 sign")
    yield Told("市", "白塔", "白塔镇", "区城管局", 74, twice)


def _answered() -> Iterator[Told]:
    """Letters that wait for the office, then for the deputy; and what is closed."""
    yield Told("骗", "青山村", "青山乡", POLICE, 60, f"{MET}; 57 send A")
    yield Told("车", "柳河村", "柳河镇", ROADS, 80, f"{MET}; 66 send B 200")
    yield Told(
        "医", "大坪村", "柳河镇", "区卫健局", 70, f"{MET}; 60 send A; 63 send_back; 68 send A"
    )
    yield Told(
        "警",
        "石桥镇",
        "石刚",
        POLICE,
        72,
        f"{MET}; 60 send A; 64 release",
        signers=2,
        on_paper=True,
    )
    yield Told("圾", "城西街道", "城西街道", "区城管局", 85, f"{MET}; 70 send B 180; 74 release")
    yield Told("工", "五里堆村", "青山乡", "区人社局", 105, f"{MET}; 66 send A; 70 release")
    yield Told(
        "老",
        "石桥社区",
        "石刚",
        "区民政局",
        150,
        f"{done('A').removesuffix('; 130 archive')}; 110 mark 公开",
    )
    yield Told("操", "柳河中学", "柳河镇", SCHOOLS, 165, done("A"))
    yield Told("停", "东门社区", "城东街道", POLICE, 140, done("A", "满意 基本"))
    yield Told(
        "速",
        "进村公路百花村",
        "石桥镇",
        POLICE,
        155,
        done("B", "满意 基本").replace(" send B", " send B 68").replace("; 130 archive", ""),
    )
    yield Told(
        "灯",
        "城东第二中学",
        "城东街道",
        POLICE,
        190,
        done("B", "满意 满意").replace(" send B", " send B 150").replace("; 130 archive", ""),
    )
    yield Told("市", "青山", "青山乡", "区城管局", 135, done("A"), signers=1)
