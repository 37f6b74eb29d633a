"use client";

import { Check, Monitor, Moon, Sun, SunMoon } from "lucide-react";
import { useState } from "react";

import { Button } from "@/components/ui/button";
import { Menu, MenuItem } from "@/components/ui/menu";

const THEMES = [
  { value: "system", label: "As the system", Icon: Monitor },
  { value: "light", label: "Light", Icon: Sun },
  { value: "dark", label: "Dark", Icon: Moon },
] as const;

type Theme = (typeof THEMES)[number]["value"];

/** Chooses light or dark; `public/theme.js` applies the choice on the next visit. */
export function ThemeMenu() {
  const [theme, setTheme] = useState<Theme>(storedTheme);
  const choose = (next: Theme) => {
    setTheme(next);
    apply(next);
  };
  return (
    <Menu
      trigger={
        <Button variant="quiet" size="icon" aria-label="Theme">
          <SunMoon aria-hidden />
        </Button>
      }
    >
      {THEMES.map(({ value, label, Icon }) => (
        <MenuItem key={value} onSelect={() => choose(value)} role="menuitemradio" aria-checked={theme === value}>
          <Icon aria-hidden /> <span className="flex-1">{label}</span>
          {theme === value && <Check aria-hidden />}
        </MenuItem>
      ))}
    </Menu>
  );
}

function storedTheme(): Theme {
  const theme = typeof document === "undefined" ? undefined : document.documentElement.dataset.theme;
  return theme === "dark" || theme === "light" ? theme : "system";
}

function apply(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    if (theme === "system") localStorage.removeItem("theme");
    else localStorage.setItem("theme", theme);
  } catch {
    // Storage may be forbidden; the choice then holds until the page is left.
  }
}
