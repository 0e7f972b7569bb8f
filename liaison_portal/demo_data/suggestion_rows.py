"""Stories as far as they take the usual course, written as rows at once: what the services would
have left.

One unit, nothing asked of the office, one round. The rest is played (`suggestions.py`).
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, time
from random import Random

from liaison_portal.demo_data.plan import SEED
from liaison_portal.demo_data.registers import entered_then
from suggestions import rules, services
from suggestions.choices import (
    Act,
    Consent,
    Contact,
    Duty,
    Kind,
    Limit,
    Occasion,
    Part,
    Source,
    State,
)
from suggestions.models import (
    ClassWording,
    Deadline,
    FaceToFace,
    Handling,
    NumberSeries,
    OpinionLink,
    Promise,
    Rating,
    Reply,
    Signature,
    Step,
    Suggestion,
)

BATCH = 2000
USUAL = {
    "draft", "accept", "assign", "sign", "meet", "send", "release", "rate", "archive", "mark",
    "follow_up",
}  # fmt: skip
_OFFICE_ACTS = (Act.ACCEPT, Act.ASSIGN, Act.RELEASE, Act.RATE, Act.ARCHIVE, Act.MARK)
S, P = State, Part
# verb of a story: what it is, and where it leaves the suggestion and its unit
_MOVES = {
    "draft": (Act.SUBMIT, S.SUBMITTED, None), "accept": (Act.ACCEPT, S.ACCEPTED, None),
    "assign": (Act.ASSIGN, S.ASSIGNED, P.WAITING), "sign": (Act.SIGN, S.HANDLING, P.WORKING),
    "meet": (Act.CONTACT, S.HANDLING, P.WORKING), "send": (Act.SEND, S.REVIEWING, P.SENT),
    "release": (Act.RELEASE, S.REPLIED, P.ANSWERED), "rate": (Act.RATE, S.CLOSED, P.RATED),
    "archive": (Act.ARCHIVE, S.ARCHIVED, P.RATED),
}  # fmt: skip
_OF_A_UNIT = (Act.SIGN, Act.CONTACT, Act.SEND, Act.RELEASE, Act.RATE, Act.FOLLOW_UP)


class Rows:
    """All rows of such stories, to be saved together."""

    def __init__(self, calendar, now: datetime, last: Mapping[tuple[int, str], int]):
        """`last`: the last number of each book that has begun already."""
        self.calendar, self.now = calendar, now
        self.spans = services.spans()
        self.wordings = ClassWording.objects.valid_on(now.date())
        self.last: Counter[tuple[int, str]] = Counter(last)
        self.made: dict[type, list] = {
            model: []
            for model in (
                Suggestion, Signature, OpinionLink, Handling, FaceToFace, Reply, Rating, Promise,
                Deadline, Step,
            )
        }  # fmt: skip

    def add(self, player, moves: list[tuple[date, list[str]]]) -> Suggestion:
        """The rows of one story up to the last of `moves`; add them in the order of their days."""
        return _Story(self, player, moves).tell()

    def keep(self, row):
        self.made[type(row)].append(row)
        return row

    def next_number(self, row: Suggestion) -> int:
        key = (row.session_id, row.occasion)
        self.last[key] += 1
        return self.last[key]

    def save(self) -> int:
        """Write everything; return how many suggestions."""
        with entered_then(Suggestion), entered_then(Step, "at"):
            for model, rows in self.made.items():
                model.objects.bulk_create(rows, batch_size=BATCH)
        NumberSeries.objects.bulk_create(
            NumberSeries(session_id=session, occasion=occasion, last=last)
            for (session, occasion), last in self.last.items()
        )
        return len(self.made[Suggestion])

    def at(self, day: date, minute: int) -> datetime:
        clock = datetime.combine(day, time(9 + minute // 60 % 8, minute % 60), self.now.tzinfo)
        return min(clock, self.now)


class _Story:
    def __init__(self, rows: Rows, player, moves: list[tuple[date, list[str]]]):
        self.rows, self.player, self.moves = rows, player, moves
        self.days = {words[0]: day for day, words in moves}
        self.words = {words[0]: words[1:] for _, words in moves}
        self.share: Handling | None = None
        self.reply: Reply | None = None

    def tell(self) -> Suggestion:
        self.row = self.rows.keep(self._suggestion())
        for position, deputy in enumerate(self.player.signers()):
            self.rows.keep(self._signature(position, deputy))
        if self.player.opinion is not None:
            self.rows.keep(OpinionLink(suggestion=self.row, opinion=self.player.opinion))
        if "assign" in self.days:
            self.share = self.rows.keep(self._handling())
        if "meet" in self.days:
            self.rows.keep(
                FaceToFace(
                    handling=self.share, on=self.days["meet"],
                    how=list(Contact)[len(self.row.title) % len(Contact)],
                    who=self.row.lead_name, said="向代表说明了办理打算，代表表示认可。",
                )
            )  # fmt: skip
        if "send" in self.days:
            self._answer()
        self._clocks()
        for minute, (day, words) in enumerate(self.moves):
            self._step(minute, day, *words)
        return self.row

    def _suggestion(self) -> Suggestion:
        player, days, marks = self.player, self.days, self.words.get("mark", [])
        changed = next(iter(self.words.get("accept", [])), "")
        last = next(one for one in reversed(self.moves) if one[1][0] in _MOVES)[1][0]
        random = Random(f"{SEED}{player.title}{player.starts}")  # noqa: S311 - same each time
        row = Suggestion(
            session=player.session, kind=Kind(changed or player.told.kind), title=player.title,
            occasion=rules.occasion_on(player.session, player.starts), content=player.content,
            category_id=player.category_key(), lead=player.lead, lead_name=player.lead.name,
            lead_title=rules.title_of(player.lead, player.session),
            station_id=player.lead.station_id, state=_MOVES[last][1], submitted_on=player.starts,
            accepted_on=days.get("accept"), assigned_on=days.get("assign"),
            replied_on=days.get("release"), closed_on=days.get("rate"), is_key="重点" in marks,
            is_excellent="优秀" in marks, is_public="公开" in marks,
            key_leader="区人大常委会副主任" if "重点" in marks else "",
            created_by=player.author, version=len(self.moves),
            created_at=self.rows.at(player.starts, 0),
            submission_key=uuid.UUID(int=random.getrandbits(128), version=4),
        )  # fmt: skip
        if "accept" in days:
            row.number = self.rows.next_number(row)
        return row

    def _signature(self, position: int, deputy) -> Signature:
        return Signature(
            suggestion=self.row, deputy=deputy, name=deputy.name, position=position,
            consent=Consent.AGREED, asked_on=self.player.starts, answered_on=self.player.starts,
            on_paper=True,
        )  # fmt: skip

    def _handling(self) -> Handling:
        last = next(one for one in reversed(self.moves) if one[1][0] in _MOVES)[1][0]
        clerk = self.player.clerk_of_unit()
        return Handling(
            suggestion=self.row, unit=self.player.unit(), duty=Duty.SOLE, state=_MOVES[last][2],
            assigned_on=self.days["assign"], signed_on=self.days.get("sign"),
            clerk=str(clerk) if clerk and "sign" in self.days else "",
        )  # fmt: skip

    def _answer(self) -> None:
        letter = self.player.letter(*self.words["send"], on=self.days["send"])
        self.reply = self.rows.keep(
            Reply(
                handling=self.share, document_no=letter.document_no, written_on=self.days["send"],
                result_class=letter.result_class, unit_class=letter.result_class,
                class_words=self.rows.wordings[letter.result_class], text=letter.text,
                contact=letter.contact, released_on=self.days.get("release"),
            )
        )  # fmt: skip
        if letter.promised_until:
            answered = self.days.get("follow_up")
            self.rows.keep(
                Promise(
                    reply=self.reply, words=letter.promise, due_on=letter.promised_until,
                    answered_on=answered, result_class="A" if answered else "",
                    answer="承诺事项已经办结，代表到现场看过。" if answered else "",
                )
            )  # fmt: skip
        if "rate" in self.days:
            attitude, outcome = self.player.said(*self.words["rate"])
            self.rows.keep(
                Rating(
                    reply=self.reply, attitude=attitude, outcome=outcome,
                    rated_on=self.days["rate"], source=Source.PAPER,
                    keyed_by=self.player.office,
                )
            )  # fmt: skip

    def _clocks(self) -> None:
        days, session = self.days, self.row.session
        start, began = self.player.starts, "提交"
        if self.row.occasion == Occasion.SESSION and session.ends_on and session.ends_on > start:
            start, began = session.ends_on, "大会闭幕"
        self._clock(Limit.ASSIGN, start, began, days.get("assign"), whole=True)
        if assigned := days.get("assign"):
            self._clock(Limit.SIGN, assigned, "交办", days.get("sign"))
            window = self._clock(Limit.RETURN, assigned, "交办", None)
            window.ended_on = days.get("send")
            self._clock(Limit.REPLY, assigned, "交办", days.get("send"))
        if sent := days.get("send"):
            self._clock(Limit.VET, sent, "报送答复", days.get("release"))
        if released := days.get("release"):
            self._clock(Limit.RATE, released, "答复代表", days.get("rate"))
            self._promised(released)

    def _promised(self, released: date) -> None:
        promises = self.rows.made[Promise]
        if promises and promises[-1].reply is self.reply:
            due = promises[-1].due_on
            self.rows.keep(
                Deadline(
                    suggestion=self.row, handling=self.share, limit=Limit.PROMISE,
                    starts_on=released, began="答复承诺", due_on=due,
                    explanation=f"单位在答复中承诺 {due:%Y-%m-%d} 前办结。",
                    met_on=self.days.get("follow_up"),
                )
            )  # fmt: skip

    def _clock(
        self, limit: Limit, start: date, began: str, met_on: date | None, *, whole: bool = False
    ) -> Deadline:
        run = rules.clocks.Running(self.share, limit, start, began)
        found = rules.reckoned(run, start, self.rows.spans, self.rows.calendar)
        return self.rows.keep(
            Deadline(
                suggestion=self.row, handling=None if whole else self.share, limit=limit,
                starts_on=start, began=began, due_on=found.due, explanation=found.explanation,
                met_on=met_on,
            )
        )  # fmt: skip

    def _step(self, minute: int, day: date, verb: str, *words: str) -> None:
        before = [one for at, (_, one) in enumerate(self.moves) if at < minute and one[0] in _MOVES]
        act, to, part = _MOVES.get(verb) or (Act(verb), S(self.row.state), P.RATED)
        of_unit = act in _OF_A_UNIT
        came = _MOVES[before[-1][0]] if before else (None, S.DRAFT, None)
        actor = self.player.author if act == Act.SUBMIT else self.player.office
        if of_unit and act not in _OFFICE_ACTS:
            actor = self.player.clerk_of_unit() or actor
        facts = {"编号": self.row.code} if act == Act.ACCEPT else {}
        self.rows.keep(
            Step(
                suggestion=self.row, act=act, on=day, at=self.rows.at(day, minute + 5),
                unit_name=str(self.share.unit) if of_unit and self.share else "", facts=facts,
                from_state=(came[2] or P.WAITING) if of_unit else came[1],
                to_state=(part or P.RATED) if of_unit else to, actor=actor, actor_name=str(actor),
            )
        )  # fmt: skip
