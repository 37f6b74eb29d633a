"""From a request to the one context of a song: what the user set wins, the words fill the rest, then the style."""

from __future__ import annotations

from text2song.compose.decisions import Decisions
from text2song.compose.elements.palette import excluded
from text2song.compose.prompt import alone, choices, effects, forms, measures, names, tempos, themes
from text2song.compose.prompt.feelings import Feeling, feeling_of, genre_feeling, read_feeling
from text2song.compose.prompt.genres import GenreReading, genre, read_genres
from text2song.compose.prompt.keys import read_key, read_metre
from text2song.compose.prompt.lengths import read_length, unmet_length
from text2song.compose.prompt.lexicon import lexicon
from text2song.compose.prompt.lexicon_rows import GenreRow, Kind
from text2song.compose.prompt.matching import Match, used_by
from text2song.compose.prompt.measures import StatedLength
from text2song.compose.prompt.orchestration import choir_of, read_instruments, read_without
from text2song.compose.prompt.sheet import Sheet
from text2song.compose.prompt.voices import read_language, read_vocals
from text2song.compose.style import Style, load_style
from text2song.domain.context import CompositionContext, Genre, Source, Vocals
from text2song.domain.instruments import catalogue
from text2song.domain.rational import Fraction
from text2song.domain.request import CompositionRequest
from text2song.domain.theory import Key, TimeSignature

#: The genre of a prompt that names none and hints at none.
_DEFAULT_GENRE = "pop"


def read_prompt(request: CompositionRequest, decisions: Decisions | None = None) -> CompositionContext:
    """Return the context of a valid request.

    The style's own choices (tempo, key) are drawn through `decisions` under "context/…", so the same request and
    seed give the same context. Raises `UnknownGenreError`, `UnknownMoodError`, `UnknownInstrumentError`,
    `UnknownSectionError` for names the user set, and `InvalidRequestError` for impossible figures in the words.
    """
    return _Reader(request, decisions or Decisions(request.seed)).context()


class _Reader:
    """Reads one request, field by field; every method records where its value came from."""

    def __init__(self, request: CompositionRequest, decisions: Decisions) -> None:
        self._request = request
        self._decisions = decisions
        self._lexicon = lexicon()
        self._prompt, self._lyrics = themes.split_lyrics(request.prompt)
        self._sheet = Sheet(self._prompt, self._lexicon)
        self._words = self._sheet.words
        # Figures first, because their words mean nothing else.
        self._stated_bpm = tempos.read_bpm(self._words, overruled=request.bpm is not None)
        self._stated_length = measures.read_duration(self._words)
        self._stated_key = read_key(self._words)
        self._stated_metre = read_metre(self._words)

    def context(self) -> CompositionContext:
        """Read everything else, what others depend on first."""
        request, sheet = self._request, self._sheet
        sheet.match()
        theme = sheet.take_theme()
        language = self._language()
        genres = self._genres()
        row = self._lexicon.genres[max(genres, key=lambda each: each.weight).name]
        style = load_style(max(genres, key=lambda each: each.weight).style)
        feeling, named = self._feeling(row)
        vocals, voice = self._vocals()
        without, instruments = self._instruments(row, style, vocals)
        bpm, word = self._tempo(self._stated_bpm, row, style, feeling if named else None)
        metre = choices.counted(self._metre(self._stated_metre, row, style), style, self._decisions)
        seconds = self._length(self._stated_length, style, float(metre.bar * 60 / bpm))
        return CompositionContext(
            prompt=request.prompt,
            seed=request.seed,
            title=self._title(theme, feeling.moods if named else (), genres[0].name),
            genres=genres,
            moods=feeling.moods,
            valence=feeling.valence,
            arousal=feeling.arousal,
            bpm=bpm,
            tempo_word=word,
            key=self._key(self._stated_key, row, style, feeling.valence if named else None),
            time_signature=metre,
            duration_seconds=seconds,
            instruments=instruments,
            without=without,
            vocals=vocals,
            voice=voice or choir_of(instruments, sheet.sources["instruments"]),
            language=language,
            structure=self._structure(),
            energy=self._energy(),
            theme=theme,
            lyrics=request.lyrics if request.lyrics is not None else self._lyrics,
            production=self._production(),
            sources=sheet.sourced(),
            not_understood=(*sheet.leftover(), *unmet_length(request, self._stated_length)),
        )

    def _genres(self) -> tuple[Genre, ...]:
        reading: GenreReading = read_genres(self._sheet.found, self._words, self._lexicon)
        wished = [
            (names.genre_named(one.name, self._lexicon), one.weight) for one in self._request.genres if one.weight > 0
        ]
        if wished:
            self._sheet.note("genres", Source.USER)
            total = sum(weight for _, weight in wished)
            return tuple(genre(self._lexicon.genres[name], weight / total) for name, weight in wished)
        for match in reading.matches:
            self._words.use(match.span)
        if reading.genres:
            self._sheet.note("genres", Source.WORDS, reading.words)
            return reading.genres
        self._sheet.note("genres", Source.STYLE)
        return (genre(self._lexicon.genres[_DEFAULT_GENRE], 1.0),)

    def _feeling(self, row: GenreRow) -> tuple[Feeling, bool]:
        """Return the feeling, and whether somebody named it."""
        asked = self._sheet.sources["genres"].source is not Source.STYLE and self._named_outright(row.name)
        heard, used = read_feeling(self._sheet.found, self._words, self._lexicon, row if asked else None)
        if self._request.moods:
            self._sheet.note("moods", Source.USER)
            return feeling_of(
                [names.mood_named(name, self._lexicon) for name in self._request.moods], self._lexicon
            ), True
        if heard is None:
            self._sheet.note("moods", Source.STYLE)
            return genre_feeling(row, self._lexicon), False
        self._sheet.take("moods", used)
        if heard.moods:
            return heard, True
        own = genre_feeling(row, self._lexicon)
        return Feeling(own.moods, heard.valence, heard.arousal), True

    def _named_outright(self, genre_name: str) -> bool:
        """Whether a genre was asked for by its name, not only suggested by a scene."""
        said = {name for name, match in used_by(self._sheet.found, Kind.GENRE) if not match.denied}
        return bool(self._request.genres) or genre_name in said

    def _vocals(self) -> tuple[Vocals, str]:
        heard, voice, used = read_vocals(self._sheet.found, self._words, self._lexicon)
        request = self._request
        denied = any(names.is_voice(name) for name in request.without)
        asked = request.lyrics is not None or any(names.is_voice(name) for name in request.instruments)
        if request.vocals is not None or asked or denied:
            self._sheet.take("voice", used)
            self._sheet.note("vocals", Source.USER)
            sung = not denied if request.vocals is None else request.vocals
            return (Vocals.SUNG, voice) if sung else (Vocals.INSTRUMENTAL, "")
        if self._lyrics is not None and heard is not Vocals.INSTRUMENTAL:
            self._sheet.note("vocals", Source.WORDS, "lyrics")
            return Vocals.SUNG, voice
        if heard is None and not used and self._sheet.sources["language"].words:
            # A language is named for words that are sung.
            self._sheet.note("vocals", Source.WORDS, self._sheet.sources["language"].words)
            return Vocals.SUNG, voice
        if heard is None:
            self._sheet.note("vocals", Source.STYLE)
            return Vocals.INSTRUMENTAL, ""
        self._sheet.note("vocals", Source.WORDS)  # "a song about"
        self._sheet.take("vocals", used)
        return heard, voice

    def _instruments(self, row: GenreRow, style: Style, vocals: Vocals) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return (without, instruments)."""
        request, found = self._request, self._sheet.found
        heard_without, denied = read_without(found, self._lexicon)
        heard, used = read_instruments(found, style, self._lexicon)
        without = names.left_out(request, self._lexicon)
        self._sheet.take("without", denied)
        if without:
            self._sheet.note("without", Source.USER)
        without += [] if request.without else heard_without
        if request.instruments:
            self._sheet.note("instruments", Source.USER)
            wished = [
                id_ for name in request.instruments for id_ in names.instruments_named(name, style, self._lexicon)
            ]
            clashing = {item for id_ in wished for item in (id_, catalogue()[id_].family)}
            without = [item for item in without if request.without or item not in clashing]
        elif heard:
            self._sheet.take("instruments", used)
            wished = list(heard)
            others = alone.read_alone(found, self._words, heard)
            without += [family for family in others if not (family == "voice" and vocals is Vocals.SUNG)]
        else:
            self._sheet.note("instruments", Source.STYLE)
            wished = [] if row.name.lower() == style.name else list(row.play)
        without += alone.voices_alone(found, self._words, wished)
        wished, silent = effects.without_effects(wished, found, self._words, self._lexicon)
        without += silent
        if without and "without" not in self._sheet.sources:
            self._sheet.note("without", Source.WORDS)  # "nothing but strings"
        kept = [id_ for id_ in wished if id_ != "voice_lead" and not excluded(catalogue()[id_], without)]
        return tuple(dict.fromkeys(without)), tuple(dict.fromkeys(kept))

    def _tempo(
        self, stated: tuple[Fraction, str] | None, row: GenreRow, style: Style, feeling: Feeling | None
    ) -> tuple[Fraction, str]:
        bounds = choices.tempo_range(row, style)
        words = [(name, match) for name, match in used_by(self._sheet.found, Kind.TEMPO) if not match.denied]
        paces = [(name, match) for name, match in used_by(self._sheet.found, Kind.PACE) if not match.denied]
        if self._request.bpm is not None:
            self._sheet.note("bpm", Source.USER)
            bpm = Fraction(str(self._request.bpm))
        elif stated is not None:
            self._sheet.note("bpm", Source.WORDS, stated[1])
            bpm = stated[0]
        elif words or paces or self._denied_tempo():
            bpm = self._worded_tempo(bounds, words, paces)
        else:
            self._sheet.note("bpm", Source.STYLE)
            bpm = choices.chosen_bpm(bounds, feeling.arousal if feeling else 0.0, self._decisions)
        self._sheet.take("tempo_word", [match for _, match in (*words, *paces)])
        named = [name for name, _ in words if name not in self._lexicon.words["pulse"]]
        return bpm, named[0] if named else choices.tempo_word(bpm)

    def _denied_tempo(self) -> list[tuple[str, Match]]:
        return [(name, match) for name, match in used_by(self._sheet.found, Kind.TEMPO) if match.denied]

    def _worded_tempo(
        self, bounds: tuple[float, float, float], words: list[tuple[str, Match]], paces: list[tuple[str, Match]]
    ) -> Fraction:
        """Draw a tempo from words; "not too fast" keeps to the middle of the style."""
        tables = self._lexicon.words
        for name, _ in words[:1]:
            bounds = choices.worded(bounds, name, tables)
        for name, match in paces[:1]:
            factor = tables["pace"][name][0]
            against = self._sheet.compared_bounds(match, bounds)
            if against == bounds or factor in {0.5, 2.0} or not choices.already(bounds, against, factor):
                bounds = against[2] * (factor - 0.04), against[2] * (factor + 0.04), against[2] * factor
        self._sheet.take("bpm", [match for _, match in (*words, *paces, *self._denied_tempo())])
        return choices.chosen_bpm(bounds, 0.0, self._decisions)

    def _key(self, stated: tuple[Key | None, str, str], row: GenreRow, style: Style, valence: float | None) -> Key:
        key, mode, said = stated
        if self._request.key is not None:
            self._sheet.note("key", Source.USER)
            return Key.parse(self._request.key)
        self._sheet.note("key", Source.WORDS if key or mode else Source.STYLE, said)
        return key or choices.chosen_key(row, style, mode, valence, self._decisions)

    def _metre(self, stated: tuple[TimeSignature, str] | None, row: GenreRow, style: Style) -> TimeSignature:
        named = [(name, match) for name, match in used_by(self._sheet.found, Kind.METRE) if not match.denied]
        if self._request.time_signature is not None:
            self._sheet.note("time_signature", Source.USER)
            return TimeSignature.parse(self._request.time_signature)
        if stated is not None:
            self._sheet.note("time_signature", Source.WORDS, stated[1])
            return stated[0]
        if named:
            self._sheet.take("time_signature", [match for _, match in named])
            return TimeSignature.parse(named[0][0])
        self._sheet.note("time_signature", Source.STYLE)
        return choices.style_metre(row, style)

    def _length(self, stated: StatedLength | None, style: Style, bar_seconds: float) -> float:
        if self._request.duration_seconds is not None:
            self._sheet.note("duration_seconds", Source.USER)
            return float(self._request.duration_seconds)
        found = read_length(stated, self._request.lyrics or self._lyrics, bar_seconds, choices.style_seconds(style))
        self._sheet.note("duration_seconds", *found[1:])
        return found[0]

    def _structure(self) -> tuple[str, ...]:
        heard, used = forms.read_structure(self._sheet.found, self._words, self._lexicon)
        if self._request.structure:
            self._sheet.note("structure", Source.USER)
            return tuple(names.section_named(name, self._lexicon) for name in self._request.structure)
        self._sheet.take("structure", used)
        if not heard:
            self._sheet.note("structure", Source.STYLE)
        return heard

    def _energy(self) -> tuple[float, ...]:
        heard, used = forms.read_energy(self._sheet.found, self._lexicon)
        if self._request.energy:
            self._sheet.note("energy", Source.USER)
            return self._request.energy
        self._sheet.take("energy", used)
        return heard

    def _language(self) -> str:
        heard = read_language(self._sheet.found, self._words)
        if heard is None:
            self._sheet.note("language", Source.WORDS if self._sheet.language else Source.STYLE)
            return self._sheet.language or "en"
        self._sheet.take("language", [heard[1]])
        self._sheet.only(heard[1], Kind.LANGUAGE)
        return heard[0]

    def _production(self) -> tuple[str, ...]:
        names, used = effects.read_production(self._sheet.found, self._words, self._lexicon)
        self._sheet.take("production", used)
        return names

    def _title(self, theme: str, moods: tuple[str, ...], genre_name: str) -> str:
        title, source, said = themes.titled(self._request.title, self._prompt, theme, (moods, genre_name))
        self._sheet.note("title", source, said)
        return title
