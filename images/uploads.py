"""The door for pictures: checks the bytes before decoding, keeps the original, makes renditions."""

import hashlib
import io
import warnings
from typing import IO

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from PIL import Image as Pillow
from PIL import ImageOps, UnidentifiedImageError

from accounts.models import User
from images import renditions
from images.models import Image

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG", "WEBP")


class BadPicture(ValueError):
    """The file is refused; the message is a German sentence for the person who uploads."""


def store(file: IO[bytes], *, title: str, user: User | None = None, **about: object) -> Image:
    """Store a picture and make its renditions; the same bytes twice give the same Image.

    ``about`` are fields of Image (alt, credit, caption …), used for a new picture only.
    Raises BadPicture.
    """
    data = file.read(MAX_BYTES + 1)
    picture = _decode(data)
    checksum = hashlib.sha256(data).hexdigest()
    known = Image.objects.filter(checksum=checksum).first()
    if known is None:
        known = _create(data, picture, checksum, title=title[:200], user=user, **about)
    renditions.make(known, picture)
    return known


def check(file: IO[bytes]) -> None:
    """Raise BadPicture where ``store`` would; leaves the file at its beginning."""
    _decode(file.read(MAX_BYTES + 1))
    file.seek(0)


def _decode(data: bytes) -> Pillow.Image:
    """Return the upright RGB picture; limits are checked on the header, before any decoding."""
    if len(data) > MAX_BYTES:
        raise BadPicture("Die Datei ist größer als 20 MB.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Pillow.DecompressionBombWarning)
            picture = Pillow.open(io.BytesIO(data), formats=FORMATS)
            if picture.width * picture.height > MAX_PIXELS:
                raise BadPicture("Das Bild hat mehr als 50 Megapixel.")
            picture.load()
    except UnidentifiedImageError:
        raise BadPicture("Diese Datei ist kein Bild im Format JPEG, PNG oder WebP.") from None
    except (Pillow.DecompressionBombWarning, Pillow.DecompressionBombError):
        raise BadPicture("Das Bild hat mehr als 50 Megapixel.") from None
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        if isinstance(error, BadPicture):
            raise
        raise BadPicture("Die Bilddatei ist beschädigt und lässt sich nicht lesen.") from error
    upright = ImageOps.exif_transpose(picture)
    if upright.mode in {"RGBA", "LA", "PA", "P"}:
        # Transparency becomes paper, not black.
        rgba = upright.convert("RGBA")
        upright = Pillow.new("RGBA", rgba.size, "#ffffff")
        upright.alpha_composite(rgba)
    public = upright.convert("RGB")
    # Comments, EXIF and colour profiles would be copied into what readers get.
    public.info = {}
    return public


def _create(
    data: bytes, picture: Pillow.Image, checksum: str, *, title: str, user: User | None, **about: object
) -> Image:
    red, green, blue = picture.resize((1, 1), Pillow.Resampling.BOX).getpixel((0, 0))  # type: ignore[misc]
    image = Image(
        checksum=checksum,
        width=picture.width,
        height=picture.height,
        colour=f"#{red:02x}{green:02x}{blue:02x}",
        title=title,
        uploaded_by=user,
        **about,
    )
    # A name of our own: what a file was called is nobody's business and may be hostile.
    image.original.save(f"{checksum[:40]}.bin", ContentFile(data), save=False)
    try:
        with transaction.atomic():
            image.save()
    except IntegrityError:
        # Somebody uploaded the same file in the same second.
        image.original.delete(save=False)
        return Image.objects.get(checksum=checksum)
    return image
