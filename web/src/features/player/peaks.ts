/** Largest magnitude in each of `slices` equal stretches of a signal. */
export function peaksOf(signal: Float32Array, slices: number): Float32Array {
  const peaks = new Float32Array(slices);
  const size = signal.length / slices;
  for (let slice = 0; slice < slices; slice += 1) {
    const end = Math.floor((slice + 1) * size);
    let peak = 0;
    for (let at = Math.floor(slice * size); at < end; at += 1) peak = Math.max(peak, Math.abs(signal[at] ?? 0));
    peaks[slice] = peak;
  }
  return peaks;
}
