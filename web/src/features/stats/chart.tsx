import { cn } from "@/lib/cn";

import { ceiling, type Column } from "./model";

export interface Layer {
  name: string;
  /** Tailwind classes that give the colour of a bar or a line (`fill-…` and `bg-…`, or `stroke-…`). */
  colour: string;
  key: string;
}

interface ChartProps {
  title: string;
  columns: Column[];
  layers: Layer[];
  /** Bars stand on each other; lines go over the days that have a value. */
  kind: "bars" | "lines";
  /** Highest value of the axis, where it is not for the values to say. */
  top?: number;
  /** A value with its unit. */
  format: (value: number) => string;
}

const WIDTH = 600;
const HEIGHT = 150;

/** Values over days, drawn; each column says its values to the pointer, and the whole is summed up in words. */
export function Chart({ title, columns, layers, kind, top, format }: ChartProps) {
  const highest = Math.max(0, ...columns.map(({ values }) => (kind === "bars" ? sum(values) : Math.max(0, ...values.map(Number)))));
  const ceil = top ?? ceiling(highest);
  const Marks = kind === "bars" ? Bars : Lines;
  return (
    <figure className="min-w-0 rounded-2xl border border-line bg-surface p-4">
      <figcaption className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span className="text-sm font-semibold">{title}</span>
        {layers.length > 1 && <Legend layers={layers} />}
      </figcaption>
      <div className="mt-3 flex gap-2">
        <div className="flex w-10 shrink-0 flex-col justify-between text-right text-xs text-muted" aria-hidden>
          <span>{format(ceil)}</span>
          <span>{format(0)}</span>
        </div>
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" className="h-36 w-full min-w-0" role="img" aria-label={`${title}: at most ${format(highest)} in one column, ${columns.length} columns`}>
          <path d={`M0 0.5H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT - 0.5}H${WIDTH}`} className="stroke-line" vectorEffect="non-scaling-stroke" />
          <Marks columns={columns} layers={layers} ceil={ceil} />
          <Pointers columns={columns} layers={layers} format={format} />
        </svg>
      </div>
      <div className="mt-1 flex justify-between pl-12 text-xs text-muted" aria-hidden>
        <span>{columns[0]?.label}</span>
        <span>{columns.length > 1 && columns.at(-1)!.label}</span>
      </div>
    </figure>
  );
}

function Legend({ layers }: { layers: Layer[] }) {
  return (
    <span className="flex gap-3 text-xs text-muted">
      {layers.map((layer) => (
        <span key={layer.name} className="flex items-center gap-1.5">
          <span className={cn("size-2 rounded-full", layer.key)} aria-hidden /> {layer.name}
        </span>
      ))}
    </span>
  );
}

interface MarksProps {
  columns: Column[];
  layers: Layer[];
  ceil: number;
}

function Bars({ columns, layers, ceil }: MarksProps) {
  const step = WIDTH / columns.length;
  return columns.map(({ label, values }, index) => {
    let below = 0;
    return layers.map((layer, depth) => {
      const height = (HEIGHT * (values[depth] ?? 0)) / ceil;
      below += height;
      return <rect key={`${label} ${layer.name}`} x={index * step + step * 0.12} y={HEIGHT - below} width={step * 0.76} height={height} className={layer.colour} />;
    });
  });
}

function Lines({ columns, layers, ceil }: MarksProps) {
  const step = WIDTH / columns.length;
  return layers.map((layer, depth) => {
    const points = columns.flatMap(({ values }, index) => {
      const value = values[depth];
      return value === null || value === undefined ? [] : [`${((index + 0.5) * step).toFixed(1)} ${(HEIGHT - (HEIGHT * value) / ceil).toFixed(1)}`];
    });
    if (!points.length) return null;
    // A single value has no length; a round cap makes it a dot.
    const path = points.length > 1 ? `M${points.join("L")}` : `M${points[0]}h0.01`;
    return <path key={layer.name} d={path} fill="none" strokeWidth={points.length > 1 ? 2 : 6} strokeLinecap="round" strokeLinejoin="round" vectorEffect="non-scaling-stroke" className={layer.colour} />;
  });
}

function Pointers({ columns, layers, format }: Pick<ChartProps, "columns" | "layers" | "format">) {
  const step = WIDTH / columns.length;
  return columns.map(({ label, values }, index) => {
    const said = layers.map((layer, depth) => `${layer.name}: ${values[depth] === null ? "–" : format(values[depth] ?? 0)}`);
    return (
      <rect key={label} x={index * step} y={0} width={step} height={HEIGHT} className="fill-transparent hover:fill-ink/5">
        <title>{`${label}\n${said.join("\n")}`}</title>
      </rect>
    );
  });
}

function sum(values: (number | null)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}
