"""Edits over the wire; what fits the song is checked by the composer."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from text2song.api.schemas.base import Incoming
from text2song.domain.edits import Edit
from text2song.domain.request import BPM, DURATION_SECONDS, LYRICS_MAX

Target = Annotated[str, Field(min_length=1, max_length=80, examples=["chorus.2/bass"])]
Targets = Annotated[list[Target], Field(max_length=64)]
Level = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Name = Annotated[str, Field(min_length=1, max_length=60)]


class EditCreate(Incoming):
    """One change of a finished song; a target is a part, a section, or section/part."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"remake": ["chorus.1/bass"], "lock": ["drums"]}]})

    remake: Targets = Field(default=[], description="What to compose anew; also verse.1/harmony and verse.1/lyrics.")
    lyrics: str | None = Field(default=None, max_length=LYRICS_MAX, description="New words, placed by section tags.")
    bpm: float | None = Field(default=None, ge=BPM[0], le=BPM[1])
    key: str | None = Field(default=None, max_length=40, description="Another tonic in the song's mode.")
    instruments: dict[Name, Name] = Field(default={}, max_length=64, description="Another instrument by part.")
    energy: list[Level] = Field(default=[], max_length=256, description="One level, or a curve over the song.")
    section_energy: dict[Name, Level] = Field(default={}, max_length=64)
    moods: list[Name] = Field(default=[], max_length=16)
    extend: str | None = Field(default=None, min_length=1, max_length=80, description="A section to play once more.")
    duration: float | None = Field(
        default=None, ge=DURATION_SECONDS[0], le=DURATION_SECONDS[1], description="A length to extend to, seconds."
    )
    remove: Targets = Field(default=[], description="Parts, or stretches of them, that fall silent.")
    add: Targets = Field(default=[], description="Places of the band to fill: pad, or pad=strings.")
    lock: Targets = Field(default=[], description="What must stay as it is.")
    seed: int = Field(default=0, ge=0, le=2**53 - 1, description="Another number makes anew otherwise.")
    take: int = Field(default=1, ge=1, le=64, description="Number of the take to edit.")

    def edit(self) -> Edit:
        """Return the domain's edit."""
        return Edit(
            remake=tuple(self.remake),
            lyrics=self.lyrics,
            bpm=self.bpm,
            key=self.key,
            instruments=dict(self.instruments),
            energy=tuple(self.energy),
            section_energy=dict(self.section_energy),
            moods=tuple(self.moods),
            extend=self.extend,
            duration_seconds=self.duration,
            remove=tuple(self.remove),
            add=tuple(self.add),
            lock=tuple(self.lock),
            seed=self.seed,
        )
