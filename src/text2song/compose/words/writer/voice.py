"""One song's own material, drawn from the bank: who speaks, about what, in which mood, with which hook."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from text2song.compose.decisions import Decisions
from text2song.compose.words.writer.bank import diction, lines, themes, themes_of
from text2song.compose.words.writer.phrases import Phrase, as_plural, marked, meanings, phrase, pick_rows, table_rows
from text2song.compose.words.writer.plan import SongPlan

#: A hook of more syllables than this is no hook.
_HOOK_MOST = 11
#: How likely several sing, by theme; else the last figure.
_PLURAL_THEMES = frozenset({"friendship", "dance", "war_peace", "summer", "faith", "party_rock"})
_PLURAL, _SINGULAR = 0.4, 0.12
#: Words in -ing that are no doings.
_NOT_GERUNDS = frozenset(
    {"spring", "king", "ring", "thing", "string", "wing", "evening", "morning", "nothing", "something"}
)
#: Hooks that call or say where and when; no thing that a song can be "for".
_NO_THING = re.compile(
    r"(?:rise|say|lead|turn|move|stand|burn|carry|wake|lay|lift|feel|run|hush|sleep|closer|only|after|until|when|where"
    r"|while|back|by|not|no|nothing|you've|same|gone|wide|till|good|let|don't|keep|hold|come|take|never|always|out|into"
    r"|here|we|i|you|i'm|we're|it's|half|on|in|at|under|over|what|why|how|be|stay|go|give|louder|dangerous|unbroken"
    r"|sleepless|goodnight|going|downtown|everything's|little)\b",
    re.IGNORECASE,
)
_NIGHTLY = re.compile(r"night|again|morning|day", re.IGNORECASE)
#: Openings for a theme that the bank does not know, in the words of the prompt.
_ABOUT = ("I'm thinking of {}", "I sing about {}", "my mind is on {}", "I dream about {}", "I tell you about {}")


@dataclass(frozen=True, slots=True)
class Material:
    """What the lines of one song are made of."""

    hook: Phrase
    first: tuple[Phrase, ...]
    second: tuple[Phrase, ...]
    turn: tuple[Phrase, ...]
    call: tuple[Phrase, ...]
    places: tuple[Phrase, ...]
    #: Adverbials and clauses by rhyme, only rhymes that at least two of them share.
    tails: Mapping[str, tuple[Phrase, ...]]
    clauses: Mapping[str, tuple[Phrase, ...]]
    #: The hook in its lines.
    hooks: tuple[Phrase, ...]


def find_material(plan: SongPlan, decisions: Decisions) -> Material:
    """Draw theme, person, mood and hook, and gather what suits them."""
    speech, known = diction(plan.styles), lines()
    named = themes_of(plan.theme, f"{plan.prompt} {plan.title}")
    main = named[0] if named else _drawn_theme(plan, speech, decisions)
    theme = themes()[main]
    share = _PLURAL if main in _PLURAL_THEMES else _SINGULAR
    plural = decisions.chance("lyrics/person", share) and not _personal(plan)
    valence = plan.valence if plan.mood_named else (plan.valence + float(theme["mood"])) / 2

    def suited(rows: Sequence[str]) -> tuple[Phrase, ...]:
        return tuple(dict.fromkeys(marked(rows, valence=valence, plural=plural)))

    def few(kind: str, most: int) -> list[str]:
        """Some of what any song can say: the theme is to be heard above it."""
        rows = pick_rows(known, kind)
        return sorted(rows, key=lambda row: (decisions.jitter(f"lyrics/deal/{kind}/{row}"), row))[:most]

    beside = [themes()[name] for name in named[1:2]]
    scene = [row for table in (theme, *beside) for row in table_rows(table["scene"])]
    act = [row for table in (theme, *beside) for row in table_rows(table["act"])]
    own = table_rows(speech.get("openings", ""))
    about = [row.format(plan.theme) for row in _ABOUT] if plan.theme and not named else []
    places = suited([row for table in (theme, *beside) for row in table_rows(table["places"])])
    second = pick_rows(known, "together" if plural else "second")
    hook = _hook(plan, theme, decisions)
    return Material(
        hook,
        suited([*about, *scene, *own, *act, *few("first", 4)]),
        suited([*second, *act, *own]),
        suited([*pick_rows(known, "turn"), *scene]),
        suited([*table_rows(speech.get("calls", "")), *few("call", 10), *act]),
        places,
        _by_rhyme(suited(pick_rows(known, "tails"))),
        _by_rhyme(suited(pick_rows(known, "clauses"))),
        _hook_lines(hook, known, plural=plural),
    )


def _drawn_theme(plan: SongPlan, speech: Mapping[str, Any], decisions: Decisions) -> str:
    """Draw a theme that the genre likes and that is near to the mood."""
    names = str(speech["themes"]).split()
    weights = [1 / (0.25 + abs(float(themes()[name]["mood"]) - plan.valence)) for name in names]
    return decisions.decide("lyrics/theme", names, weights)


def _personal(plan: SongPlan) -> bool:
    """Whether the words of the prompt speak of one person."""
    words = plan.theme.lower().split()
    return "my" in words or "i" in words or "me" in words


def _hook(plan: SongPlan, theme: Mapping[str, Any], decisions: Decisions) -> Phrase:
    asked = phrase(plan.title or plan.theme)
    if 1 <= asked.count <= _HOOK_MOST:
        return asked
    titles = table_rows(theme["titles"])
    return phrase(decisions.decide("lyrics/hook", titles))


def _hook_lines(hook: Phrase, known: Mapping[str, str], *, plural: bool) -> tuple[Phrase, ...]:
    """Return the lines the hook may stand in, with and without an echo."""
    gerund = hook.text.split()[0].lower().endswith("ing") and hook.text.split()[0].lower() not in _NOT_GERUNDS
    kind = "gerunds" if gerund else "calls_out" if _NO_THING.match(hook.text) else "hooks"
    frames = [frame.replace("{}", "{0}") for frame in pick_rows(known, kind)]
    bare = hook.text if hook.text[:2].isupper() or hook.text.istitle() else hook.text[:1].lower() + hook.text[1:]
    lines = [frame.format(bare) for frame in frames]
    echoes = [echo for echo in pick_rows(known, "echoes") if not meanings(echo) & meanings(f"{bare} night")]
    echoes += [] if _NIGHTLY.search(bare) else pick_rows(known, "nightly")
    lines += [f"{line} {echo}" for line in lines for echo in echoes if not meanings(echo) & meanings(line)]
    return tuple(phrase(as_plural(line) if plural and bare not in as_plural(line) else line) for line in lines)


def _by_rhyme(tails: Sequence[Phrase]) -> Mapping[str, tuple[Phrase, ...]]:
    groups: dict[str, list[Phrase]] = {}
    for tail in tails:
        groups.setdefault(tail.rhyme, []).append(tail)
    return {key: tuple(group) for key, group in groups.items() if len({tail.last for tail in group}) > 1}
