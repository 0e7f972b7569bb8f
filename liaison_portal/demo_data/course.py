"""What becomes of an opinion: where it goes, what comes of it, who tells the visitor and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from liaison_portal.demo_data.days import workday_until
from liaison_portal.demo_data.people import DeputyPlan
from liaison_portal.demo_data.places import StationPlan
from liaison_portal.demo_data.texts import Matter, Slots, speak
from visits.choices import Disposal, Resolution, Satisfaction

WAYS = {
    "O": Disposal.ON_SITE, "E": Disposal.EXPLAINED, "V": Disposal.VILLAGE,
    "T": Disposal.TOWNSHIP, "D": Disposal.DISTRICT, "S": Disposal.SUGGESTION,
    "H": Disposal.HIGHER, "P": Disposal.PETITION, "X": Disposal.DECLINED,
}  # fmt: skip
# Days from the reception to a result, at least and at most.
SPANS = {"V": (2, 24), "T": (3, 34), "D": (7, 50), "S": (30, 110), "H": (35, 130)}
WRITTEN = frozenset({"mailbox", "letter", "online"})
OUTCOMES = {
    Resolution.SOLVED: 74, Resolution.PARTLY: 12, Resolution.PLANNED: 9, Resolution.UNSOLVED: 5,
}  # fmt: skip
# What is built can be planned and done by halves; with people it goes otherwise.
BUILT = frozenset({"基础设施", "交通出行", "农业农村"})
BUILDING = {
    Resolution.PARTLY: (
        "{单位}已处理大部分，余下部分等材料到位后完成。",
        "{单位}先解决了最急的一处，其余分批办理。",
        "{单位}已采取临时措施，彻底解决还需时间。",
    ),
    Resolution.PLANNED: (
        "{单位}答复：资金已申报，列入明年计划。",
        "{单位}已列入年度项目库，待批复后实施。",
        "{单位}答复：纳入片区规划统一安排。",
    ),
    Resolution.UNSOLVED: (
        "{单位}答复：测算后资金缺口较大，暂不具备条件。",
        "{单位}答复：涉及其他单位权属，协调{数}次未果。",
    ),
}
DEALING = {
    Resolution.PARTLY: (
        "{单位}已受理，主要问题已处理，其余按程序办理。",
        "{单位}处理后有好转，还在跟进。",
    ),
    Resolution.UNSOLVED: (
        "{单位}答复：不符合现行规定，已当面解释。",
        "{单位}协调{数}次未达成一致，建议走法律途径。",
    ),
}
UNDER_WAY = ("", "", "{单位}已签收，正在核实。", "{单位}已到现场看过，等答复。", "正在办理。")
WAYS_TO_DEPUTIES = ("站内消息", "站内消息", "电话", "接待日当面")
PLACES_TO_GO = {
    Disposal.PETITION: "区信访局接待窗口", Disposal.DECLINED: "区信访局或有关机关",
}  # fmt: skip
METHODS = ("电话", "电话", "电话", "当面", "当面", "入户", "微信", "短信")
# How satisfied: 满意, 基本满意, 不满意, 未评价.
RATINGS = {
    "well": (76, 12, 2, 10),
    "badly": (45, 27, 13, 15),
    "turned away": (18, 22, 15, 45),
}
NEVER_DONE = 0.04
FORGOTTEN_SINCE = 120  # days: what waits longer was found and done

Endings = dict[str, Sequence[str]]


class Course:
    """Runs the matters of one station up to today."""

    def __init__(self, rng: Random, station: StationPlan, today: date):
        self.rng, self.station, self.today = rng, station, today

    def run(
        self,
        matter: Matter,
        details: Slots,
        visit: dict[str, Any],
        deputies: Sequence[DeputyPlan],
        *,
        first: bool,
    ) -> dict[str, Any]:
        """The fields of an opinion: as it was said, where it went, and how far it has come."""
        variant = int(self.rng.random() * len(matter.lines["话"]))
        manner = self._manner(visit)
        statement = speak(matter, variant, details, manner=manner, first=first)
        way = self._way(matter, visit)
        unit = self._unit(matter, way, details)
        details["单位"] = unit or self._helper(matter, way)
        if matter.declined == "accusation":
            visit["confidential"] = True
        fate = self._fate(way, visit, deputies, self._endings(matter, variant))
        return {
            "category": matter.category,
            "unit": unit,
            "statement": statement,
            "summary": matter.line("摘", variant).format_map(details),
            "on_site_reply": self._reply(matter, way, variant, manner).format_map(details),
            "disposal": WAYS[way],
            "decline_reason": matter.declined if way == "X" else "",
            "where_to": PLACES_TO_GO.get(WAYS[way], ""),
            **fate,
            "result": fate["result"].format_map(details),
        }

    def _endings(self, matter: Matter, variant: int) -> Endings:
        """What may come of it, in words, by how far it is solved."""
        others = BUILDING if matter.category[0] in BUILT else DEALING
        return {Resolution.SOLVED: (matter.line("果", variant),), **others}

    def _manner(self, visit: dict[str, Any]) -> str:
        if visit["channel"] in WRITTEN:
            return "written"
        return "together" if visit["headcount"] > 2 and self.rng.random() < 0.7 else "alone"

    def _way(self, matter: Matter, visit: dict[str, Any]) -> str:
        """Where it goes; nobody can be answered at once who is not there."""
        ways = matter.ways
        if visit["channel"] in WRITTEN:
            ways = ways.replace("O", "").replace("E", "") or ways
        else:
            ways += "".join(way for way in ways if way in "OE")
        return ways[int(self.rng.random() * len(ways))]

    def _unit(self, matter: Matter, way: str, details: Slots) -> str | None:
        if way == "V":
            return details["村"]
        if way == "T":
            return self.station.township.office(matter.units["镇"])
        if way == "D" or (way == "S" and self.rng.random() < 0.75):
            return matter.units["区"] or None
        return None

    def _helper(self, matter: Matter, way: str) -> str:
        """Whom the words name when the matter was given to nobody."""
        if way == "H":
            return "市有关部门"
        if way == "S":
            return matter.units["区"] or "有关部门"
        if "T" in matter.ways or not matter.units["区"]:
            return self.station.township.office(matter.units["镇"])
        return matter.units["区"]

    def _reply(self, matter: Matter, way: str, variant: int, manner: str) -> str:
        if way not in SPANS:
            return matter.line("复", variant)
        if self.rng.random() < (0.75 if manner == "written" else 0.08):
            return ""
        return matter.line("答", variant)

    def _fate(
        self, way: str, visit: dict[str, Any], deputies: Sequence[DeputyPlan], endings: Endings
    ) -> dict[str, Any]:
        if way in SPANS:
            return self._handed_over(way, visit, deputies, endings)
        solved = Resolution.SOLVED if way == "O" else ""
        feeling = "turned away" if way in "XP" else "well"
        told = self._told(visit["received_on"], visit, deputies[0].name, feeling)
        method = {"call": "电话", "video": "视频"}.get(visit["channel"], "当面")
        return {"result": "", "resolution": solved, **told, "feedback_method": method}

    def _handed_over(
        self, way: str, visit: dict[str, Any], deputies: Sequence[DeputyPlan], endings: Endings
    ) -> dict[str, Any]:
        done = self._done_on(way, visit["received_on"])
        if done is None:
            return self._open(way, visit["received_on"], deputies[0])
        resolution = self.rng.choices(list(OUTCOMES), list(OUTCOMES.values()))[0]
        if resolution not in endings:
            resolution = Resolution.SOLVED
        words = endings[resolution]
        result = words[int(self.rng.random() * len(words))]
        if way == "S":
            result = f"代表建议已书面答复：{result}"
        feeling = "well" if resolution == Resolution.SOLVED else "badly"
        told_on = workday_until(done + timedelta(days=int(self.rng.random() * 8)), self.today)
        recent = (self.today - visit["received_on"]).days < FORGOTTEN_SINCE
        if told_on is None or (recent and self.rng.random() < 0.08):
            told = self._silence()
        else:
            told = self._told(told_on, visit, self._teller(visit, deputies), feeling)
        accepted = self._accepted(visit["received_on"])
        return {"result": result, "resolution": resolution, "accepted_on": accepted, **told}

    def _done_on(self, way: str, day: date) -> date | None:
        """When there was a result; None while there is none."""
        low, high = SPANS[way]
        span = self.rng.triangular(low, high, low + (high - low) * 0.3)
        stuck = self.rng.random() < NEVER_DONE and (self.today - day).days < FORGOTTEN_SINCE
        return None if stuck else workday_until(day + timedelta(days=int(span)), self.today)

    def _open(self, way: str, day: date, lead: DeputyPlan) -> dict[str, Any]:
        fresh = (self.today - day).days < 4
        result = "" if fresh else UNDER_WAY[int(self.rng.random() * len(UNDER_WAY))]
        if way == "S" and not fresh:
            result = f"由{lead.name}代表领衔，已形成代表建议。"
        resolution = "" if fresh else Resolution.PENDING
        accepted = None if fresh and self.rng.random() < 0.7 else self._accepted(day)
        return {
            "result": result,
            "resolution": resolution,
            "accepted_on": accepted,
            **self._silence(),
        }

    def _accepted(self, day: date) -> date | None:
        """When the unit said that it has the matter; None for the few that never did."""
        if self.rng.random() < 0.06:
            return None
        return workday_until(day + timedelta(days=1 + int(self.rng.random() * 3)), self.today)

    def _silence(self) -> dict[str, Any]:
        return {
            "feedback_on": None,
            "feedback_method": "",
            "feedback_by": "",
            "satisfaction": Satisfaction.UNRATED,
        }

    def _told(self, day: date, visit: dict[str, Any], by: str, feeling: str) -> dict[str, Any]:
        nobody = not visit["visitor_name"]
        # The deputies mostly hear of it, too.
        knows = self.rng.random() < 0.9 or (self.today - day).days > FORGOTTEN_SINCE
        rating = self.rng.choices(list(Satisfaction), RATINGS[feeling])[0]
        return {
            "feedback_on": day,
            "feedback_method": "站内公示" if nobody else self.rng.choice(METHODS),
            "feedback_by": by,
            "satisfaction": Satisfaction.UNRATED if nobody else rating,
            "deputies_told_on": day if knows else None,
            "deputies_told_how": self.rng.choice(WAYS_TO_DEPUTIES) if knows else "",
        }

    def _teller(self, visit: dict[str, Any], deputies: Sequence[DeputyPlan]) -> str:
        return visit["recorder"] if self.rng.random() < 0.65 else deputies[0].name
