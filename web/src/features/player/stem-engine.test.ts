import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { StemEngine, StemsUnavailableError } from "./stem-engine";

class FakeNode {
  readonly gain = { value: 1, setTargetAtTime: vi.fn() };
  connect(next: unknown): unknown {
    return next;
  }
  disconnect(): void {}
}

class FakeSource extends FakeNode {
  static sounding = new Set<FakeSource>();
  onended: (() => void) | null = null;
  readonly buffer: AudioBuffer;

  constructor(_context: unknown, { buffer }: { buffer: AudioBuffer }) {
    super();
    this.buffer = buffer;
  }
  start(): void {
    FakeSource.sounding.add(this);
  }
  stop(): void {
    FakeSource.sounding.delete(this);
  }
}

/** The audio hardware: it wakes only when `wake` is called. */
class FakeContext {
  static wake: () => void = () => undefined;
  currentTime = 0;
  destination = {};
  resume = () => new Promise<void>((resolve) => (FakeContext.wake = resolve));
  close = vi.fn().mockResolvedValue(undefined);
  createGain = () => new FakeNode();
  decodeAudioData = async () => ({ duration: 60, getChannelData: () => new Float32Array(400).fill(0.5) }) as unknown as AudioBuffer;
}

describe("StemEngine", () => {
  const fetch = vi.fn<(url: string) => Promise<Response>>();

  beforeEach(() => {
    FakeSource.sounding = new Set();
    fetch.mockReset();
    fetch.mockImplementation(async () => new Response(new Uint8Array(8)));
    vi.stubGlobal("fetch", fetch);
    vi.stubGlobal("AudioContext", FakeContext);
    vi.stubGlobal("AudioBufferSourceNode", FakeSource);
    vi.stubGlobal("DynamicsCompressorNode", FakeNode);
  });
  afterEach(() => vi.unstubAllGlobals());

  const load = () => StemEngine.load(["bass", "drums"].map((name) => ({ name, url: name })), 60, 0.1, () => undefined, new AbortController().signal);

  async function awake(): Promise<void> {
    FakeContext.wake();
    await new Promise((resolve) => setTimeout(resolve));
  }

  it("plays every stem once, however often it is asked while the hardware wakes", async () => {
    const engine = await load();
    void engine.play();
    void engine.play();
    await awake();
    expect(FakeSource.sounding.size).toBe(2);
    engine.pause();
    expect(FakeSource.sounding.size).toBe(0);
  });

  it("stays silent when it was paused while the hardware woke", async () => {
    const engine = await load();
    void engine.play();
    expect(engine.playing).toBe(true);
    engine.pause();
    await awake();
    expect(engine.playing).toBe(false);
    expect(FakeSource.sounding.size).toBe(0);
  });

  it("goes on playing over a jump, and says so all the while", async () => {
    const engine = await load();
    void engine.play();
    await awake();
    const said: boolean[] = [];
    engine.onChange(() => said.push(engine.playing));
    engine.seek(30);
    expect(engine.playing).toBe(true);
    await awake();
    expect(said).toEqual([true]);
    expect(engine.time).toBe(30);
    expect(FakeSource.sounding.size).toBe(2);
  });

  it("draws its stems without keeping their sound", async () => {
    const engine = await load();
    expect([...engine.peaks.keys()]).toEqual(["bass", "drums"]);
    expect(engine.peaks.get("bass")?.length).toBe(200);
    engine.close();
    void engine.play().catch(() => undefined);
    await awake();
    expect(FakeSource.sounding.size).toBe(0);
    expect(engine.peaks.get("drums")?.[0]).toBe(0.5);
  });

  it.each([
    ["refuses", () => Promise.resolve(new Response("", { status: 503 })), "status 503"],
    ["does not answer", () => Promise.reject(new TypeError("Failed to fetch")), "does not answer"],
  ])("says in words that the studio %s", async (_, answer, words) => {
    fetch.mockImplementation(answer);
    const failure = await load().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StemsUnavailableError);
    expect((failure as Error).message).toContain(words);
  });
});
