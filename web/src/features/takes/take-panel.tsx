"use client";

import { useEffect, useState, type ReactNode } from "react";

import { Loading } from "@/components/ui/spinner";
import { Tab, TabList, TabPanel, Tabs } from "@/components/ui/tabs";
import { EditPanel } from "@/features/edits/edit-panel";
import { usePlayerKeys } from "@/features/player/keyboard";
import { StemsView } from "@/features/player/stems-view";
import { ChordStrip, SectionStrip } from "@/features/player/timeline-strip";
import { TransportBar } from "@/features/player/transport-bar";
import { useListening } from "@/features/player/use-listening";
import { usePlayerState, useTakePlayer, type TakePlayer } from "@/features/player/use-player";
import { Waveform } from "@/features/player/waveform";
import { asProblem } from "@/lib/api/problem";

import { useTakeDetails } from "./api";
import { LyricsView } from "./lyrics-view";
import type { Outline, Take } from "./model";
import { takeKey } from "./report";
import { ReportView } from "./report-view";

/** What is shown of a take below its player. */
export type TakeTab = "stems" | "lyrics" | "edit" | "understood" | "report";

interface TakePanelProps {
  take: Take;
  /** The song's key, null where it is not known; a take may have another. */
  songKey: string | null;
  /** Whether it is the listener's own. */
  editable: boolean;
  tab: TakeTab;
  onTab: (tab: TakeTab) => void;
  /** Start at once: the listener pressed play to come here. */
  autoPlay: boolean;
  onAutoPlayed: () => void;
  /** An edit of this take was accepted as a new song. */
  onEdited: (compositionId: string) => void;
  understanding: ReactNode;
}

/** One take: its player, its stems, and what is known of it. */
export function TakePanel({ take, songKey, editable, tab, onTab, autoPlay, onAutoPlayed, onEdited, understanding }: TakePanelProps) {
  const playing = useTakePlayer(take);
  const { player, peaks } = playing;
  const state = usePlayerState(player);
  const details = useTakeDetails(take.id);
  const outline = details.data?.outline;
  // Each press on a stem's pencil opens a form of its own.
  const [wish, setWish] = useState<{ part?: string; press: number }>({ press: 0 });
  const editStem = (part: string) => (setWish(({ press }) => ({ part, press: press + 1 })), onTab("edit"));
  usePlayerKeys(player);
  useListening(player, take.id);
  useEffect(() => {
    if (!player || !autoPlay) return;
    void player.play();
    onAutoPlayed();
  }, [player, autoPlay, onAutoPlayed]);
  return (
    <>
      <PlayerCard take={take} playing={playing} outline={outline} />
      <Tabs value={tab === "lyrics" && outline && !hasWords(outline) ? "stems" : tab} onValueChange={(next) => onTab(next as TakeTab)} className="mt-6">
        <TabList aria-label="About this take">
          <Tab value="stems">Stems</Tab>
          {outline && hasWords(outline) && <Tab value="lyrics">Lyrics</Tab>}
          {editable && <Tab value="edit">Edit</Tab>}
          <Tab value="understood">Understood as</Tab>
          <Tab value="report">Report</Tab>
        </TabList>
        <TabPanel value="stems">
          <StemsView take={take} player={player} state={state} peaks={peaks} onEdit={editable ? editStem : null} />
        </TabPanel>
        <TabPanel value="lyrics">{outline && <LyricsView lines={outline.lyrics} notes={outline.lyricsNotes} player={player} />}</TabPanel>
        <TabPanel value="edit">
          {editable && <EditPanel key={wish.press} take={take} sections={outline?.sections ?? []} songKey={(details.data && takeKey(details.data.report)) ?? songKey} part={wish.part} onEdited={onEdited} />}
        </TabPanel>
        <TabPanel value="understood">{understanding}</TabPanel>
        <TabPanel value="report">
          {details.data && <ReportView report={details.data.report} />}
          {details.isPending && <Loading />}
          {details.isError && <p role="alert" className="text-sm text-danger">{asProblem(details.error).message}</p>}
        </TabPanel>
      </Tabs>
    </>
  );
}

function hasWords({ lyrics, lyricsNotes }: Outline): boolean {
  return lyrics.length > 0 || lyricsNotes.length > 0;
}

function PlayerCard({ take, playing, outline }: { take: Take; playing: TakePlayer; outline: Outline | undefined }) {
  const { audio, player } = playing;
  const state = usePlayerState(player);
  const duration = state.duration || take.seconds;
  return (
    <section aria-label="Player" className="rounded-2xl border border-line bg-surface p-4 sm:p-5">
      <audio ref={audio} src={take.streamUrl} preload="metadata" />
      {outline && <SectionStrip outline={outline} duration={duration} player={player} />}
      <div className="my-3">
        <Waveform player={player} peaks={take.peaks} duration={duration} />
      </div>
      {outline && <ChordStrip outline={outline} player={player} />}
      <div className="mt-4">
        <TransportBar player={player} state={state} duration={duration} />
      </div>
      {state.error && <p role="alert" className="mt-3 text-sm text-danger">{state.error}</p>}
    </section>
  );
}
