"""Pictures to upload, each another one."""

import io

from PIL import Image


def jpeg(number: int, width: int = 1600) -> bytes:
    """Return a photo of noise, so that it does not compress to nothing."""
    small = Image.effect_noise((width // 4, width * 9 // 64), 60 + number)
    out = io.BytesIO()
    small.resize((width, width * 9 // 16)).convert("RGB").save(out, "JPEG", quality=90)
    return out.getvalue()
