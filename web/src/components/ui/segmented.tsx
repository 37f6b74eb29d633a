import { ToggleGroup } from "radix-ui";

import { cn } from "@/lib/cn";

import { useFieldLabelId } from "./field";
import type { Option } from "./select";

interface SegmentedProps {
  value: string;
  onChange: (value: string) => void;
  options: readonly Option[];
  label?: string;
  className?: string;
}

/** One choice of a few, all in sight. */
export function Segmented({ value, onChange, options, label, className }: SegmentedProps) {
  const labelId = useFieldLabelId();
  return (
    <ToggleGroup.Root
      type="single"
      value={value}
      // Pressing the chosen one again must not leave nothing chosen.
      onValueChange={(next) => next && onChange(next)}
      aria-label={label}
      aria-labelledby={label ? undefined : labelId}
      className={cn("flex h-10 rounded-lg bg-raised p-1", className)}
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          className="flex-auto rounded-md px-1.5 text-sm font-medium whitespace-nowrap text-muted transition-colors hover:text-ink data-[state=on]:bg-surface data-[state=on]:text-ink data-[state=on]:shadow-sm"
        >
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
