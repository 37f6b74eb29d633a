#!/usr/bin/env bash
# A sung song and its instrumental from the same seed, by the command line alone: recipes/song.sh [folder]
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup run
out=${1:-songs/recipe}
mkdir -p "$out"
cat > "$out/words.txt" <<'WORDS'
[Verse]
I'm driving through the neon night
The city lights are burning bright

[Chorus]
Drive away, drive away
Until the morning light of day
WORDS
prompt="dreamy synthwave about night drives with a female singer, 100 bpm, A minor, 60 seconds"
.venv/bin/text2song make "$prompt" --seed 7 --lyrics "$out/words.txt" --out "$out/sung"
.venv/bin/text2song make "$prompt" --seed 7 --instrumental --out "$out/instrumental"
