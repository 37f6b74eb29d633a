"""A language model as the writer of lyrics: any server that speaks the OpenAI chat protocol; off unless one is set.

Its words become the request's lyrics before anything is composed, so that recipes hold them and never ask again. What
it sends is reviewed (`compose.words.writer.review`); where that refuses or the server fails, our own writer writes.
"""

from __future__ import annotations

import json
import logging
import urllib.error
import urllib.request
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from text2song.compose.prompt.reader import read_prompt
from text2song.compose.words.language import is_english
from text2song.compose.words.writer.review import reviewed
from text2song.domain.context import CompositionContext, Vocals
from text2song.domain.errors import InvalidError
from text2song.domain.request import LYRICS_MAX, CompositionRequest

_LOG = logging.getLogger(__name__)
_MOST_BYTES = 1_000_000
_ATTEMPTS = 2
_ORDER = (
    "You write song lyrics. Answer with the lyrics alone: section tags in square brackets ([Verse 1], [Chorus], "
    "[Bridge]), four lines a section, seven to ten syllables a line, stressed syllables alternating, end rhymes (ABAB "
    "or AABB), the title in the chorus, clean language, nothing quoted from existing songs."
)


class LyricistAddressError(InvalidError):
    """The address of the model's server is no http address."""

    slug = "lyricist-address"


@dataclass(frozen=True, slots=True)
class Lyricist:
    """A chat server: its base address ("http://127.0.0.1:8080/v1"), the model's name, seconds to wait for it."""

    url: str
    model: str = ""
    patience: float = 60.0

    def __post_init__(self) -> None:
        """Raise `LyricistAddressError` for what is no http address."""
        if urlsplit(self.url).scheme not in ("http", "https") or not urlsplit(self.url).netloc:
            raise LyricistAddressError(f"“{self.url}” is no http address of a language model", field="lyrics_url")

    def worded(self, request: CompositionRequest) -> CompositionRequest:
        """Return the request with words of the model's, or as it is: words given, nobody to sing, nothing usable."""
        if request.lyrics is not None:
            return request
        context = read_prompt(request)
        if context.vocals is not Vocals.SUNG or context.lyrics is not None or not is_english(context.language):
            return request
        for attempt in range(_ATTEMPTS):
            words = reviewed(self._asked(context, request.seed + attempt))
            if words and len(words) <= LYRICS_MAX:
                return replace(request, lyrics=words)
        _LOG.info("the lyrics of %s could not be used; the built-in writer writes", self.url)
        return request

    def _asked(self, context: CompositionContext, seed: int) -> str:
        """Return the model's answer, "" when there is none."""
        wish = (
            f"Title: {context.title}\nAbout: {context.theme or context.prompt}\nStyle: {context.genres[0].name}\n"
            f"Mood: {', '.join(context.moods) or 'any'}"
        )
        messages = [{"role": "system", "content": _ORDER}, {"role": "user", "content": wish}]
        body = {"model": self.model, "messages": messages, "seed": seed % 2**31, "temperature": 0.9}
        call = urllib.request.Request(  # noqa: S310 - the scheme is checked above
            f"{self.url.rstrip('/')}/chat/completions",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(call, timeout=self.patience) as answer:  # noqa: S310
                found = json.loads(answer.read(_MOST_BYTES))
            text = found["choices"][0]["message"]["content"]
        except (OSError, ValueError, KeyError, IndexError, TypeError, urllib.error.URLError) as error:
            _LOG.warning("no lyrics from %s: %s", self.url, error)
            return ""
        return text if isinstance(text, str) else ""
