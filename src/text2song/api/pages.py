"""The web page: the static export with a content policy exact to each page's own scripts."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache
from pathlib import Path

from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).parent / "static"

_INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)
_HASHED = "/_next/static/"

_MISSING = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Text2Song Studio</title>
<h1>The studio is running</h1>
<p>Its web page has not been built yet. In the repository, run <code>make web</code> and reload; the
<a href="/api/v2/openapi.json">API</a> and the command line work meanwhile.</p></html>
"""


class Pages(StaticFiles):
    """Static files, each HTML page with the hashes of its inline scripts as the only scripts allowed."""

    def __init__(self, folder: Path, *, files_origin: str = "") -> None:
        super().__init__(directory=folder, html=True)
        # Where songs are played from, when that is not here.
        self._files_origin = files_origin

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file; scripts and styles with a hash in their name may be kept for ever."""
        response = await super().get_response(path, scope)
        full, _ = self.lookup_path(path)
        page = Path(full) if Path(full).is_file() else Path(full) / "index.html"
        # "Not modified" has no content type, yet a browser applies its headers to the page it kept.
        unchanged = response.status_code == 304 and page.suffix == ".html"
        if unchanged or response.headers.get("content-type", "").startswith("text/html"):
            if page.is_file():
                response.headers["Content-Security-Policy"] = _policy(page, page.stat().st_mtime_ns, self._files_origin)
            response.headers["Cache-Control"] = "no-cache"
        elif f"/{path}".startswith(_HASHED):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def built() -> bool:
    """Return whether there is a web page to serve."""
    return (FOLDER / "index.html").is_file()


def missing_page() -> HTMLResponse:
    """Return the page that says how to build the real one."""
    return HTMLResponse(_MISSING, headers={"Content-Security-Policy": "default-src 'none'"})


@lru_cache(maxsize=256)
def _policy(page: Path, _changed: int, files_origin: str) -> str:
    scripts = _INLINE.findall(page.read_text(encoding="utf-8"))
    hashes = sorted({f"'sha256-{_digest(script)}'" for script in scripts})
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {' '.join(hashes)}".rstrip(),
            # Components place themselves with style attributes, which hashes cannot name.
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            f"media-src 'self' blob: {files_origin}".rstrip(),
            f"connect-src 'self' blob: data: {files_origin}".rstrip(),
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
