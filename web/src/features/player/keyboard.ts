import { useEffect } from "react";

import type { Player } from "./player";

const TYPING = "input, textarea, select, [contenteditable], [role=slider], [role=menu], [role=menuitem], [role=tab], [role=radio], [role=option], [role=dialog], [role=alertdialog], [role=listbox]";
const PRESSABLE = "button, a, summary, [role=button]";

const TOGGLES: ReadonlySet<string> = new Set([" ", "k"]);

type Command = (player: Player) => void;

const COMMANDS: Record<string, Command> = {
  " ": (player) => player.toggle(),
  k: (player) => player.toggle(),
  ArrowLeft: (player) => player.skip(-5),
  ArrowRight: (player) => player.skip(5),
  Home: (player) => player.seek(0),
};

/** What a key does to the player; nothing while the key belongs to a control that has the focus. */
export function commandFor(event: Pick<KeyboardEvent, "key" | "target" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "repeat">): Command | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return null;
  // A key that is held down would play and pause thirty times a second.
  if (event.repeat && TOGGLES.has(event.key)) return null;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest(TYPING)) return null;
  if (event.key === " " && target?.closest(PRESSABLE)) return null;
  return COMMANDS[event.key] ?? null;
}

/** Space plays and pauses, the arrows move five seconds, Home goes to the start. */
export function usePlayerKeys(player: Player | null): void {
  useEffect(() => {
    if (!player) return;
    const onKeyDown = (event: KeyboardEvent) => {
      // Behind an open dialog nothing plays, wherever the focus is.
      const covered = document.querySelector("[role=alertdialog], [role=dialog]");
      const command = event.defaultPrevented || covered ? null : commandFor(event);
      if (!command) return;
      event.preventDefault();
      command(player);
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [player]);
}
