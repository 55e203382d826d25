"""The door for pictures: checks the bytes before decoding, keeps the original, has renditions made.

What a file is called and what its sender says of it decides nothing. Decoding happens in a
process of its own (``images/decoder.py``): no file can take more memory or time than it has.
"""

import hashlib
import json
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from PIL import Image as Pillow

from accounts.models import User
from images import containers, decoder
from images.models import Image

MAX_BYTES = 20 * 1024 * 1024
MAX_SCANS = 100
# What a decoder keeps until the last scan of a JPEG; about 42 megapixels in full colour.
MAX_COEFFICIENTS = 240 * 1024 * 1024
_SECONDS = 30  # on the clock; the processor time is limited by the decoder itself
_WAIT = 20

_TAKEN = "JPEG, PNG, WebP, AVIF oder GIF"
_SENTENCES = {
    "empty": "Die Datei ist leer. Bitte wählen Sie sie noch einmal aus.",
    "bytes": "Die Datei ist größer als 20 MB. Bitte verkleinern Sie das Bild oder speichern Sie es als JPEG.",
    "pixels": "Das Bild hat mehr als 50 Megapixel. Bitte verkleinern Sie es.",
    "pixels_of_format": (
        "Das Bild hat mehr als 20 Megapixel; so große nehmen wir als JPEG oder PNG. "
        "Bitte verkleinern Sie es oder speichern Sie es als JPEG."
    ),
    "ratio": ("Das Bild ist mehr als zehnmal so lang wie breit. Bitte schneiden Sie einen Ausschnitt zu."),
    "memory": (
        "Das Bild braucht beim Öffnen zu viel Speicher. "
        "Bitte verkleinern Sie es oder speichern Sie es als gewöhnliches JPEG (nicht „progressiv“)."
    ),
    "time": (
        "Das Öffnen des Bildes dauert zu lange. "
        "Bitte verkleinern Sie es oder speichern Sie es als gewöhnliches JPEG (nicht „progressiv“)."
    ),
    "hidden": (
        "In der Datei stecken ungewöhnlich viele versteckte Angaben. "
        "Bitte öffnen Sie das Bild und exportieren Sie es ohne Metadaten neu."
    ),
    "broken": (
        "Die Bilddatei ist beschädigt oder unvollständig und lässt sich nicht lesen. "
        "Bitte laden Sie sie noch einmal herunter oder exportieren Sie sie neu."
    ),
    "busy": "Es werden gerade viele Bilder hochgeladen. Bitte versuchen Sie es in einer Minute noch einmal.",
    "": f"Diese Datei ist kein Bild im Format {_TAKEN}.",
    "HEIC": (
        "HEIC lesen die meisten Browser nicht. Bitte exportieren Sie das Foto als JPEG "
        "(am iPhone: Einstellungen, Kamera, Formate, „Maximale Kompatibilität“)."
    ),
    "SVG": "SVG kann Programme enthalten und wird nicht angenommen. Bitte exportieren Sie sie als PNG.",
    "EPS": "EPS ist ein Druckformat. Bitte exportieren Sie die Grafik als PNG oder JPEG.",
    "PDF": "Das ist ein PDF und kein Bild. Bitte exportieren Sie die Seite als PNG oder JPEG.",
    "TIFF": "TIFF zeigen Browser nicht an. Bitte exportieren Sie das Bild als JPEG oder PNG.",
    "PSD": "Das ist eine Photoshop-Datei. Bitte exportieren Sie das Bild als JPEG oder PNG.",
    "BMP": "BMP ist für das Netz zu groß. Bitte speichern Sie das Bild als PNG oder JPEG.",
}

# One at a time in each worker: so many workers, so many times 400 MB at most.
_decoding = threading.BoundedSemaphore(1)


class BadPicture(ValueError):
    """The file is refused; the message is a German sentence for the person who uploads."""


@dataclass(frozen=True)
class _Decoded:
    """The picture as renditions need it, and what it was: ``width`` and ``height`` upright, in full."""

    width: int
    height: int
    picture: Pillow.Image


def store(file: IO[bytes], *, title: str, user: User | None = None, **about: object) -> Image:
    """Store a picture and have its renditions made; the same bytes twice give the same Image.

    ``about`` are fields of Image (alt, credit, caption …), used for a new picture only. What the
    file says of itself is nothing to this door: ``metadata.read(data).suggestions()`` has the
    same shape, for callers that want it. Raises BadPicture.
    """
    from images import tasks  # noqa: PLC0415  it opens originals through this door

    data = file.read(MAX_BYTES + 1)
    checksum = hashlib.sha256(data).hexdigest()
    if known := Image.objects.filter(checksum=checksum).first():
        tasks.renew(known)
        return known
    decoded = _decode(data)
    image = _create(data, decoded, checksum, title=title[:200], user=user, **about)
    tasks.renew(image, decoded.picture)
    return image


def reopen(image: Image) -> Pillow.Image:
    """Return the picture of a stored original as renditions need it. Raises BadPicture."""
    with image.original.open("rb") as file:
        return _decode(file.read(MAX_BYTES + 1)).picture


def _decode(data: bytes) -> _Decoded:
    """Check what can be checked without decoding, then decode apart from this process."""
    if not data:
        raise BadPicture(_SENTENCES["empty"])
    if len(data) > MAX_BYTES:
        raise BadPicture(_SENTENCES["bytes"])
    format_ = containers.recognise(data)
    if format_ not in decoder.FORMATS:
        raise BadPicture(_SENTENCES[format_])
    if format_ == "JPEG":
        scans, coefficients = containers.jpeg_cost(data)
        if scans > MAX_SCANS:
            raise BadPicture(_SENTENCES["time"])
        if coefficients > MAX_COEFFICIENTS:
            raise BadPicture(_SENTENCES["memory"])
    if not _decoding.acquire(timeout=_WAIT):
        raise BadPicture(_SENTENCES["busy"])
    try:
        return _decode_apart(data)
    finally:
        _decoding.release()


def _decode_apart(data: bytes) -> _Decoded:
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        try:
            done = subprocess.run(  # noqa: S603  our own file, no argument from outside
                [sys.executable, "-I", str(Path(decoder.__file__).resolve())],
                stdin=file,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise BadPicture(_SENTENCES["time"]) from None
    if done.returncode == -signal.SIGXCPU:
        raise BadPicture(_SENTENCES["time"])
    if done.returncode:
        raise BadPicture(_SENTENCES["broken"])
    end = done.stdout.index(b"\n")
    facts = json.loads(done.stdout[:end])
    if "refused" in facts:
        raise BadPicture(_SENTENCES[facts["refused"]])
    pixels = memoryview(done.stdout)[end + 1 :]
    picture = Pillow.frombytes("RGB", tuple(facts.pop("size")), pixels)
    return _Decoded(picture=picture, **facts)


def _create(
    data: bytes, decoded: _Decoded, checksum: str, *, title: str, user: User | None, **about: object
) -> Image:
    pixel = decoded.picture.resize((1, 1), Pillow.Resampling.BOX).getpixel((0, 0))
    red, green, blue = pixel  # type: ignore[misc]
    image = Image(
        checksum=checksum,
        width=decoded.width,
        height=decoded.height,
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
