/** What is wrong with one field, in one sentence, and what would be right. */
export interface FieldProblem {
  field: string;
  message: string;
  /** Valid values, the nearest first. */
  choices: string[];
}

/** A refusal by the server (RFC 9457 problem details), or a failure to reach it. */
export class Problem extends Error {
  constructor(
    message: string,
    readonly status: number,
    /** Last part of the problem's `type`: stable, for programs. */
    readonly slug: string,
    readonly fields: readonly FieldProblem[] = [],
  ) {
    super(message);
    this.name = "Problem";
  }
}

/** Reads a problem document; anything else becomes a problem that says what little is known. */
export function problemFrom(body: unknown, status: number): Problem {
  const document = isRecord(body) ? body : {};
  const message = text(document.detail) ?? text(document.title) ?? `The studio answered with status ${status}.`;
  const slug = text(document.type)?.split(/[/:#]/).pop() ?? "error";
  return new Problem(sentence(message), status, slug, fieldsOf(document));
}

/** The problem that an unreachable server is. */
export function unreachable(): Problem {
  return new Problem("The studio does not answer. Is it still running?", 0, "unreachable");
}

/** Any thrown value as a problem. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  // `fetch` rejects with a TypeError when no answer came at all.
  return error instanceof TypeError ? unreachable() : new Problem("Something went wrong in this page; reload it and try again.", 0, "page");
}

function fieldsOf(document: Record<string, unknown>): FieldProblem[] {
  const listed = Array.isArray(document.errors) ? document.errors.filter(isRecord) : [];
  const found = listed.length ? listed : [document];
  return found.flatMap((entry) => {
    const field = fieldName(entry.field ?? entry.loc ?? entry.pointer);
    if (!field) return [];
    const message = text(entry.message) ?? text(entry.detail) ?? text(entry.msg) ?? text(entry.title) ?? "This value is not accepted.";
    return [{ field, message: sentence(message), choices: strings(entry.choices) }];
  });
}

/** "genres.0.name", ["body", "genres", 0] and "#/genres/0" all mean the field "genres". */
function fieldName(value: unknown): string | null {
  const path = Array.isArray(value) ? value.map(String) : typeof value === "string" ? value.split(/[./#[\]]+/) : [];
  return path.find((part) => part && part !== "body" && part !== "query") ?? null;
}

/** A message as a sentence: a capital first, a full stop last. */
export function sentence(message: string): string {
  const trimmed = message.trim();
  const start = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?…]$/.test(start) ? start : `${start}.`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() ? value : undefined;
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}
