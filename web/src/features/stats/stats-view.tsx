"use client";

import { useState } from "react";

import { Button } from "@/components/ui/button";
import { Segmented } from "@/components/ui/segmented";
import { Loading } from "@/components/ui/spinner";
import { asProblem } from "@/lib/api/problem";
import { megabytes, spokenTime, title } from "@/lib/format";

import { useStats } from "./api";
import { Chart, type Layer } from "./chart";
import { columns, type Stats } from "./model";

const SPANS = [
  { value: "7", label: "7 days" },
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "A year" },
];

const MADE: Layer[] = [
  { name: "Made", colour: "fill-accent", key: "bg-accent" },
  { name: "Failed", colour: "fill-ink", key: "bg-ink" },
];
const HEARD: Layer[] = [
  { name: "Plays", colour: "fill-accent", key: "bg-accent" },
  { name: "Downloads", colour: "fill-wave", key: "bg-wave" },
];
const SPEED: Layer[] = [{ name: "Seconds per take", colour: "stroke-accent", key: "bg-accent" }];
const LOAD: Layer[] = [
  { name: "CPU", colour: "stroke-accent", key: "bg-accent" },
  { name: "Memory", colour: "stroke-wave", key: "bg-wave" },
  { name: "GPU", colour: "stroke-good", key: "bg-good" },
];

/** What was made and heard, and how fast, day by day. */
export function StatsView() {
  const [days, setDays] = useState("30");
  const stats = useStats(Number(days));
  return (
    <section aria-labelledby="stats-title">
      <header className="flex flex-wrap items-center justify-between gap-3">
        <h1 id="stats-title" className="text-2xl font-semibold tracking-tight">Stats</h1>
        <Segmented label="Time" value={days} onChange={setDays} options={SPANS} className="max-sm:w-full" />
      </header>
      {stats.isPending && <div className="mt-6"><Loading /></div>}
      {stats.isError && (
        <div role="alert" className="mt-6 text-sm text-danger">
          <p>{asProblem(stats.error).message}</p>
          <Button size="sm" className="mt-2" onClick={() => void stats.refetch()}>Try again</Button>
        </div>
      )}
      {stats.data && <Figures stats={stats.data} />}
    </section>
  );
}

function Figures({ stats }: { stats: Stats }) {
  const { days } = stats;
  const seen = days.some((day) => day.cpu !== null);
  const load = LOAD.filter((layer) => layer.name !== "GPU" || days.some((day) => day.gpu !== null));
  return (
    <>
      <Tiles stats={stats} />
      <div className="mt-6 grid gap-4 lg:grid-cols-2">
        <Chart title="Takes" kind="bars" layers={MADE} columns={columns(days, [(day) => day.successful, (day) => day.failed], "sum")} format={whole} />
        <Chart title="Plays and downloads" kind="bars" layers={HEARD} columns={columns(days, [(day) => day.plays, (day) => day.downloads], "sum")} format={whole} />
        <Chart title="Time to make a take" kind="lines" layers={SPEED} columns={columns(days, [(day) => day.generationSeconds], "mean")} format={seconds} />
        {seen && <Chart title="Load of the machine" kind="lines" top={100} layers={load} columns={columns(days, [(day) => day.cpu, (day) => day.memory, (day) => day.gpu], "mean")} format={percent} />}
      </div>
      <Genres genres={stats.genres} />
    </>
  );
}

function Tiles({ stats }: { stats: Stats }) {
  const tiles: [name: string, value: string][] = [
    ["Takes made", whole(stats.successful)],
    ["Success", stats.successRate === null ? "–" : percent(100 * stats.successRate)],
    ["Time per take", stats.generationSeconds === null ? "–" : seconds(stats.generationSeconds)],
    ["Speed", stats.realtimeFactor === null ? "–" : `${stats.realtimeFactor.toFixed(1)} × real time`],
    ["Music", spokenTime(60 * Math.round(stats.audioSeconds / 60) || stats.audioSeconds)],
    ["Plays", whole(stats.plays)],
    ["Downloads", whole(stats.downloads)],
    ["On disk", megabytes(stats.megabytes * 1e6)],
  ];
  return (
    <dl className="mt-6 grid grid-cols-2 gap-3 sm:grid-cols-4">
      {tiles.map(([name, value]) => (
        <div key={name} className="rounded-2xl border border-line bg-surface p-4">
          <dt className="text-xs text-muted">{name}</dt>
          <dd className="mt-1 text-lg font-semibold">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Genres({ genres }: Pick<Stats, "genres">) {
  const most = genres[0]?.count ?? 1;
  if (!genres.length) return null;
  return (
    <section aria-labelledby="genres-title" className="mt-8">
      <h2 id="genres-title" className="mb-3 text-sm font-semibold">Styles</h2>
      <ul className="grid gap-x-8 gap-y-2 lg:grid-cols-2">
        {genres.slice(0, 10).map(({ name, count }) => (
          <li key={name} className="flex items-center gap-3 text-sm">
            <span className="w-32 shrink-0 truncate" title={title(name)}>{title(name)}</span>
            <span className="min-w-0 flex-1"><span className="block h-2 rounded-full bg-accent" style={{ width: `${(100 * count) / most}%` }} aria-hidden /></span>
            <span className="w-10 shrink-0 text-right text-muted">{count}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const whole = (value: number) => new Intl.NumberFormat("en").format(Math.round(value * 10) / 10);
const seconds = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} s`;
const percent = (value: number) => `${Math.round(value)} %`;
