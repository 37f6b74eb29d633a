import { Keyboard, Layers, ListMusic, SlidersHorizontal, type LucideIcon } from "lucide-react";

const STEPS: { Icon: LucideIcon; title: string; text: string }[] = [
  { Icon: ListMusic, title: "Describe it", text: "A sentence is enough. Name a style, a mood, a tempo, a key, players or a length, and they are kept." },
  { Icon: SlidersHorizontal, title: "Fix what matters", text: "Under Options you set values yourself; those always win over the words." },
  { Icon: Layers, title: "Listen inside", text: "Mute and solo every stem, see sections and chords, and read what was asked against what was measured." },
  { Icon: Keyboard, title: "Take it home", text: "WAV, FLAC, MP3, stems, MIDI and MusicXML. Space plays and pauses, the arrows move five seconds." },
];

/** What the page says before a song is open. */
export function Welcome() {
  return (
    <div className="lg:pt-6">
      <h1 className="max-w-xl text-3xl font-semibold tracking-tight text-balance sm:text-4xl">Say what you want to hear. Get the finished song.</h1>
      <p className="mt-3 max-w-xl text-muted">Composed, arranged, mixed and mastered on this machine, with its stems and its score.</p>
      <ul className="mt-10 grid gap-x-10 gap-y-8 sm:grid-cols-2">
        {STEPS.map(({ Icon, title, text }) => (
          <li key={title}>
            <Icon className="size-5 text-accent" aria-hidden />
            <h2 className="mt-3 font-medium">{title}</h2>
            <p className="mt-1 text-sm text-muted">{text}</p>
          </li>
        ))}
      </ul>
    </div>
  );
}
