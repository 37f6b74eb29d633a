import type { Engine } from "./engine";
import { rootMeanSquare } from "./loudness";
import { peaksOf } from "./peaks";

export interface StemSource {
  name: string;
  url: string;
}

/** Decoded stems may take this much memory; longer songs are previewed at half the sample rate. */
const MEMORY_BYTES = 700e6;
const CHANNELS = 2;
const FLOAT_BYTES = 4;
const RAMP_SECONDS = 0.015;
/** Strokes that a stem is drawn with. */
export const PEAKS = 200;

/** The stems cannot be played here; the message is for the listener. */
export class StemsUnavailableError extends Error {}

/** The sample rate at which `stems` decoded stems of `seconds` fit in memory; throws where none does. */
export function sampleRateFor(stems: number, seconds: number): number {
  const bytes = (rate: number) => stems * seconds * rate * CHANNELS * FLOAT_BYTES;
  for (const rate of [44_100, 22_050]) if (bytes(rate) <= MEMORY_BYTES) return rate;
  throw new StemsUnavailableError("This song is too long to hold its stems in the browser; download them instead.");
}

/** Plays all stems from one clock, so they stay together to the sample; each has its own gain. */
export class StemEngine implements Engine {
  readonly duration: number;
  readonly failed = false;
  /** Each stem's sound, to draw it. */
  readonly peaks: ReadonlyMap<string, Float32Array>;
  private readonly listeners = new Set<() => void>();
  private readonly faders = new Map<string, GainNode>();
  private readonly master: GainNode;
  private sources: AudioBufferSourceNode[] = [];
  private startedAt = 0;
  /** Whether it plays, or is about to: waking the audio hardware takes its time. */
  private wanted = false;
  /** Counts starts and stops, so that a start that was overtaken while it waited can tell. */
  private turn = 0;
  private offset = 0;

  private constructor(
    private readonly context: AudioContext,
    private readonly buffers: Map<string, AudioBuffer>,
    private readonly makeUp: number,
  ) {
    this.peaks = new Map([...buffers].map(([name, buffer]) => [name, peaksOf(buffer.getChannelData(0), PEAKS)]));
    this.duration = Math.max(...[...buffers.values()].map((buffer) => buffer.duration));
    this.master = context.createGain();
    this.master.gain.value = makeUp;
    // Raised faders may exceed full scale: a limiter keeps that from clipping.
    const limiter = new DynamicsCompressorNode(context, { threshold: -1, knee: 0, ratio: 20, attack: 0.002, release: 0.1 });
    this.master.connect(limiter).connect(context.destination);
    for (const name of buffers.keys()) {
      const fader = context.createGain();
      fader.connect(this.master);
      this.faders.set(name, fader);
    }
  }

  /**
   * Fetches and decodes every stem, telling how many are ready.
   *
   * `loudness` is the root mean square of the finished mix: the stems, which are not mastered, are raised to it.
   */
  static async load(stems: readonly StemSource[], seconds: number, loudness: number, onReady: (ready: number) => void, signal: AbortSignal): Promise<StemEngine> {
    const context = new AudioContext({ sampleRate: sampleRateFor(stems.length, seconds) });
    const buffers = new Map<string, AudioBuffer>();
    try {
      // One after the other: a decoder already uses every core, and memory peaks lower.
      for (const stem of stems) {
        buffers.set(stem.name, await decode(context, stem, signal));
        onReady(buffers.size);
      }
    } catch (error) {
      await context.close();
      throw error;
    }
    return new StemEngine(context, buffers, makeUpGain([...buffers.values()], loudness));
  }

  get playing(): boolean {
    return this.wanted;
  }

  get time(): number {
    if (!this.sources.length) return this.offset;
    return Math.min(this.duration, this.offset + Math.max(0, this.context.currentTime - this.startedAt));
  }

  async play(): Promise<void> {
    if (this.wanted) return;
    this.wanted = true;
    const turn = ++this.turn;
    await this.context.resume();
    // Paused, moved or closed meanwhile.
    if (turn !== this.turn) return;
    if (this.offset >= this.duration) this.offset = 0;
    // One moment for all of them, far enough ahead to schedule every source before it comes.
    this.startedAt = this.context.currentTime + 0.03;
    this.sources = [...this.buffers].map(([name, buffer]) => this.source(name, buffer));
    const longest = this.sources.find((source) => source.buffer?.duration === this.duration);
    if (longest) longest.onended = () => this.ended();
    this.changed();
  }

  pause(): void {
    if (!this.wanted) return;
    this.offset = this.time;
    this.stop();
    this.changed();
  }

  seek(time: number): void {
    const wasPlaying = this.wanted;
    this.stop();
    this.offset = Math.min(this.duration, Math.max(0, time));
    if (wasPlaying) void this.play();
    else this.changed();
  }

  setVolume(volume: number): void {
    this.master.gain.setTargetAtTime(volume * this.makeUp, this.context.currentTime, RAMP_SECONDS);
  }

  /** Sets the linear gain of each stem, with a ramp too short to hear and too long to click. */
  setGains(gains: Readonly<Record<string, number>>): void {
    for (const [name, fader] of this.faders) {
      fader.gain.setTargetAtTime(gains[name] ?? 1, this.context.currentTime, RAMP_SECONDS);
    }
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Stops for good and gives the memory back. */
  close(): void {
    this.stop();
    this.buffers.clear();
    void this.context.close();
  }

  private source(name: string, buffer: AudioBuffer): AudioBufferSourceNode {
    const source = new AudioBufferSourceNode(this.context, { buffer });
    source.connect(this.faders.get(name) ?? this.master);
    source.start(this.startedAt, Math.min(this.offset, buffer.duration));
    return source;
  }

  private stop(): void {
    for (const source of this.sources) {
      source.onended = null;
      source.stop();
      source.disconnect();
    }
    this.sources = [];
    this.wanted = false;
    this.turn += 1;
  }

  private ended(): void {
    this.stop();
    this.offset = this.duration;
    this.changed();
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}

async function decode(context: AudioContext, stem: StemSource, signal: AbortSignal): Promise<AudioBuffer> {
  const bytes = await fetchBytes(stem, signal);
  try {
    return await context.decodeAudioData(bytes);
  } catch {
    throw new StemsUnavailableError(`This browser cannot decode the stem “${stem.name}”; download the stems instead.`);
  }
}

async function fetchBytes({ name, url }: StemSource, signal: AbortSignal): Promise<ArrayBuffer> {
  const response = await fetch(url, { signal }).catch(() => null);
  if (response && !response.ok) throw new StemsUnavailableError(`The stem “${name}” could not be loaded (status ${response.status}).`);
  const bytes = await response?.arrayBuffer().catch(() => null);
  if (!bytes) throw new StemsUnavailableError("The studio does not answer, so the stems could not be loaded.");
  return bytes;
}

function makeUpGain(buffers: readonly AudioBuffer[], loudness: number): number {
  const level = rootMeanSquare(buffers.map((buffer) => buffer.getChannelData(0)));
  if (level <= 0 || loudness <= 0) return 1;
  return Math.min(8, Math.max(0.25, loudness / level));
}
