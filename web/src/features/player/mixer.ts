/** What the listener did to one stem. */
export interface Strip {
  muted: boolean;
  solo: boolean;
  /** Decibels added, within `GAIN_DB`. */
  gainDb: number;
}

export type Mixer = Readonly<Record<string, Strip>>;

export type MixerAction =
  | { type: "mute"; stem: string }
  | { type: "solo"; stem: string }
  | { type: "gain"; stem: string; gainDb: number }
  | { type: "reset" };

export const GAIN_DB = { min: -30, max: 6 } as const;

const FLAT: Strip = { muted: false, solo: false, gainDb: 0 };

/** A mixer with every stem as it was mixed. */
export function flatMixer(stems: readonly string[]): Mixer {
  return Object.fromEntries(stems.map((stem) => [stem, FLAT]));
}

/** The mixer after one move; a stem it does not know changes nothing. */
export function mix(mixer: Mixer, action: MixerAction): Mixer {
  if (action.type === "reset") return flatMixer(Object.keys(mixer));
  const strip = mixer[action.stem];
  if (!strip) return mixer;
  return { ...mixer, [action.stem]: change(strip, action) };
}

function change(strip: Strip, action: Exclude<MixerAction, { type: "reset" }>): Strip {
  switch (action.type) {
    case "mute":
      return { ...strip, muted: !strip.muted };
    case "solo":
      return { ...strip, solo: !strip.solo };
    case "gain":
      return { ...strip, gainDb: Math.min(GAIN_DB.max, Math.max(GAIN_DB.min, action.gainDb)) };
  }
}

/** Linear gain of each stem: silent when muted or when another is soloed; the fader's lowest point is silence. */
export function gains(mixer: Mixer): Record<string, number> {
  const anySolo = Object.values(mixer).some((strip) => strip.solo);
  return Object.fromEntries(
    Object.entries(mixer).map(([stem, { muted, solo, gainDb }]) => {
      const silent = muted || (anySolo && !solo) || gainDb <= GAIN_DB.min;
      return [stem, silent ? 0 : 10 ** (gainDb / 20)];
    }),
  );
}

/** Whether any stem differs from how it was mixed. */
export function isTouched(mixer: Mixer): boolean {
  return Object.values(mixer).some((strip) => strip.muted || strip.solo || strip.gainDb !== 0);
}
