import logging
import os
from argparse import ArgumentParser
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import batched
from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError

from images import renditions, tasks, uploads
from images.models import Image

logger = logging.getLogger(__name__)

_BATCH = 20
_THREADS = 4


class Command(BaseCommand):
    help = "Erzeugt Bildgrößen, die noch fehlen, und entfernt alte; beliebig oft."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="nur zählen, was fehlt")
        parser.add_argument(
            "--files",
            action="store_true",
            help="auch nachsehen, ob jede Datei im Speicher liegt (in S3 langsam: eine Anfrage je Datei)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        todo = _missing(look=options["files"])
        if options["check"]:
            if number := sum(1 for _ in todo):
                raise CommandError(f"Bilder, denen Bildgrößen fehlen: {number}.")
            self.stdout.write("Alle Bilder haben ihre Bildgrößen.")
            return
        done = bad = 0
        # Threads: encoding gives the others their turn, and decoding is a process of its own.
        with ThreadPoolExecutor(min(_THREADS, os.cpu_count() or 1)) as pool:
            for batch in batched(todo, _BATCH, strict=False):
                for image, failure in zip(batch, pool.map(_make, batch), strict=True):
                    if failure is None:
                        tasks.record(image, renditions.wanted(image))
                        done += 1
                    else:
                        tasks.give_up(image)
                        bad += 1
                        self.stderr.write(f"Bild {image.pk} „{image.title}“: {failure}")
                if self.stdout.isatty():
                    self.stdout.write(f"\r{done} Bilder", ending="")
        self.stdout.write(
            f"Bilder mit neuen Bildgrößen: {done}. Alte Dateien entfernt: {tasks.remove_old()}."
        )
        if bad:
            raise CommandError(f"Bilder, denen weiterhin Bildgrößen fehlen: {bad}.")


def _missing(*, look: bool) -> Iterator[Image]:
    """Yield the images that lack sizes; with ``look`` also those that only say they have them."""
    images = Image.objects.order_by("-pk")  # the newest are on the pages
    for pk in list((images if look else images.filter(renditions.missing())).values_list("pk", flat=True)):
        image = images.filter(pk=pk).first()
        if image and (image.rendered != renditions.wanted(image) or not _is_there(image)):
            yield image


def _is_there(image: Image) -> bool:
    files = (name for size in renditions.all_rendered(image) for _, _, name in size.names())
    return all(default_storage.exists(name) for name in files)


def _make(image: Image) -> Exception | None:
    """Make the files of one image, away from the database; return what went wrong."""
    try:
        renditions.make(image, uploads.reopen(image))
    except Exception as failure:  # whatever it is, the others get theirs
        logger.exception("renditions not made", extra={"image": image.pk})
        return failure
    return None
