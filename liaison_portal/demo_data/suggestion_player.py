"""One story of a suggestion on its way: each word of its moves is a verb of the services."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile
from random import Random

from django.utils import timezone

from accounts.actors import SYSTEM
from accounts.models import User
from common.errors import RuleViolation
from deputies.models import Deputy
from liaison_portal.demo_data.days import next_workday, workday_until
from liaison_portal.demo_data.plan import SEED
from liaison_portal.demo_data.suggestion_cast import Cast
from liaison_portal.demo_data.suggestion_rows import USUAL
from liaison_portal.demo_data.suggestion_stories import Told
from liaison_portal.demo_data.suggestion_texts import MATTERS, REFUSALS
from stations.models import Unit
from suggestions import services
from suggestions.choices import Contact, Duty, Kind, Limit
from suggestions.models import Deadline, Handling, OpinionLink, Session, Suggestion
from visits.choices import Satisfaction
from visits.models import Opinion

INBOX_DAYS = 10  # news of so many days lie in the inboxes
SAID = {
    "满意": Satisfaction.SATISFIED, "基本": Satisfaction.MOSTLY, "不满": Satisfaction.UNSATISFIED,
}  # fmt: skip


@dataclass
class Player:
    """One story on its way: each move of it is a verb of this class."""

    cast: Cast
    told: Told
    starts: date
    session: Session
    lead: Deputy
    title: str
    content: str
    opinion: Opinion | None = None
    category: int | None = None
    row: Suggestion | None = None
    stopped: bool = False

    def moves(self, today: date) -> Iterator[tuple[date, list[str]]]:
        """The moves that are past, with their days: workdays, but for the days of a meeting."""
        if self.starts > today:
            return
        yield self.starts, ["draft"]
        for line in filter(None, map(str.strip, self.told.moves.split(";"))):
            days, *words = line.split()
            day = workday_until(self.starts + timedelta(days=int(days)), today)
            if days == "0":
                day = self.starts
            if day is None:
                return
            yield day, words

    def told_as_rows(self, today: date) -> list[tuple[date, list[str]]]:
        """Its first moves, as long as they take the usual course that `suggestion_rows` writes at
        once, and are no longer in the news: rows tell nobody."""
        moves = list(self.moves(today))
        simple = not set("+/") & set(self.told.units) and not self.told.stays_draft
        typed = self.told.on_paper or self.lead.user is None
        has_open_source = self.opinion is not None and not self.opinion.is_closed
        if not simple or not typed or has_open_source:
            return []
        news = today if self.told.grown else today - timedelta(days=INBOX_DAYS + 1)
        return list(takewhile(lambda move: move[0] <= news and _is_usual(move[1]), moves))

    def play(self, words: list[str]) -> None:
        """One move. Where a rule refuses it on this day, the story stands still from here."""
        if self.stopped:
            return
        verb, *arguments = words
        unit = next((word[1:] for word in arguments if word.startswith("@")), "")
        arguments = [word for word in arguments if not word.startswith("@")]
        try:
            getattr(self, f"_{verb}")(*arguments, **({"unit": unit} if unit else {}))
        except RuleViolation:
            self.stopped = True

    # 提出
    @property
    def author(self) -> User:
        typed = self.told.on_paper or self.lead.user is None
        return self.cast.writers[self.lead.station_id] if typed else self.lead.user

    @property
    def office(self) -> User:
        return self.cast.township if self.told.session == "镇" else self.cast.office

    def _draft(self) -> None:
        random = Random(f"{SEED}{self.title}{self.starts}")  # noqa: S311 - the same each time
        row = Suggestion(
            session=self.session, lead=self.lead, title=self.title, content=self.content,
            kind=Kind(self.told.kind), category_id=self.category_key(),
            submission_key=uuid.UUID(int=random.getrandbits(128), version=4),
        )  # fmt: skip
        signers = self.signers()
        if self.told.asks:
            signers = [self.cast.lead(self.told.asks), *signers]
        open_now = self.opinion is not None and not self.opinion.is_closed
        opinions = [self.opinion] if self.opinion and open_now else []
        self.row = services.draft_suggestion(
            row, actor=self.author, signers=signers, opinions=opinions
        )
        if self.opinion is not None and not open_now:
            OpinionLink.objects.create(suggestion=self.row, opinion=self.opinion)
        if self.told.moves and not self.told.stays_draft:
            if signers:
                self._join()
            self._submit()

    def category_key(self) -> int:
        return self.category or self.cast.world.categories[MATTERS[self.told.matter].category]

    def signers(self) -> list[Deputy]:
        of = "镇" if self.told.session == "镇" else ""
        return self.cast.signers(self.lead, self.told.signers, of)

    def _invite(self) -> None:
        services.invite_signers(self.row, actor=self.author)

    def _join(self) -> None:
        """All sign on paper."""
        self._invite()
        for one in self.row.signatures.select_related("deputy"):
            services.answer_invitation(self.row, actor=self.author, agrees=True, deputy=one.deputy)

    def _submit(self) -> None:
        services.submit_suggestion(self.row, actor=self.author)

    def _withdraw(self) -> None:
        services.withdraw_suggestion(self.row, actor=self.author, note=REFUSALS["撤回"])

    # 审核交办
    def _back(self) -> None:
        services.turn_back_suggestion(self.row, actor=self.office, note=REFUSALS["退回修改"])

    def _reject(self) -> None:
        services.reject_suggestion(self.row, actor=self.office, note=REFUSALS["不予接收"])

    def _refer(self) -> None:
        services.refer_suggestion(self.row, actor=self.office, note=REFUSALS["转作参考"])

    def _accept(self, kind: str = "") -> None:
        services.accept_suggestion(self.row, actor=self.office, kind=kind or None)

    def _merge(self) -> None:
        """Take in the latest that asks for the same and waits as this one does."""
        others = Suggestion.objects.filter(
            title__contains=self.told.place[:2], session=self.row.session, state="accepted"
        ).exclude(pk=self.row.pk)
        services.merge_suggestions(self.row, others[:1], actor=self.office)

    def _assign(self) -> None:
        services.assign_suggestion(self.row, list(self._shares()), actor=self.office)

    def _shares(self) -> Iterator[services.Share]:
        """区公安分局; 区公安分局+区交通运输局 (协办); 区公安分局/区教育局 (分办)."""
        units = self.cast.world.units
        if "/" in self.told.units:
            for name in self.told.units.split("/"):
                yield services.Share(units[name], Duty.SEPARATE)
            return
        lead, *helpers = self.told.units.split("+")
        yield services.Share(units[lead], Duty.LEAD if helpers else Duty.SOLE)
        for name in helpers:
            yield services.Share(units[name], Duty.ASSIST)

    def _recall(self) -> None:
        services.recall_suggestion(self.row, actor=self.office, note=REFUSALS["收回"])

    def _mark(self, *marks: str) -> None:
        services.mark_suggestion(
            self.row, actor=self.office, is_key="重点" in marks, is_excellent="优秀" in marks,
            is_public="公开" in marks, key_leader="区人大常委会副主任" if "重点" in marks else "",
        )  # fmt: skip

    def _urge(self) -> None:
        services.urge_suggestion(self.row, actor=self.office)

    def _supervise(self) -> None:
        services.supervise_suggestion(self.row, actor=self.office, note=REFUSALS["督办"])

    # 办理
    def _share(self, unit: str = "") -> Handling:
        rows = Handling.objects.filter(suggestion=self.row).standing().select_related("unit")
        if unit:
            rows = rows.filter(unit__name=unit)
        return rows.order_by("-round", "position").first()

    def unit(self) -> Unit:
        return self.cast.world.units[self.told.main_unit]

    def clerk_of_unit(self) -> User | None:
        return self.cast.clerks.get(self.unit().pk)

    def said(self, attitude: str, outcome: str) -> tuple[str, str]:
        return SAID[attitude], SAID[outcome]

    def _clerk(self, share: Handling) -> User:
        """The unit's own clerk; where it has no log-in, the office types what comes on paper."""
        return self.cast.clerks.get(share.unit_id, self.office)

    def _do(self, act, *arguments, unit: str = "", **named) -> None:
        share = self._share(unit)
        act(self.row, share, *arguments, actor=self._clerk(share), **named)

    def _sign(self, unit: str = "") -> None:
        self._do(services.sign_for, unit=unit)

    def _give_back(self, unit: str = "") -> None:
        to = self.told.better or "区住建局"
        self._do(services.ask_to_return, unit=unit, note=REFUSALS["退办"], proposed_unit=to)

    def _let_go(self) -> None:
        services.agree_to_return(self.row, self._share(), actor=self.office)

    def _keep(self) -> None:
        services.refuse_return(
            self.row, self._share(), actor=self.office, note=REFUSALS["不同意退办"]
        )

    def _more_time(self, days: str) -> None:
        share = self._share()
        until = next_workday(_due_of(share) + timedelta(days=int(days)))
        self._do(services.ask_for_extension, until=until, note=REFUSALS["延期"])

    def _grant(self) -> None:
        services.grant_extension(self.row, self._share(), actor=self.office)

    def _meet(self, unit: str = "") -> None:
        how = list(Contact)[len(self.title) % len(Contact)]
        self._do(
            services.record_contact, unit=unit, how=how, on=timezone.localdate(),
            who=self.lead.name, said=REFUSALS["面商"],
        )  # fmt: skip

    def _opine(self, unit: str) -> None:
        self._do(services.give_opinion, unit=unit, note=REFUSALS["协办意见"])

    def _round(self, result_class: str) -> None:
        self._do(services.circulate_letter, self.letter(result_class))

    def _countersign(self, unit: str) -> None:
        self._do(services.countersign, unit=unit)

    def _send(self, result_class: str = "", days: str = "", unit: str = "") -> None:
        letter = self.letter(result_class, days) if result_class else None
        self._do(services.send_reply, letter, unit=unit)

    def letter(self, result_class: str, days: str = "", on: date | None = None) -> services.Letter:
        known = list(MATTERS.values())
        matter = next((one for one in known if one.unit == self.told.main_unit), known[0])
        matter = MATTERS.get(self.told.matter, matter)
        place = self.told.place or "当地"
        texts = {"A": matter.answer, "D": "所提意见很有价值，我单位在今后工作中认真研究吸收。"}
        text = texts.get(result_class, f"{matter.later}。办结后再向您答复。").replace("{地}", place)
        today = on or timezone.localdate()
        number = sum(map(ord, self.title)) % 90 + 1
        promised = result_class == "B" or (result_class == "C" and days)
        return services.Letter(
            text=text, result_class=result_class, contact="办公室 0990-6120031",
            document_no=f"{self.told.main_unit[1]}办函〔{today.year}〕{number}号",
            promise=matter.later.replace("{地}", place) if promised else "",
            promised_until=next_workday(today + timedelta(days=int(days or 150)))
            if promised else None,
        )  # fmt: skip

    def _send_back(self) -> None:
        services.send_back_reply(
            self.row, self._share(), actor=self.office, note=REFUSALS["退回重拟"]
        )

    def _release(self, result_class: str = "", unit: str = "") -> None:
        services.release_reply(
            self.row, self._share(unit), actor=self.office, result_class=result_class
        )

    def _rate(self, attitude: str, outcome: str, unit: str = "") -> None:
        own = self.lead.user and not self.told.on_paper
        comment = REFUSALS["不满意"] if outcome == "不满" else ""
        services.rate_reply(
            self.row, self._share(unit), actor=self.lead.user if own else self.office,
            attitude=SAID[attitude], outcome=SAID[outcome], comment=comment,
        )  # fmt: skip

    def _lapse(self) -> None:
        services.lapse_rating(self.row, self._share(), actor=SYSTEM)

    def _follow_up(self, result_class: str = "A") -> None:
        self._do(services.follow_up_promise, note=REFUSALS["续办"], result_class=result_class)

    def _archive(self) -> None:
        services.archive_suggestion(self.row, actor=self.office)


def _is_usual(words: list[str]) -> bool:
    return words[0] in USUAL and "不满" not in words


def _due_of(share: Handling) -> date:
    return Deadline.objects.filter(handling=share, limit__in=Limit.answers()).latest("pk").due_on
