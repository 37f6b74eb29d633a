/** Prompts to start from: different styles, tempos and ways of saying what one wants. */
export const EXAMPLES = [
  { label: "Night drive", prompt: "dreamy synthwave about night drives, 100 bpm, A minor, 60 seconds" },
  { label: "Rainy study", prompt: "dusty lo-fi hip-hop for a rainy afternoon, mellow electric piano and upright bass, no vocals" },
  { label: "Sunday jazz", prompt: "relaxed jazz trio in F major with brushed drums, piano solo in the middle, 90 seconds" },
  { label: "Campfire", prompt: "warm folk song in 3/4 with acoustic guitar and strings, hopeful, slow build to a big last chorus" },
  { label: "Club", prompt: "driving house at 124 bpm, deep bass, bright piano chords, a breakdown and a drop" },
  { label: "Title music", prompt: "epic cinematic opening in D minor, low strings and brass, quiet start, huge ending, 45 seconds" },
] as const;
