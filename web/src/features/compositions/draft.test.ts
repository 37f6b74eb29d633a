import { describe, expect, it } from "vitest";

import { readDraft } from "./draft";
import { EMPTY_FORM } from "./form";

describe("readDraft", () => {
  it("restores what was kept", () => {
    const kept = { ...EMPTY_FORM, prompt: "a song", moods: ["calm"], takes: 2 };
    expect(readDraft(JSON.stringify(kept))).toEqual(kept);
  });

  it.each([null, "", "{broken", "null", "[]", '{"prompt": 5, "moods": [1], "takes": "two"}'])("makes an empty form of %j", (text) => {
    expect(readDraft(text)).toEqual(EMPTY_FORM);
  });
});
