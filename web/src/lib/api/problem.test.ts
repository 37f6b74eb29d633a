import { describe, expect, it } from "vitest";

import { asProblem, Problem, problemFrom } from "./problem";

describe("problemFrom", () => {
  it("reads a problem document with its fields and choices", () => {
    const body = {
      type: "https://text2song.dev/problems/unknown-genre",
      title: "The request is wrong",
      status: 422,
      detail: "“synthwav” is not a genre",
      errors: [{ field: "genres.0.name", detail: "“synthwav” is not a genre", choices: ["synthwave", "vaporwave"] }],
    };
    const problem = problemFrom(body, 422);
    expect(problem.slug).toBe("unknown-genre");
    expect(problem.message).toBe("“synthwav” is not a genre.");
    expect(problem.fields).toEqual([{ field: "genres", message: "“synthwav” is not a genre.", choices: ["synthwave", "vaporwave"] }]);
  });

  it("speaks in whole sentences", () => {
    expect(problemFrom({ detail: "the prompt is empty" }, 422).message).toBe("The prompt is empty.");
    expect(problemFrom({ detail: "Is it still running?" }, 500).message).toBe("Is it still running?");
  });

  it.each([null, "<html>", [], { detail: 5 }])("says what little it knows of %j", (body) => {
    expect(problemFrom(body, 502).message).toBe("The studio answered with status 502.");
    expect(problemFrom(body, 502).fields).toEqual([]);
  });
});

describe("asProblem", () => {
  it("keeps a problem, and takes a failed fetch for an unreachable studio", () => {
    const problem = new Problem("No.", 409, "conflict");
    expect(asProblem(problem)).toBe(problem);
    expect(asProblem(new TypeError("Failed to fetch")).slug).toBe("unreachable");
  });
});
