import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { JobsProvider } from "@/features/jobs/jobs-provider";

import { Composer } from "./composer";
import { EMPTY_FORM } from "./form";

class SilentSource extends EventTarget {
  close(): void {}
}

function answer(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
}

function Page() {
  const [form, setForm] = useState({ ...EMPTY_FORM, prompt: "a song", duration: "60" });
  return (
    <QueryClientProvider client={new QueryClient()}>
      <JobsProvider>
        <Composer form={form} onChange={setForm} onMade={() => undefined} />
      </JobsProvider>
    </QueryClientProvider>
  );
}

describe("a reference", () => {
  const asked: Request[] = [];
  let analysed: () => Response;
  const sound = new File(["RIFF"], "groove.wav", { type: "audio/wav" });

  beforeEach(async () => {
    asked.length = 0;
    analysed = () => answer(200, { file_id: "f1", bpm: 96.2, key: "A minor" });
    vi.stubGlobal("EventSource", SilentSource);
    vi.stubGlobal("fetch", async (request: Request) => {
      asked.push(request.clone());
      if (request.method === "DELETE") return new Response(null, { status: 204 });
      if (request.url.includes("/files")) return answer(201, { id: "f1" });
      if (request.url.endsWith("/analyze")) return analysed();
      return answer(202, { job_id: "j1", composition_id: "c1", prompt_id: "p1", credits_required: 2 });
    });
    render(<Page />);
    await userEvent.click(screen.getByRole("button", { name: /^Options/ }));
    await userEvent.upload(screen.getByTestId("reference"), sound);
  });
  afterEach(() => vi.unstubAllGlobals());

  it("is sent as it is, heard, and asked for with the song", async () => {
    expect(await screen.findByText("groove.wav · 96 BPM, A minor")).toBeTruthy();
    expect(new URL(asked[0]!.url).search).toBe("?kind=REFERENCE&filename=groove.wav");
    expect(asked[0]!.headers.get("content-type")).toBe("application/octet-stream");
    await userEvent.click(screen.getByRole("button", { name: "Make song" }));
    await vi.waitFor(() => expect(asked.some(({ url }) => url.endsWith("/compositions"))).toBe(true));
    const made = asked.find(({ url }) => url.endsWith("/compositions"));
    expect(await made?.json()).toEqual({ prompt: "a song", num_samples: 1, duration: 60, reference_file_id: "f1" });
  });

  it("can be taken back, and then songs are asked for without it", async () => {
    await userEvent.click(await screen.findByRole("button", { name: /^Remove groove/ }));
    await vi.waitFor(() => expect(asked.at(-1)?.method).toBe("DELETE"));
    await userEvent.click(screen.getByRole("button", { name: "Make song" }));
    await vi.waitFor(() => expect(asked.some(({ url }) => url.endsWith("/generate"))).toBe(true));
  });
});

it("comes late without taking back what was written meanwhile", async () => {
  let heard: (response: Response) => void = () => undefined;
  vi.stubGlobal("EventSource", SilentSource);
  vi.stubGlobal("fetch", (request: Request) => {
    if (request.url.includes("/files")) return Promise.resolve(answer(201, { id: "f1" }));
    return new Promise<Response>((resolve) => (heard = resolve));
  });
  render(<Page />);
  await userEvent.click(screen.getByRole("button", { name: /^Options/ }));
  await userEvent.upload(screen.getByTestId("reference"), new File(["RIFF"], "groove.wav", { type: "audio/wav" }));
  await screen.findByRole("button", { name: "Listening to it" });
  await userEvent.click(screen.getByRole("button", { name: /^Options/ }));
  await userEvent.type(screen.getByLabelText("Describe your song"), " of rain");
  heard(answer(200, { file_id: "f1", bpm: null, key: null }));
  await screen.findByText("2 set");
  expect(screen.getByLabelText<HTMLTextAreaElement>("Describe your song").value).toBe("a song of rain");
  vi.unstubAllGlobals();
});

it("that cannot be listened to is said, and kept nowhere", async () => {
  const asked: string[] = [];
  vi.stubGlobal("EventSource", SilentSource);
  vi.stubGlobal("fetch", async (request: Request) => {
    asked.push(`${request.method} ${new URL(request.url).pathname}`);
    if (request.method === "DELETE") return new Response(null, { status: 204 });
    return request.url.includes("/files") ? answer(201, { id: "f1" }) : answer(422, { type: "x/no-sound", status: 422, detail: "this holds no sound", errors: [] });
  });
  render(<Page />);
  await userEvent.click(screen.getByRole("button", { name: /^Options/ }));
  await userEvent.upload(screen.getByTestId("reference"), new File(["x"], "empty.wav", { type: "audio/wav" }));
  expect((await screen.findByRole("alert")).textContent).toBe("This holds no sound.");
  await vi.waitFor(() => expect(asked.at(-1)).toBe("DELETE /api/v2/files/f1"));
  expect(screen.getByRole("button", { name: "Choose a sound" })).toBeTruthy();
  vi.unstubAllGlobals();
});
