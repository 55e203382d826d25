"""The pictures of the style page: drawn when a browser asks for them, never stored."""

import io
from functools import lru_cache

from PIL import Image as Pillow

from images import renditions
from importers.demo import illustrations
from styleguide import samples

_SCALE = 2 / 3  # of what the samples say they measure: as large as any public size

# Every public size that the samples have, by its name in the public storage.
SIZES = {
    name: (motif, size, width)
    for motif in (*samples.MOTIFS, samples.PORTRAIT)
    for size in renditions.all_rendered(samples.image(motif))
    for width, _, name in size.names()
}


def kind_of(name: str) -> str:
    """Return the media type of a public size."""
    return f"image/{name.rpartition('.')[2].replace('jpg', 'jpeg')}"


@lru_cache(maxsize=256)
def drawn(name: str) -> bytes:
    """Return the bytes of a public size of a sample."""
    motif, size, width = SIZES[name]
    left, top, box_width, box_height = (edge * _SCALE for edge in size.box)
    box = (left, top, left + box_width, top + box_height)
    part = _original(motif).resize((width, size.height(width)), box=box)
    out = io.BytesIO()
    part.save(out, kind_of(name).partition("/")[2], quality=80)
    return out.getvalue()


@lru_cache(maxsize=16)
def _original(motif: str) -> Pillow.Image:
    if motif == samples.PORTRAIT:
        return illustrations.portrait("stil", round(samples.WIDTH * _SCALE))
    size = (round(samples.WIDTH * _SCALE), round(samples.HEIGHT * _SCALE))
    return illustrations.draw(motif, "stil", size)
