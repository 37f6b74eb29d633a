// A level needs no treble: decoding to the lowest rate browsers allow takes a fifth of the memory.
const SAMPLE_RATE = 8000;

/** Root mean square of the sum of signals, from every 32nd sample: enough for a level. */
export function rootMeanSquare(signals: readonly Float32Array[]): number {
  const length = Math.max(0, ...signals.map((signal) => signal.length));
  let sum = 0;
  let counted = 0;
  for (let at = 0; at < length; at += 32) {
    let sample = 0;
    for (const signal of signals) sample += signal[at] ?? 0;
    sum += sample * sample;
    counted += 1;
  }
  return counted ? Math.sqrt(sum / counted) : 0;
}

/** Fetches a sound and returns its root mean square, 0–1; throws where it cannot be fetched or decoded. */
export async function fetchLoudness(url: string, signal: AbortSignal): Promise<number> {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`status ${response.status}`);
  const context = new OfflineAudioContext(1, 1, SAMPLE_RATE);
  const buffer = await context.decodeAudioData(await response.arrayBuffer());
  return rootMeanSquare([buffer.getChannelData(0)]);
}
