import { Download, FileAudio, FileImage, FileJson, FileMusic, FileText, Package, type LucideIcon } from "lucide-react";

import { Button } from "@/components/ui/button";
import { Menu, MenuItem, MenuLabel } from "@/components/ui/menu";
import { megabytes } from "@/lib/format";

import { fileUrl } from "./api";
import type { Take } from "./model";

interface Download {
  name: string;
  label: string;
  Icon: LucideIcon;
}

const SOUND: Download[] = [
  { name: "song.wav", label: "WAV", Icon: FileAudio },
  { name: "song.flac", label: "FLAC", Icon: FileAudio },
  { name: "song.mp3", label: "MP3", Icon: FileAudio },
  { name: "song.ogg", label: "OGG", Icon: FileAudio },
  { name: "stems.zip", label: "Stems (ZIP)", Icon: Package },
  { name: "project.dawproject", label: "DAW project", Icon: Package },
];

const SCORE: Download[] = [
  { name: "score.mid", label: "MIDI", Icon: FileMusic },
  { name: "score.musicxml", label: "MusicXML", Icon: FileMusic },
  { name: "chords.cho", label: "Chord sheet (ChordPro)", Icon: FileText },
  { name: "lyrics.lrc", label: "Lyrics (LRC)", Icon: FileText },
  { name: "recipe.json", label: "Recipe", Icon: FileJson },
  { name: "report.json", label: "Report", Icon: FileJson },
  { name: "cover.svg", label: "Cover (SVG)", Icon: FileImage },
];

/** Every file of a take, to take home. */
export function DownloadsMenu({ take }: { take: Take }) {
  return (
    <Menu
      trigger={
        <Button>
          <Download aria-hidden /> Download
        </Button>
      }
    >
      <MenuLabel>Sound</MenuLabel>
      {SOUND.map((download) => (
        <Item key={download.name} take={take} {...download} />
      ))}
      <MenuLabel>Score and papers</MenuLabel>
      {SCORE.map((download) => (
        <Item key={download.name} take={take} {...download} />
      ))}
    </Menu>
  );
}

function Item({ take, name, label, Icon }: Download & { take: Take }) {
  const bytes = sizeOf(take, name);
  if (bytes === null) return null;
  return (
    <MenuItem asChild>
      <a href={fileUrl(take, name)} download>
        <Icon aria-hidden /> <span className="flex-1">{label}</span>
        <span className="text-xs text-muted">{megabytes(bytes)}</span>
      </a>
    </MenuItem>
  );
}

/** What is put together of other files when it is asked for, and where those lie; stored as they are, not packed. */
const ARCHIVES: Record<string, readonly string[]> = { "stems.zip": ["stems/"], "project.dawproject": ["project/", "stems/"] };

/** Bytes of a file; null where the take has none. */
export function sizeOf({ files }: Pick<Take, "files">, name: string): number | null {
  const folders = ARCHIVES[name];
  if (folders && !files.some((file) => file.name.startsWith(folders[0]!))) return null;
  const own = files.filter((file) => (folders ? folders.some((folder) => file.name.startsWith(folder)) : file.name === name));
  return own.length ? own.reduce((sum, file) => sum + file.bytes, 0) : null;
}
