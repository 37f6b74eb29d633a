import { Slider as Radix } from "radix-ui";

import { cn } from "@/lib/cn";

interface SliderProps {
  value: number;
  onChange: (value: number) => void;
  min: number;
  max: number;
  step: number;
  label: string;
  valueText: string;
  className?: string;
  disabled?: boolean;
}

/** A value on a line; `valueText` is what a screen reader says for it. */
export function Slider({ value, onChange, min, max, step, label, valueText, className, disabled }: SliderProps) {
  return (
    <Radix.Root
      className={cn("relative flex h-5 w-full touch-none items-center select-none data-disabled:opacity-50", className)}
      value={[value]}
      onValueChange={([next]) => next !== undefined && onChange(next)}
      min={min}
      max={max}
      step={step}
      disabled={disabled}
    >
      <Radix.Track className="relative h-1 grow rounded-full bg-line">
        <Radix.Range className="absolute h-full rounded-full bg-muted" />
      </Radix.Track>
      <Radix.Thumb
        aria-label={label}
        aria-valuetext={valueText}
        className="block size-4 rounded-full border border-edge bg-surface shadow-sm transition-colors hover:border-accent"
      />
    </Radix.Root>
  );
}
