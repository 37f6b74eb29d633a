import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { JobsProvider } from "@/features/jobs/jobs-provider";

import { Composer } from "./composer";
import { EMPTY_FORM } from "./form";

class SilentSource extends EventTarget {
  close(): void {}
}

const accepted = { job_id: "j1", composition_id: "c1", prompt_id: "p1", credits_required: 2 };
const refused = {
  type: "https://text2song.dev/problems/unknown-genre",
  status: 422,
  detail: "“synthwav” is not a genre",
  errors: [{ field: "genres", detail: "“synthwav” is not a genre", choices: ["synthwave", "vaporwave"] }],
};

function answer(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
}

function Page({ onMade }: { onMade: (id: string) => void }) {
  const [form, setForm] = useState(EMPTY_FORM);
  return (
    <QueryClientProvider client={new QueryClient()}>
      <JobsProvider>
        <Composer form={form} onChange={setForm} onMade={onMade} />
      </JobsProvider>
    </QueryClientProvider>
  );
}

describe("Composer", () => {
  const fetch = vi.fn<(request: Request) => Promise<Response>>();
  const made = vi.fn();

  beforeEach(() => {
    vi.stubGlobal("EventSource", SilentSource);
    vi.stubGlobal("fetch", fetch);
    fetch.mockReset();
    made.mockReset();
    render(<Page onMade={made} />);
  });

  afterEach(() => vi.unstubAllGlobals());

  it("sends an example with a press each, and opens the song", async () => {
    fetch.mockResolvedValue(answer(202, accepted));
    await userEvent.click(screen.getByRole("button", { name: "Night drive" }));
    await userEvent.click(screen.getByRole("button", { name: "Make song" }));
    await vi.waitFor(() => expect(made).toHaveBeenCalledWith("c1"));
    const request = fetch.mock.calls[0]?.[0];
    expect(await request?.json()).toEqual({ prompt: expect.stringContaining("synthwave"), num_samples: 1 });
  });

  it("asks nobody while the prompt is empty", async () => {
    await userEvent.click(screen.getByRole("button", { name: "Make song" }));
    expect(screen.getByRole("alert").textContent).toContain("empty");
    expect(screen.getByLabelText("Describe your song").getAttribute("aria-invalid")).toBe("true");
    expect(fetch).not.toHaveBeenCalled();
  });

  it("shows a refusal at its field, and takes a choice in place of the wrong word", async () => {
    fetch.mockResolvedValue(answer(422, refused));
    await userEvent.type(screen.getByLabelText("Describe your song"), "a song");
    await userEvent.click(screen.getByRole("button", { name: "Options" }));
    await userEvent.type(screen.getByLabelText("Genres"), "synthwav,");
    await userEvent.click(screen.getByRole("button", { name: "Make song" }));
    const choices = await screen.findByRole("group", { name: "Did you mean" });
    expect(screen.getByLabelText("Genres").getAttribute("aria-invalid")).toBe("true");
    expect(document.activeElement).toBe(screen.getByLabelText("Genres"));
    await userEvent.click(within(choices).getByRole("button", { name: "synthwave" }));
    expect(screen.getByRole("button", { name: "Remove synthwave" })).toBeTruthy();
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("opens the options again at each refusal", async () => {
    fetch.mockImplementation(async () => answer(422, refused));
    await userEvent.type(screen.getByLabelText("Describe your song"), "a song");
    for (let press = 0; press < 2; press += 1) {
      await userEvent.click(screen.getByRole("button", { name: "Make song" }));
      expect(await screen.findByRole("group", { name: "Did you mean" })).toBeTruthy();
      expect(document.activeElement).toBe(screen.getByLabelText("Genres"));
      await userEvent.click(screen.getByRole("button", { name: "Options" }));
      expect(screen.queryByLabelText("Genres")).toBeNull();
    }
  });

  it("shows a refusal of the number of takes", async () => {
    fetch.mockResolvedValue(answer(422, { type: "x/invalid", status: 422, detail: "too many", errors: [{ field: "num_samples", detail: "at most two takes here" }] }));
    await userEvent.type(screen.getByLabelText("Describe your song"), "a song");
    await userEvent.click(screen.getByRole("button", { name: "Make song" }));
    expect((await screen.findByRole("alert")).textContent).toBe("At most two takes here.");
  });

  it("forgets an earlier answer when the form itself is at fault", async () => {
    fetch.mockResolvedValue(answer(503, { type: "x/busy", status: 503, detail: "the studio is busy" }));
    await userEvent.type(screen.getByLabelText("Describe your song"), "a song");
    await userEvent.click(screen.getByRole("button", { name: "Make song" }));
    expect((await screen.findByRole("alert")).textContent).toContain("busy");
    await userEvent.clear(screen.getByLabelText("Describe your song"));
    await userEvent.click(screen.getByRole("button", { name: "Make song" }));
    expect(screen.getByRole("alert").textContent).toContain("empty");
  });

  it("leaves Enter to an input method that is composing", async () => {
    await userEvent.click(screen.getByRole("button", { name: "Options" }));
    const genres = screen.getByLabelText("Genres");
    fireEvent.change(genres, { target: { value: "シティポップ" } });
    fireEvent.keyDown(genres, { key: "Enter", isComposing: true });
    expect(screen.queryByRole("button", { name: /Remove/ })).toBeNull();
    fireEvent.keyDown(genres, { key: "Enter" });
    expect(screen.getByRole("button", { name: "Remove シティポップ" })).toBeTruthy();
  });

  it("says when nobody answers, keeping the words", async () => {
    fetch.mockRejectedValue(new TypeError("Failed to fetch"));
    await userEvent.type(screen.getByLabelText("Describe your song"), "a song{Control>}{Enter}{/Control}");
    expect((await screen.findByRole("alert")).textContent).toContain("does not answer");
    expect(screen.getByLabelText<HTMLTextAreaElement>("Describe your song").value).toBe("a song");
  });
});
