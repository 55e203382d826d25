"""Where pictures lie, by setting: on this disk, or in a store that speaks S3."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

# For as long as HTTP has words for it: a name never means other bytes.
FOR_EVER = "public, max-age=31536000, immutable"


def media_storages(s3: dict[str, str], data_dir: Path) -> dict[str, dict[str, Any]]:
    """Return the entries „default“ (public) and „originals“ (private) of ``STORAGES``."""
    if not s3["bucket"]:
        return {
            "default": {"BACKEND": "renewz.storage.PublicFileStorage"},
            "originals": {
                "BACKEND": "django.core.files.storage.FileSystemStorage",
                "OPTIONS": {"location": data_dir / "originals", "base_url": None},
            },
        }
    common = {
        "endpoint_url": s3["endpoint"] or None,
        "region_name": s3["region"] or None,
        "access_key": s3["access_key"] or None,
        "secret_key": s3["secret_key"] or None,
        "signature_version": "s3v4",
        "default_acl": None,  # what the bucket says; many stores know no other
    }
    public = urlsplit(s3["url"])
    return {
        "default": {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": common
            | {
                "bucket_name": s3["bucket"],
                "custom_domain": f"{public.netloc}{public.path.rstrip('/')}",
                "url_protocol": f"{public.scheme}:",
                "querystring_auth": False,
                "object_parameters": {"CacheControl": FOR_EVER},
            },
        },
        "originals": {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": common
            | {
                "bucket_name": s3["originals_bucket"],
                "file_overwrite": False,
                "object_parameters": {"CacheControl": "private, no-store"},
            },
        },
    }


def origin_of(url: str) -> list[str]:
    """Return the origin from which browsers fetch pictures, for the CSP; none where it is our own."""
    parts = urlsplit(url)
    return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []
