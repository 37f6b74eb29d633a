"""What the settings of a bucket mean, and which are refused."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from text2song.storage.buckets import Bucket, BucketSettingsError, bucket_of

KEYS = ("key", "secret")


def link(bucket: Bucket) -> str:
    return bucket.link("takes/a.1/song.flac", seconds=60, disposition="inline", media_type="audio/flac")


def test_path_style_folder_and_public_address() -> None:
    bucket = bucket_of(
        "s3://songs/studio/", endpoint="http://store:9000", region="eu", keys=KEYS, public_endpoint="https://files.test"
    )
    assert bucket.public_origin == "https://files.test"
    assert urlsplit(link(bucket)).path == "/songs/studio/takes/a.1/song.flac"
    assert bucket.store().config["bucket"] == "songs"
    assert "secret" not in repr(bucket)


def test_the_bucket_in_the_host() -> None:
    bucket = bucket_of("s3://songs", endpoint="", region="eu-north-1", keys=KEYS, path_style=False)
    assert bucket.public_origin == "https://songs.s3.eu-north-1.amazonaws.com"
    assert urlsplit(link(bucket)).path == "/takes/a.1/song.flac"


@pytest.mark.parametrize(
    ("url", "changes", "field"),
    [
        ("songs", {}, "blobs_url"),
        ("https://songs", {}, "blobs_url"),
        ("s3://", {}, "blobs_url"),
        ("s3://songs?x=1", {}, "blobs_url"),
        ("s3://songs", {"keys": ("", "")}, "s3_access_key"),
        ("s3://songs", {"keys": ("key", "")}, "s3_access_key"),
        ("s3://songs", {"endpoint": "store:9000"}, "s3_endpoint"),
        ("s3://songs", {"endpoint": "https://store/path"}, "s3_endpoint"),
        ("s3://songs", {"public_endpoint": "ftp://store"}, "s3_public_endpoint"),
    ],
)
def test_settings_that_name_no_bucket(url: str, changes: dict[str, object], field: str) -> None:
    options: dict[str, object] = {"endpoint": "", "region": "eu", "keys": KEYS}
    with pytest.raises(BucketSettingsError) as refused:
        bucket_of(url, **(options | changes))  # type: ignore[arg-type]
    assert refused.value.field == field
