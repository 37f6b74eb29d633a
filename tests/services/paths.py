"""Two hundred ways to leave a folder by a name."""

from __future__ import annotations

_TARGETS = ("etc/passwd", "studio.db", "windows/win.ini", "proc/self/environ")
_STEPS = (
    "../", "..\\", "..//", "..\\/", "....//", "....\\\\", "%2e%2e/", "%2e%2e%2f", "..%2f", "..%5c", "%252e%252e%252f",
    "..%c0%af", "..%ef%bc%8f", "%c0%ae%c0%ae/", ".%00./", "..;/", "\u2024\u2024/", "．．／", "..\u2215", "..\u2044",
)  # fmt: skip
_PREFIXES = ("", "takes/", "C:\\", "file:///", "\\\\server\\share\\")
_ALONE = (
    ".", "..", "...", "/", "\\", "~", "~root/.ssh/id_rsa", "/etc/passwd", "C:\\boot.ini", "CON", "NUL.wav", "a.wav.",
    "a.wav ", " a.wav", "a\x00.wav", "a.wav\x00.sh", "\x00", "a\r\nSet-Cookie: x=1", "a\nb", "a\tb", "\u202egnp.exe",
    "\u200b", "\ufeff", "a" * 300, "a" * 250 + ".wav", "." * 250, "\U0001f3b5.wav",
    "أغنية.wav", "e\u0301.wav", '"; rm -rf /',
    "$(id)", "`id`", "|id", "<script>alert(1)</script>", "%s%n", "{0}", "song.wav::$DATA", "aux", "-rf", "--help",
    "&", ";", "*", "?", "content", "files", "..wav", ".htaccess", ".ssh/authorized_keys", "a/./b", "a//b", "/./", "//",
    "%",
    "\\\\?\\C:\\x", "./././x", "x/../../y", "x\\..\\..\\y", "%%", "%u002e", "&#46;&#46;/", "\ud7ff", "İ.wav", "ß.wav",
)  # fmt: skip

#: More than two hundred payloads, each once.
PATHS = tuple(
    dict.fromkeys(
        (
            *(f"{prefix}{step * 4}{_TARGETS[0]}" for prefix in _PREFIXES for step in _STEPS),
            *(f"{step * 8}{target}" for step in _STEPS[:14] for target in _TARGETS[1:]),
            *_ALONE,
        )
    )
)
