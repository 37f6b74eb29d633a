"""The request for a song; limits are those of `domain.request`, names are checked by the composer."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from text2song.api.schemas.base import Incoming
from text2song.domain.request import (
    BPM,
    DURATION_SECONDS,
    LYRICS_MAX,
    PROMPT_MAX,
    TAKES,
    CompositionRequest,
    GenreWeight,
)
from text2song.services.submissions import Options

Name = Annotated[str, Field(min_length=1, max_length=60)]

#: The largest integer that every JSON reader keeps exactly (RFC 8259, section 6).
_SEED_MAX = 2**53 - 1


def _example() -> JsonDict:
    return {
        "prompt": "dreamy synthwave about night drives, 100 bpm, A minor, 60 seconds",
        "num_samples": 2,
        "genres": [{"name": "synthwave", "weight": 1.0}],
        "seed": 7,
    }


class Genre(Incoming):
    """One genre of a blend."""

    name: Name = Field(examples=["synthwave"])
    weight: float = Field(default=1.0, ge=0, le=1000, allow_inf_nan=False)


class MusicFields(Incoming):
    """What the user may fix; whatever is left out, the words and the style decide."""

    duration: float | None = Field(
        default=None, ge=DURATION_SECONDS[0], le=DURATION_SECONDS[1], description="Seconds.", examples=[60]
    )
    bpm: float | None = Field(default=None, ge=BPM[0], le=BPM[1], description="Beats per minute.", examples=[100])
    key: str | None = Field(default=None, max_length=40, examples=["A minor"])
    time_signature: str | None = Field(default=None, max_length=32, examples=["4/4"])
    genres: list[Genre] = Field(default=[], max_length=4)
    moods: list[Name] = Field(default=[], max_length=16, examples=[["dreamy"]])
    instruments: list[Name] = Field(default=[], max_length=16, examples=[["synth_pad"]])
    without: list[Name] = Field(
        default=[], max_length=16, description="Instruments, families or roles that must not sound."
    )
    structure: list[Name] = Field(default=[], max_length=64, examples=[["intro", "verse", "chorus", "outro"]])
    energy: list[float] = Field(
        default=[], max_length=256, description="Targets in 0–1, spread evenly over the song; at least two."
    )
    lyrics: str | None = Field(default=None, max_length=LYRICS_MAX)
    vocals: Literal["auto", "sung", "instrumental"] = "auto"
    seed: int | None = Field(
        default=None, ge=0, le=_SEED_MAX, description="The same request with the same seed gives the same song."
    )
    title: str | None = Field(default=None, max_length=200)

    def music(self, prompt: str) -> CompositionRequest:
        """Return the domain's request for `prompt` with these fields."""
        return CompositionRequest(
            prompt=prompt,
            seed=self.seed or 0,
            duration_seconds=self.duration,
            bpm=self.bpm,
            key=self.key,
            time_signature=self.time_signature,
            genres=tuple(GenreWeight(genre.name, genre.weight) for genre in self.genres),
            moods=tuple(self.moods),
            instruments=tuple(self.instruments),
            without=tuple(self.without),
            structure=tuple(self.structure),
            energy=tuple(self.energy),
            lyrics=self.lyrics,
            vocals={"auto": None, "sung": True, "instrumental": False}[self.vocals],
            title=self.title,
        )


class AdapterUse(Incoming):
    """An adapter to compose with, and how strongly."""

    name: Name = Field(examples=["my-taste"])
    weight: float = Field(default=1.0, ge=-2, le=2, allow_inf_nan=False)


class MakingFields(Incoming):
    """How to make it; the sampling figures are read by neural providers only."""

    num_samples: int = Field(default=1, ge=TAKES[0], le=TAKES[1], description="Takes to make.")
    provider: str | None = Field(default=None, max_length=40, examples=["composer"])
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    precision: Literal["float32", "float16"] = "float32"
    temperature: float | None = Field(default=None, gt=0, le=5, allow_inf_nan=False)
    top_k: int | None = Field(default=None, ge=0, le=100_000)
    guidance: float | None = Field(default=None, ge=0, le=50, allow_inf_nan=False)
    adapters: list[AdapterUse] = Field(default=[], max_length=8, description="Each by its name, once.")

    def making(self) -> Options:
        """Return the use case's options."""
        plain = {name: getattr(self, name) for name in MakingFields.model_fields if name != "adapters"}
        return Options(**plain, adapters=[adapter.model_dump() for adapter in self.adapters])

    @model_validator(mode="after")
    def _adapters_once(self) -> Self:
        names = [adapter.name for adapter in self.adapters]
        if len(set(names)) < len(names):
            raise ValueError("an adapter is named twice")
        return self


class PromptCreate(MusicFields):
    """A prompt to keep."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"prompt": _example()["prompt"]}]})

    prompt: str = Field(min_length=1, max_length=PROMPT_MAX)


class CompositionCreate(MusicFields, MakingFields):
    """The full request for a song."""

    model_config = ConfigDict(json_schema_extra={"examples": [_example()]})

    prompt: str = Field(min_length=1, max_length=PROMPT_MAX)
    reference_file_id: UUID | None = Field(
        default=None,
        strict=False,
        description="A sound sent before: its tempo, key and energy stand where neither the fields nor the words say.",
    )


class GenerateRequest(MusicFields, MakingFields):
    """A song of a prompt: written here, or stored before; a stored prompt brings its own fields."""

    model_config = ConfigDict(json_schema_extra={"examples": [_example()]})

    prompt: str | None = Field(default=None, min_length=1, max_length=PROMPT_MAX)
    prompt_id: Annotated[UUID, Field(strict=False)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _one_prompt(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        if (values.get("prompt") is None) == (values.get("prompt_id") is None):
            raise ValueError("send either prompt or prompt_id")
        fields = sorted(set(values) & set(MusicFields.model_fields) - {"seed"})
        if values.get("prompt_id") is not None and fields:
            raise ValueError(f"a stored prompt brings its own fields; leave out {', '.join(fields)}")
        return values


class CompositionChange(Incoming):
    """Another title, or who may hear a song; what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"title": "Night Drive"}, {"public": True}]})

    title: str | None = Field(default=None, min_length=1, max_length=200)
    public: bool | None = Field(default=None, description="Whether everyone may read and hear it.")

    @model_validator(mode="after")
    def _something(self) -> CompositionChange:
        if self.title is None and self.public is None:
            raise ValueError("send a title, public, or both")
        return self
