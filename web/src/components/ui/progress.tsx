import { Progress as Radix } from "radix-ui";

/** A bar of 0–100 per cent. */
export function Progress({ value, label }: { value: number; label: string }) {
  return (
    <Radix.Root value={value} aria-label={label} className="h-1.5 w-full overflow-hidden rounded-full bg-raised">
      <Radix.Indicator
        className="h-full origin-left rounded-full bg-accent transition-transform duration-500 ease-out"
        style={{ transform: `scaleX(${Math.min(1, Math.max(0, value / 100))})` }}
      />
    </Radix.Root>
  );
}
