import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { JobsProvider } from "@/features/jobs/jobs-provider";

import { EditPanel } from "./edit-panel";

class SilentSource extends EventTarget {
  close(): void {}
}

const stems = ["bass", "drums"].map((name) => ({ name, instrument: "piano", lufs: -20, url: "" }));
const take = { id: "t1", compositionId: "c1", number: 1, seconds: 20, seed: 1, streamUrl: "", stems, files: [], peaks: [],
  favorite: false };
const sections = [{ name: "verse.1", energy: 0.5, start: 0, end: 10 }];

function answer(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
}

describe("EditPanel", () => {
  const fetch = vi.fn<(request: Request) => Promise<Response>>();
  const edited = vi.fn();

  beforeEach(() => {
    vi.stubGlobal("EventSource", SilentSource);
    vi.stubGlobal("fetch", fetch);
    fetch.mockReset();
    edited.mockReset();
  });

  afterEach(() => vi.unstubAllGlobals());

  function open(part?: string) {
    render(
      <QueryClientProvider client={new QueryClient()}>
        <JobsProvider>
          <EditPanel take={take} sections={sections} songKey="C# minor" part={part} onEdited={edited} />
        </JobsProvider>
      </QueryClientProvider>,
    );
    return screen.getByRole("button", { name: "Make the edit" });
  }

  it("makes the chosen stem anew and opens the child", async () => {
    fetch.mockResolvedValue(answer(202, { job_id: "j2", composition_id: "c2", prompt_id: "p1", credits_required: 1 }));
    const button = open("bass");
    expect(screen.getByRole("status").textContent).toBe("1 of 2 stems keep every byte.");
    await userEvent.click(button);
    await vi.waitFor(() => expect(edited).toHaveBeenCalledWith("c2"));
    const request = fetch.mock.calls[0]?.[0];
    expect(request?.url).toContain("/compositions/c1/edits");
    expect(await request?.json()).toEqual({ remake: ["bass"], take: 1, seed: expect.any(Number) });
  });

  it("asks for nothing until something is chosen, and for no tempo that cannot be played", async () => {
    const button = open();
    expect(button.hasAttribute("disabled")).toBe(true);
    const tempo = screen.getByLabelText("Tempo (BPM)");
    await userEvent.type(tempo, "9");
    expect(screen.getByRole("alert").textContent).toContain("30 to 300");
    expect(button.hasAttribute("disabled")).toBe(true);
    await userEvent.type(tempo, "6{Enter}");
    await vi.waitFor(() => expect(fetch).toHaveBeenCalledOnce());
  });

  it("has the focus when it is opened for a stem, and only then", () => {
    const button = open("bass");
    expect(document.activeElement).toBe(screen.getByLabelText("Make anew"));
    cleanup();
    open();
    expect(document.activeElement).toBe(document.body);
    expect(button).toBeTruthy();
  });

  it("opens the rest and goes to the field that is refused, with the nearest words to press", async () => {
    const errors = [{ field: "moods", detail: "“dremy” is not a mood", choices: ["dreamy"] }];
    fetch.mockResolvedValue(answer(422, { type: "x/unknown-mood", status: 422, detail: "“dremy” is not a mood", errors }));
    const button = open();
    await userEvent.click(screen.getByRole("button", { name: /^Players, energy/ }));
    await userEvent.type(screen.getByLabelText("Moods"), "dremy,");
    await userEvent.click(screen.getByRole("button", { name: /^Players, energy/ }));
    await userEvent.click(button);
    expect((await screen.findByRole("alert")).textContent).toContain("not a mood");
    expect(document.activeElement).toBe(screen.getByLabelText("Moods"));
    await userEvent.click(screen.getByRole("button", { name: "dreamy" }));
    expect(screen.queryByRole("alert")).toBeNull();
    fetch.mockResolvedValue(answer(202, { job_id: "j2", composition_id: "c2", prompt_id: "p1", credits_required: 1 }));
    await userEvent.click(button);
    await vi.waitFor(() => expect(edited).toHaveBeenCalledWith("c2"));
    expect(await fetch.mock.calls[1]?.[0].json()).toMatchObject({ moods: ["dreamy"] });
  });

  it("says why an edit is refused", async () => {
    fetch.mockResolvedValue(answer(409, { type: "x/uneditable", status: 409, detail: "this song is not finished", errors: [] }));
    await userEvent.click(open("bass"));
    expect((await screen.findByRole("alert")).textContent).toContain("not finished");
    expect(edited).not.toHaveBeenCalled();
  });
});
