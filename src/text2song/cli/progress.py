"""Progress for people on a terminal, and silence everywhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from text2song.domain.progress import Progress


@contextmanager
def song_progress(title: str) -> Iterator[Progress]:
    """Show one bar with the stage and the percentage on standard error while the body runs."""
    console = Console(stderr=True)
    name = title.strip().replace("\n", " ")
    columns = (
        TextColumn("{task.fields[name]}", markup=False),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %  {task.fields[stage]}", markup=False),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("song", total=1.0, name=name if len(name) <= 40 else name[:39] + "…", stage="starting")

        def report(stage: str, fraction: float) -> None:
            bar.update(task, completed=fraction, stage=stage)

        yield report
