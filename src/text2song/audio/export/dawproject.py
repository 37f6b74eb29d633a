"""DAWproject 1.0 (Bitwig): stems and notes on one timeline with tempo, metre and section markers.

The audio itself is laid beside the documents in one ZIP archive, under `audio_path`.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import MappingProxyType
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import text2song
from text2song.domain.composition import UnifiedComposition
from text2song.domain.instruments import instrument
from text2song.domain.rational import Fraction
from text2song.domain.score import Note, Part, Role

#: Colours of tracks by role, readable on dark and light.
_COLOURS: Mapping[Role, str] = MappingProxyType(
    {
        Role.VOCAL: "#e05a8c", Role.LEAD: "#e08a3c", Role.BASS: "#5a7ae0", Role.DRUMS: "#8a8f98", Role.PAD: "#6fb7c9",
        Role.CHORDS: "#46a86e", Role.ARPEGGIO: "#b9a13c", Role.COUNTER: "#a06fd6", Role.EFFECTS: "#6d7683",
        Role.BACKING: "#e08fb0",
    }
)  # fmt: skip
#: ZIP times begin here, and a file without a time of its own is the same bytes every time.
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class AudioFile:
    """One stem's sound as the project names it."""

    #: Name of the part.
    part: str
    #: "wav" or "flac".
    ending: str
    seconds: float
    sample_rate: int
    channels: int = 2


def audio_path(file: AudioFile) -> str:
    """Return where a stem lies in the archive."""
    return f"audio/{file.part}.{file.ending}"


def project_documents(composition: UnifiedComposition, audio: Sequence[AudioFile]) -> dict[str, bytes]:
    """Return project.xml and metadata.xml for a composition and its stems."""
    return {"project.xml": _Project(composition, audio).document(), "metadata.xml": _metadata(composition)}


def write_dawproject(path: Path, composition: UnifiedComposition, stems: Sequence[tuple[AudioFile, Path]]) -> None:
    """Write the archive with its audio, stored as it is: sound does not shrink."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in project_documents(composition, [file for file, _ in stems]).items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
        for file, source in stems:
            info = zipfile.ZipInfo(audio_path(file), _EPOCH)
            info.file_size = source.stat().st_size
            with source.open("rb") as sound, archive.open(info, "w") as target:
                while piece := sound.read(1 << 20):
                    target.write(piece)


class _Project:
    """The document while it is built: identifiers are numbered in the order they are given out."""

    def __init__(self, composition: UnifiedComposition, audio: Sequence[AudioFile]) -> None:
        self._composition = composition
        self._audio = {file.part: file for file in audio}
        self._numbers = count()
        self._root = Element("Project", version="1.0")
        self._beats = _number(composition.length)

    def document(self) -> bytes:
        """Return project.xml."""
        SubElement(self._root, "Application", name="Text2Song Studio", version=text2song.__version__)
        tempo, metre = self._transport()
        structure = SubElement(self._root, "Structure")
        arrangement = self._identified(SubElement(self._root, "Arrangement"))
        lanes = self._identified(SubElement(arrangement, "Lanes", timeUnit="beats"))
        master = self._master_channel_id()
        for part in self._composition.parts:
            if part.notes:
                self._part(part, structure, lanes, master)
        self._master(structure, master)
        self._markers(arrangement)
        self._automation(arrangement, tempo, metre)
        indent(self._root)
        return b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + bytes(
            tostring(self._root, encoding="utf-8")
        )

    def _transport(self) -> tuple[str, str]:
        transport = SubElement(self._root, "Transport")
        bpm = _number(self._composition.tempo.bpm)
        tempo = SubElement(transport, "Tempo", name="Tempo", max="666", min="20", unit="bpm", value=bpm)
        signature = self._composition.time_signature
        metre = SubElement(
            transport, "TimeSignature", numerator=str(signature.numerator), denominator=str(signature.denominator)
        )
        return self._identified(tempo).attrib["id"], self._identified(metre).attrib["id"]

    def _part(self, part: Part, structure: Element, lanes: Element, master: str) -> None:
        """Add a track with the stem's sound and, below it in the list, one with its notes."""
        colour = _COLOURS[part.role]
        file = self._audio.get(part.name)
        if file is not None:
            track = self._track(structure, part.name, "audio", colour, master)
            self._sound(self._lane(lanes, track), file)
        name = f"{part.name} notes ({instrument(part.instrument).name})"
        track = self._track(structure, name, "notes", colour, master)
        self._notes(self._lane(lanes, track), part)

    def _track(self, structure: Element, name: str, content: str, colour: str, master: str) -> str:
        track = self._identified(
            SubElement(structure, "Track", name=name, color=colour, contentType=content, loaded="true")
        )
        self._channel(track, "regular", master)
        return track.attrib["id"]

    def _channel(self, track: Element, role: str, destination: str | None, number: str | None = None) -> None:
        channel = SubElement(track, "Channel", audioChannels="2", role=role, solo="false")
        channel.attrib["id"] = number or self._next()
        if destination is not None:
            channel.attrib["destination"] = destination
        self._identified(SubElement(channel, "Mute", name="Mute", value="false"))
        self._identified(SubElement(channel, "Pan", name="Pan", max="1", min="0", unit="normalized", value="0.5"))
        self._identified(SubElement(channel, "Volume", name="Volume", max="2", min="0", unit="linear", value="1"))

    def _lane(self, lanes: Element, track: str) -> Element:
        lane = self._identified(SubElement(lanes, "Lanes", track=track))
        return self._identified(SubElement(lane, "Clips"))

    def _sound(self, clips: Element, file: AudioFile) -> None:
        """Lay the stem from the first beat to the end of its ring-out; warp points tie seconds to beats."""
        tempo = self._composition.tempo
        end = _beats_at(self._composition, file.seconds)
        clip = SubElement(clips, "Clip", time="0", duration=_number(end), playStart="0", name=file.part)
        warps = self._identified(SubElement(clip, "Warps", contentTimeUnit="seconds", timeUnit="beats"))
        audio = SubElement(
            warps,
            "Audio",
            algorithm="raw",
            channels=str(file.channels),
            sampleRate=str(file.sample_rate),
            duration=f"{file.seconds:.6f}",
        )
        self._identified(audio)
        SubElement(audio, "File", path=audio_path(file))
        places = [start for start, _ in tempo.changes if start < end] + [end]
        for place in places:
            SubElement(warps, "Warp", time=_number(place), contentTime=f"{tempo.seconds(place):.6f}")

    def _notes(self, clips: Element, part: Part) -> None:
        channel = "9" if instrument(part.instrument).percussion else "0"
        clip = SubElement(clips, "Clip", time="0", duration=self._beats, playStart="0", name=part.name)
        notes = self._identified(SubElement(clip, "Notes"))
        for note in sorted(part.notes):
            SubElement(notes, "Note", self._note(note, channel))

    def _note(self, note: Note, channel: str) -> dict[str, str]:
        """Notes stand where they are played: the feel is part of the performance."""
        velocity = f"{note.velocity / 127:.4f}"
        bpm = next(bpm for start, bpm in reversed(self._composition.tempo.changes) if start <= note.start)
        start = max(Fraction(0), note.start + Fraction(note.nudge_us, 60_000_000) * bpm)
        return {
            "time": _number(start),
            "duration": _number(note.duration),
            "channel": channel,
            "key": str(note.pitch),
            "vel": velocity,
            "rel": velocity,
        }

    def _master_channel_id(self) -> str:
        return self._next()

    def _master(self, structure: Element, number: str) -> None:
        track = SubElement(structure, "Track", name="Master", contentType="audio notes", loaded="true")
        self._channel(self._identified(track), "master", None, number)

    def _markers(self, arrangement: Element) -> None:
        markers = self._identified(SubElement(arrangement, "Markers", timeUnit="beats"))
        for section in self._composition.sections:
            place = _number(self._composition.section_start(section))
            SubElement(markers, "Marker", name=section.name.replace(".", " "), time=place)

    def _automation(self, arrangement: Element, tempo: str, metre: str) -> None:
        """Tempo steps hold until the next one; the metre is one for the whole song."""
        points = self._identified(SubElement(arrangement, "TempoAutomation", unit="bpm", timeUnit="beats"))
        SubElement(points, "Target", parameter=tempo)
        for place, bpm in self._composition.tempo.changes:
            SubElement(points, "RealPoint", time=_number(place), value=_number(bpm), interpolation="hold")
        signature = self._composition.time_signature
        points = self._identified(SubElement(arrangement, "TimeSignatureAutomation", timeUnit="beats"))
        SubElement(points, "Target", parameter=metre)
        figures = {"numerator": str(signature.numerator), "denominator": str(signature.denominator)}
        SubElement(points, "TimeSignaturePoint", {"time": "0", **figures})

    def _identified(self, element: Element) -> Element:
        element.attrib["id"] = self._next()
        return element

    def _next(self) -> str:
        return f"id{next(self._numbers)}"


def _metadata(composition: UnifiedComposition) -> bytes:
    root = Element("MetaData")
    genres = " / ".join(genre.name for genre in composition.context.genres)
    facts = {
        "Title": composition.context.title,
        "Artist": "Text2Song Studio",
        "Genre": genres,
        "Comment": "AI-generated",
    }
    for name, text in facts.items():
        SubElement(root, name).text = text
    indent(root)
    return b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + bytes(tostring(root, encoding="utf-8"))


def _beats_at(composition: UnifiedComposition, seconds: float) -> Fraction:
    """Return the position in quarter notes that sounds at a time, rounded to a 960th."""
    tempo = composition.tempo
    begun = [(start, bpm) for start, bpm in tempo.changes if tempo.seconds(start) <= seconds]
    start, bpm = begun[-1] if begun else tempo.changes[0]
    return Fraction(round((float(start) + (seconds - tempo.seconds(start)) * float(bpm) / 60) * 960), 960)


def _number(value: Fraction) -> str:
    return f"{float(value):.6f}".rstrip("0").rstrip(".")
