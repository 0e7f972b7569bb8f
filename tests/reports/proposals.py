"""Suggestions that go their own ways, each act by its service on its own day."""

from __future__ import annotations

import datetime

from accounts.actors import SYSTEM
from common.errors import RuleViolation
from stations.models import Unit
from suggestions import services
from suggestions.choices import Contact, Duty, Kind, Part
from suggestions.models import Handling, Suggestion
from tests.factories import UnitFactory
from tests.suggestions.making import letter

DAY = datetime.date
LATEST = DAY(2026, 11, 1)
UNITS = ("区公安分局", "区交通运输局", "区水务局", "区财政局")
WORDS = ("satisfied", "satisfied", "mostly", "unsatisfied")


class Over(Exception):
    """The year has ended for this one."""


class Proposal:
    """One suggestion on its way: every act comes some days after the one before."""

    def __init__(self, place, units, clock):
        self.place, self.dice, self.units = place, place.dice, units
        self.session, self.clock = place.session, clock
        self.on = self._first_day()

    def _first_day(self) -> DAY:
        if self.place.some(0.3):
            return DAY(2026, 1, self.dice.randint(20, 23))
        return DAY(2025, 12, 20) + datetime.timedelta(days=self.dice.randrange(230))

    def wait(self, *days: int) -> None:
        self.on += datetime.timedelta(days=self.dice.randint(*days))
        if self.on > LATEST:
            raise Over
        self.clock.move_to(f"{self.on.isoformat()}T10:00:00+08:00", tick=False)

    def go(self) -> None:
        self.wait(0, 0)
        station = self.place.station()
        self.row = services.draft_suggestion(
            Suggestion(
                session=self.session, lead=self.dice.choice(self.place.deputies[station.pk]),
                title="关于路口设置信号灯的建议", content="学生过马路十分危险。",
                kind=self.dice.choice([Kind.SUGGESTION, Kind.CRITICISM, Kind.OPINION]),
            ),
            actor=self.place.officer,
        )  # fmt: skip
        if self.place.some(0.05):
            return
        self.act(services.submit_suggestion)
        self.wait(1, 9)
        ways = ["accept"] * 12 + ["reject", "refer", "turn_back", "leave", "withdraw"]
        match self.dice.choice(ways):
            case "accept":
                self.act(services.accept_suggestion)
                self._after_number()
            case "reject":
                self.act(services.reject_suggestion, note="不属于本级职权")
            case "refer":
                self.act(services.refer_suggestion, note="意见供参考")
            case "turn_back":
                self.act(services.turn_back_suggestion, note="请写明地点")
            case "withdraw":
                self.act(services.withdraw_suggestion, note="已经解决")

    def act(self, service, *arguments, **more) -> None:
        self.row.refresh_from_db()
        more.setdefault("actor", self.place.officer)  # keys in what comes on paper
        self.row = service(self.row, *arguments, **more)

    def _after_number(self) -> None:
        if self.place.some(0.1):
            return
        if self.place.some(0.2):
            self.act(services.mark_suggestion, is_key=True, is_excellent=False, is_public=True,
                     key_leader="区长")  # fmt: skip
        self._assign()
        if self.place.some(0.15):
            self.wait(1, 3)
            self.act(services.recall_suggestion, note="改派")
            self._assign()
        if self.place.some(0.1):  # signed by ten on paper
            Suggestion.objects.filter(pk=self.row.pk).update(kind=Kind.MOTION)
        for _ in range(3):
            for share in self.standing():
                self._handle(share)
        if self.place.some(0.3):
            self.act(services.archive_suggestion)

    def _assign(self) -> None:
        units = self.dice.sample(self.units, 3)
        duties = self.dice.choice(
            [[Duty.SOLE], [Duty.LEAD, Duty.ASSIST], [Duty.LEAD, Duty.ASSIST, Duty.ASSIST],
             [Duty.SEPARATE, Duty.SEPARATE]]
        )  # fmt: skip
        self.wait(0, 6)
        shares = [services.Share(unit, duty) for unit, duty in zip(units, duties, strict=False)]
        self.act(services.assign_suggestion, shares)

    def standing(self) -> list[Handling]:
        rows = Handling.objects.filter(suggestion=self.row).exclude(state=Part.LEFT)
        last = max((share.round for share in rows), default=1)
        return sorted((one for one in rows if one.round == last), key=lambda one: -one.pk)

    def _handle(self, share: Handling) -> None:
        """As far as the dice let it come; assisting units first, so that letters can go out."""
        if self.place.some(0.12) or share.state not in (Part.WAITING, Part.WORKING):
            return
        self.wait(0, 5)
        if share.state == Part.WAITING:
            self.act(services.sign_for, share)
        if self.place.some(0.08):
            self.act(services.ask_to_return, share, note="不属于职责", proposed_unit="区水务局")
            self.act(services.agree_to_return, share)
            return
        if share.duty == Duty.ASSIST:
            self.act(services.give_opinion, share, note="同意")
            self.act(services.waive_countersign, share, note="已电话同意")
            return
        self._answer(share)

    def _answer(self, share: Handling) -> None:
        if self.place.some(0.5):
            how = self.dice.choice(Contact.values)
            self.act(services.record_contact, share, how=how, on=self.on)
        if self.place.some(0.4) and share.round == 1:
            due = share.deadlines.get(limit="reply", ended_on=None).due_on
            until = due + datetime.timedelta(days=20)
            self.act(services.ask_for_extension, share, until=until, note="要招标")
            self.act(services.grant_extension, share)
        if self.place.some(0.15):
            return
        self.wait(5, 130)
        word = self.dice.choice("AABCD")
        promised = self.on + datetime.timedelta(days=self.dice.randint(5, 200))
        more = {"promised_until": promised, "promise": "列入计划"} if word in "BC" else {}
        self.act(services.send_reply, share, letter(word, **more))
        if self.place.some(0.1):
            return
        self.wait(1, 8)
        self.act(services.release_reply, share)
        self._rate(share, word)

    def _rate(self, share: Handling, word: str) -> None:
        self.wait(1, 20)
        if self.place.some(0.15):
            return
        if self.place.some(0.15):
            self.wait(35, 45)
            self.act(services.lapse_rating, share, actor=SYSTEM)
        else:
            self.act(services.rate_reply, share, attitude=self.dice.choice(WORDS),
                     outcome=self.dice.choice(WORDS), comment="还要等太久")  # fmt: skip
        if word in "BC" and self.place.some(0.4):
            self.wait(1, 60)
            self.act(services.follow_up_promise, share, note="已完工", result_class="A")


def propose(place, size: int, clock) -> None:
    """`size` suggestions of the district `place`; the clock is left wherever the last one ended."""
    units = [Unit.objects.filter(name=name).first() or UnitFactory(name=name, area=place.area)
             for name in UNITS]  # fmt: skip
    for _ in range(size):
        one = Proposal(place, units, clock)
        try:
            one.go()
        except (Over, RuleViolation):  # what may not be done, is not
            continue
