"""Puts the built static files beside those of the last release, while nginx hands them out.

deploy/add_static.py FROM TO
"""

import filecmp
import shutil
import sys
from pathlib import Path

# Says which file is meant by a name, so it comes when all of them are there.
MANIFEST = "staticfiles.json"


def add(built: Path, served: Path) -> None:
    """Copy what is not there yet; whoever reads a file meanwhile reads one of the two, whole.

    Nothing is taken away: pages that caches still hold name the files of the last release.
    """
    for source in sorted(built.rglob("*"), key=lambda path: (path.name == MANIFEST, path)):
        target = served / source.relative_to(built)
        if source.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        elif not (target.is_file() and filecmp.cmp(source, target, shallow=False)):
            target.parent.mkdir(parents=True, exist_ok=True)
            part = target.with_name(f".{target.name}.part")
            shutil.copy(source, part)
            part.replace(target)


if __name__ == "__main__":
    add(Path(sys.argv[1]), Path(sys.argv[2]))
