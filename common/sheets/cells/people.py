"""Cells that list people by name."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from common.sheets.cells.base import CellValue, is_nothing, normalise, short_text
from common.sheets.numerals import NUMBER, parse_numeral

_HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_DOTS = str.maketrans(dict.fromkeys("•・･‧∙⋅᛫●", "·"))
_DOT_BETWEEN = re.compile(rf"(?<=[{_HAN}])\s*[.·]\s*(?=[{_HAN}])")
_SPACE_IN_HAN = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")

_HARD = re.compile(r"[、,;/|\\&+。]+|\s(?:以及|和|及|与)\s")
_SPACE = re.compile(r"\s+")
_LATIN_SPACE = re.compile(r"(?<=[A-Za-z.])[ \t]+(?=[A-Za-z])")
_JOINER = re.compile(r"以及|和|及|与")
_BRACKET = re.compile(r"[(\[{【〔「]([^()\[\]{}【】〔〕「」]*)[)\]}】〕」]?")
_LABEL = re.compile(r"^\s*([^:、,;/]{1,8}):\s*")
_NUMBERING = re.compile(r"(?:(?<=[\s、,;])|^)[0-9]{1,3}[.、)]\s*")
_AND_OTHERS = re.compile(
    rf"等(?:一行)?(?:共)?(?P<total>{NUMBER})?(?:余|多)?(?:个|户)?"
    r"(?:人|名|位)?(?:代表|同志|群众|村民|居民|选民|人员)?$"
)
_TITLE = re.compile(r"(?:同志|代表|先生|女士)$")
_LONGEST_LIST = 500  # characters
_HELD = "\ue000"  # private use: stands for a bracket while the list is split
_NARROW = "\ue001"  # private use: stands for a space inside a Latin name
_AFTER_BRACKET = re.compile(rf"(?<=[{_HAN}]{{2}}{_HELD})(?=[{_HAN}]{{2}})")


@dataclass(frozen=True)
class PersonRef:
    """A name as written, cleaned; `hint` is what stood in brackets with it (市, 镇代表)."""

    name: str
    hint: str = ""


@dataclass(frozen=True)
class Names:
    """The people named, and how many `more` 等5人 counts beyond them.

    `and_others` is set by any 等, also by one without a number.
    """

    people: tuple[PersonRef, ...]
    more: int
    text: str
    and_others: bool = False


def normalise_name(text: str) -> str:
    """Return the one spelling under which two writings of a name are equal.

    NFKC, no space between Chinese characters, every name dot as ·, other spaces single.
    """
    name = unicodedata.normalize("NFKC", text).translate(_DOTS)
    name = _SPACE_IN_HAN.sub("", _DOT_BETWEEN.sub("·", name.strip()))
    return " ".join(name.split())


def parse_names(raw: CellValue, *, known: Collection[str] = ()) -> Names:
    """Read a list of names with any separators: 张三、李四; 张　三 李四; (市)张三 和 李四等5人.

    和, 及 and 与 separate only where at least two characters stand on both sides, and never
    inside a name of `known` (normalised names), which also decides between several splits.
    Raises CellError only for a text too long to be a list: who the names are is for the caller
    to say.
    """
    text = short_text(raw, _LONGEST_LIST)
    if is_nothing(raw):
        return Names((), 0, text)
    names = known if isinstance(known, set | frozenset | dict) else frozenset(known)
    words = _NUMBERING.sub("、", normalise(text).translate(_DOTS))
    words, brackets = _hold_brackets(words)
    words, total, and_others = _cut_others(words)
    people = _read_people(words, brackets, names)
    more = max(total - len(people), 0) if total is not None else 0
    return Names(tuple(people), more, text, and_others)


def _hold_brackets(words: str) -> tuple[str, list[str]]:
    """Take the brackets out, so that what they list is not split."""
    brackets: list[str] = []

    def hold(match: re.Match[str]) -> str:
        brackets.append(match[1].strip())
        return _HELD

    return _BRACKET.sub(hold, words.replace(_HELD, "")), brackets


def _cut_others(words: str) -> tuple[str, int | None, bool]:
    """Cut 等, 等3人, 等三名代表 off the end; return the total it names, if any."""
    match = _AND_OTHERS.search("".join(words.split()))
    if match is None:
        return words, None, False
    kept = words[: words.rindex("等")]
    if not kept.strip():
        return words, None, False
    total = parse_numeral(match["total"]) if match["total"] else None
    return kept, total, True


def _read_people(words: str, brackets: list[str], known: Collection[str]) -> list[PersonRef]:
    people: list[PersonRef] = []
    waiting, label = iter(brackets), ""
    for line in _HARD.split(words):
        found = _LABEL.match(line)
        if found:
            label = found[1].replace(_HELD, "").strip()
            line = line[found.end() :]
        for chunk in _split_spaces(line, known):
            hints = [next(waiting) for _ in range(chunk.count(_HELD))]
            people += _read_chunk(chunk, hints, label, known)
    return people


def _read_chunk(
    chunk: str, hints: list[str], label: str, known: Collection[str]
) -> list[PersonRef]:
    """Read names joined by 和 or nothing; each takes the brackets that touch it."""
    people: list[PersonRef] = []
    waiting = iter(hints)
    for part in _split_joiners(chunk, known):
        own = [hint for hint in (next(waiting) for _ in range(part.count(_HELD))) if hint]
        name = normalise_name(part.replace(_HELD, ""))
        name = name if name in known else _without_title(name)
        if name:
            people.append(PersonRef(name, "、".join(own) or label))
    return people


def _without_title(name: str) -> str:
    bare = _TITLE.sub("", name)
    return bare if len(bare) >= 2 else name


def _split_spaces(line: str, known: Collection[str]) -> list[str]:
    """Split at spaces, but keep 张　三 and John Smith together."""
    held = _LATIN_SPACE.sub(_NARROW, line.strip())
    words = [word.replace(_NARROW, " ") for word in _SPACE.split(held) if word]
    whole = "".join(words)
    if len(words) == 1 or whole.replace(_HELD, "") in known:
        return [whole] if whole else []
    return _join_padded(words)


def _join_padded(words: list[str]) -> list[str]:
    """Join single characters to names: 张 三 → 张三, 诸 葛 亮 → 诸葛亮, 欧阳 锋 → 欧阳锋."""
    joined: list[str] = []
    run: list[str] = []
    for word in [*words, ""]:
        if _is_single(word):
            run.append(word)
            continue
        joined += _pair_up(run)
        run = []
        joined += [word] if word else []
    if len(joined) == 2 and 1 in {_letters(joined[0]), _letters(joined[1])}:
        return ["".join(joined)]
    return joined


def _pair_up(singles: list[str]) -> list[str]:
    if len(singles) == 3:
        return ["".join(singles)]
    return ["".join(singles[start : start + 2]) for start in range(0, len(singles), 2)]


def _is_single(word: str) -> bool:
    return _letters(word) == 1 and re.search(rf"[{_HAN}]", word) is not None


def _letters(word: str) -> int:
    return len(word.replace(_HELD, ""))


def _split_joiners(chunk: str, known: Collection[str]) -> list[str]:
    """Split at 和 where both sides can be names; prefer the split that `known` recognises.

    张三(市)李四(区) needs no 和: a bracket between two names separates them.
    """
    return _best_split(chunk, known, {})[0]


def _best_split(
    chunk: str, known: Collection[str], done: dict[str, tuple[list[str], int]]
) -> tuple[list[str], int]:
    """Return the best parts and how many of them `known` has; `done` keeps those of each rest."""
    if chunk in done:
        return done[chunk]
    if _is_known(chunk, known):
        return [chunk], 1
    best, best_score = [chunk], -1
    for joiner in _JOINER.finditer(chunk):
        left, right = chunk[: joiner.start()], chunk[joiner.end() :]
        if _letters(left) < 2 or _letters(right) < 2:
            continue
        parts, score = _best_split(right, known, done)
        score += _is_known(left, known)
        if score > best_score:
            best, best_score = [left, *parts], score
    parts = [part for joined in best for part in _AFTER_BRACKET.split(joined)]
    done[chunk] = parts, sum(_is_known(part, known) for part in parts)
    return done[chunk]


def _is_known(part: str, known: Collection[str]) -> bool:
    return normalise_name(part.replace(_HELD, "")) in known
