"""Signed URLs of an S3-compatible store: AWS Signature Version 4 in the query string.

The object store library signs too, but cannot name the file or its type for the listener (obstore issue 746), so the
few lines are ours. Source: "Authenticating Requests: Using Query Parameters (AWS Signature Version 4)", Amazon S3 API
reference.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from urllib.parse import quote, urlsplit

#: The longest life of a signed URL, seconds: a week.
MAX_SECONDS = 604_800

_NOTHING: Mapping[str, str] = MappingProxyType({})
_ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who signs, and for which region."""

    access_key: str
    secret_key: str = field(repr=False)
    region: str = "us-east-1"


def presigned_url(
    url: str,
    credentials: Credentials,
    *,
    seconds: int,
    method: str = "GET",
    query: Mapping[str, str] = _NOTHING,
    now: datetime | None = None,
) -> str:
    """Return `url`, scheme, host and unescaped path, signed for one `method` and so many seconds from `now`.

    `query` is signed along, such as `response-content-disposition`. Raises ValueError for a life of less than a second
    or more than `MAX_SECONDS`.
    """
    if not 1 <= seconds <= MAX_SECONDS:
        raise ValueError(f"a signed URL lives 1–{MAX_SECONDS} seconds")
    parts = urlsplit(url)
    stamp = (now or datetime.now(UTC)).strftime("%Y%m%dT%H%M%SZ")
    scope = f"{stamp[:8]}/{credentials.region}/s3/aws4_request"
    signed = {
        **query,
        "X-Amz-Algorithm": _ALGORITHM,
        "X-Amz-Credential": f"{credentials.access_key}/{scope}",
        "X-Amz-Date": stamp,
        "X-Amz-Expires": str(seconds),
        "X-Amz-SignedHeaders": "host",
    }
    path = quote(parts.path or "/", safe="/-_.~")
    pairs = "&".join(f"{_escaped(name)}={_escaped(value)}" for name, value in sorted(signed.items()))
    request = f"{method}\n{path}\n{pairs}\nhost:{parts.netloc}\n\nhost\nUNSIGNED-PAYLOAD"
    text = f"{_ALGORITHM}\n{stamp}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = hmac.new(_key(credentials, stamp[:8]), text.encode(), hashlib.sha256).hexdigest()
    return f"{parts.scheme}://{parts.netloc}{path}?{pairs}&X-Amz-Signature={signature}"


def _key(credentials: Credentials, day: str) -> bytes:
    key = f"AWS4{credentials.secret_key}".encode()
    for part in (day, credentials.region, "s3", "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key


def _escaped(text: str) -> str:
    return quote(text, safe="-_.~")
