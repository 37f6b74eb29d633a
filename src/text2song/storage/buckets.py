"""A bucket of an S3-compatible store: how to open it, and how to sign links to what it holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from obstore.store import S3Store

from text2song.domain.errors import InvalidError
from text2song.storage.signing import Credentials, presigned_url

#: One request may take so long; a large file is sent in parts of `PART_BYTES`.
_REQUEST = timedelta(seconds=60)
_CONNECT = timedelta(seconds=3)
#: A failing store is tried again this often and this long by one call; whoever can wait longer does it above.
_RETRIES, _RETRYING = 3, timedelta(seconds=6)


class BucketSettingsError(InvalidError):
    """The settings do not name a usable bucket."""

    slug = "bucket-settings"


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where a bucket is and who may use it."""

    name: str
    #: Scheme and host of the store as the studio reaches it; http only where written so.
    endpoint: str
    access_key: str
    secret_key: str = field(repr=False)
    #: Folder in the bucket, "" for its root.
    prefix: str = ""
    region: str = "us-east-1"
    #: Whether the bucket is named in the path or in the host.
    path_style: bool = True
    #: The same as listeners reach it; "" when it is the same.
    public_endpoint: str = ""

    def store(self) -> S3Store:
        """Return the store; nothing is asked of it yet."""
        return S3Store(
            self.name,
            prefix=self.prefix or None,
            endpoint=self._base(self.endpoint),
            region=self.region,
            access_key_id=self.access_key,
            secret_access_key=self.secret_key,
            virtual_hosted_style_request=not self.path_style,
            client_options={
                "allow_http": self.endpoint.startswith("http://"),
                "timeout": _REQUEST,
                "connect_timeout": _CONNECT,
            },
            retry_config={"max_retries": _RETRIES, "retry_timeout": _RETRYING},
        )

    @property
    def public_origin(self) -> str:
        """Scheme and host of the links."""
        return self._base(self.public_endpoint or self.endpoint)

    def link(self, key: str, *, seconds: int, disposition: str, media_type: str) -> str:
        """Return a URL under which anyone may read `key` for so many seconds, named and typed as given."""
        place = "/".join(part for part in (self.name if self.path_style else "", self.prefix, key) if part)
        query = {"response-content-disposition": disposition, "response-content-type": media_type}
        credentials = Credentials(self.access_key, self.secret_key, self.region)
        return presigned_url(f"{self.public_origin}/{place}", credentials, seconds=seconds, query=query)

    def _base(self, endpoint: str) -> str:
        if self.path_style:
            return endpoint.rstrip("/")
        parts = urlsplit(endpoint)
        return f"{parts.scheme}://{self.name}.{parts.netloc}"


def bucket_of(
    url: str,
    *,
    endpoint: str,
    region: str,
    keys: tuple[str, str],
    path_style: bool = True,
    public_endpoint: str = "",
) -> Bucket:
    """Return the bucket that "s3://bucket/folder" and the settings beside it name; raises `BucketSettingsError`.

    Without an endpoint it is Amazon's own of that region.
    """
    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.netloc or parts.query or parts.fragment:
        raise BucketSettingsError("the store of files is not s3://bucket or s3://bucket/folder", field="blobs_url")
    if not all(keys):
        raise BucketSettingsError("a bucket needs an access key and a secret key", field="s3_access_key")
    for name, value in (("s3_endpoint", endpoint), ("s3_public_endpoint", public_endpoint)):
        found = urlsplit(value)
        if value and (found.scheme not in ("http", "https") or not found.netloc or found.path.strip("/")):
            raise BucketSettingsError(f"“{value}” is not the address of a store, https://host[:port]", field=name)
    return Bucket(
        name=parts.netloc,
        prefix=parts.path.strip("/"),
        endpoint=(endpoint or f"https://s3.{region}.amazonaws.com").rstrip("/"),
        region=region,
        access_key=keys[0],
        secret_key=keys[1],
        path_style=path_style,
        public_endpoint=public_endpoint.rstrip("/"),
    )
