"use client";

import { useEffect, useState } from "react";

import { EMPTY_FORM, type SongForm } from "./form";

const STORAGE_KEY = "draft";

/** The form, kept over a reload of this tab. */
export function useDraft(): [SongForm, (form: SongForm) => void] {
  const [form, setForm] = useState(EMPTY_FORM);
  // After the first paint, which must equal the exported page.
  useEffect(() => setForm(readDraft(storage()?.getItem(STORAGE_KEY) ?? null)), []);
  const keep = (next: SongForm) => {
    setForm(next);
    write(next);
  };
  return [form, keep];
}

/** Lets go of what was being written here. */
export function forgetDraft(): void {
  storage()?.removeItem(STORAGE_KEY);
}

function write(form: SongForm): void {
  try {
    storage()?.setItem(STORAGE_KEY, JSON.stringify(form));
  } catch {
    // Storage may be full; the form then lasts as long as the page.
  }
}

/** A kept form; fields it lacks or that have another type are as in an empty one. */
export function readDraft(text: string | null): SongForm {
  const kept = parse(text);
  const entries = Object.entries(EMPTY_FORM).map(([name, empty]) => [name, sameType(kept[name], empty) ? kept[name] : empty]);
  return Object.fromEntries(entries) as SongForm;
}

function sameType(value: unknown, model: unknown): boolean {
  if (Array.isArray(model)) return Array.isArray(value) && value.every((item) => typeof item === "string");
  return typeof value === typeof model;
}

function parse(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Null where the browser forbids storage. */
function storage(): Storage | null {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}
