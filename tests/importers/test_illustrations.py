"""The drawn pictures of the demo: repeatable, different, of the wanted size, quick."""

import re
import time
from itertools import combinations

import pytest
from PIL import Image, ImageChops

from importers.demo import illustrations
from importers.demo.illustrations import LOOKS, MOTIFS, describe, draw, portrait
from importers.demo.illustrations.composition import Composition

pytestmark = pytest.mark.once

SMALL = (160, 90)
VERMILION = (0xCC, 0x3A, 0x1D)
COMPOSITIONS = illustrations._COMPOSITIONS


def distance(one: Image.Image, other: Image.Image) -> float:
    """The share of pixels that differ."""
    difference = ImageChops.difference(one, other).convert("L").point(lambda level: 255 if level else 0)
    return difference.histogram()[255] / (one.width * one.height)


@pytest.mark.parametrize("motif", MOTIFS)
def test_the_same_seed_gives_the_same_picture(motif):
    assert draw(motif, "haushalt", SMALL).tobytes() == draw(motif, "haushalt", SMALL).tobytes()
    assert (
        draw(motif, "haushalt", SMALL, turn=3).tobytes() == draw(motif, "haushalt", SMALL, turn=3).tobytes()
    )


@pytest.mark.parametrize("motif", MOTIFS)
def test_a_series_is_never_one_picture_twice(motif):
    series = [draw(motif, f"article-{n}", SMALL, turn=n) for n in range(6)]
    for one, other in combinations(series, 2):
        assert distance(one, other) > 0.15


@pytest.mark.parametrize("motif", MOTIFS)
def test_seeds_alone_make_different_pictures(motif):
    assert len({draw(motif, f"article-{n}", SMALL).tobytes() for n in range(8)}) == 8


@pytest.mark.parametrize("size", [(2400, 1350), (300, 200), (240, 180), (200, 200), (90, 160), (1, 1)])
def test_every_size_is_kept(size):
    picture = draw("track", "staffel", size)
    assert (picture.mode, picture.size) == ("RGB", size)


@pytest.mark.parametrize("motif", MOTIFS)
def test_a_square_is_the_middle_of_the_wide_picture(motif):
    square, wide = draw(motif, "schnitt", (180, 180)), draw(motif, "schnitt", (320, 180))
    assert distance(square, wide.crop((70, 0, 250, 180))) < 0.1


@pytest.mark.parametrize("motif", MOTIFS)
def test_one_element_is_off_the_beat_and_survives_a_square_thumbnail(motif):
    for n in range(12):
        colours = draw(motif, f"article-{n}", (120, 120), turn=n).getcolors(maxcolors=120 * 120)
        assert {colour: count for count, colour in colours}.get(VERMILION, 0) > 20, n


@pytest.mark.parametrize("motif", ["", "HEMICYCLE", "weather", "__class__"])
def test_an_unknown_motif_is_refused_by_name(motif):
    with pytest.raises(ValueError, match="unknown motif"):
        draw(motif, "irgendwas", SMALL)
    with pytest.raises(ValueError, match="unknown motif"):
        describe(motif, "irgendwas")


@pytest.mark.parametrize("motif", MOTIFS)
@pytest.mark.parametrize("turn", [None, *range(8)])
def test_the_words_belong_to_what_is_drawn(motif, turn, monkeypatch):
    painted = []

    def watched(composition: Composition) -> Composition:
        def paint(sheet, rng):
            painted.append(composition.alt)
            composition.paint(sheet, rng)

        return Composition(paint, composition.alt)

    series = tuple(watched(composition) for composition in COMPOSITIONS[motif])
    monkeypatch.setitem(COMPOSITIONS, motif, series)
    seeds = [f"article-{n}" for n in range(12)]
    for seed in seeds:
        draw(motif, seed, (16, 9), turn=turn)
    assert painted == [describe(motif, seed, turn=turn) for seed in seeds]


def test_every_composition_has_words_of_its_own():
    words = [composition.alt for compositions in COMPOSITIONS.values() for composition in compositions]
    assert len(set(words)) == len(words) == 46
    for sentence in words:
        assert re.fullmatch(r"Illustration: [A-ZÄÖÜ].+\.", sentence), sentence
        assert 60 <= len(sentence) <= 140, sentence


def test_all_motifs_are_drawn_quickly():
    began = time.process_time()
    for motif in MOTIFS:
        draw(motif, "eilig", SMALL)
    assert time.process_time() - began < 2


def test_portraits_repeat_themselves_and_differ():
    heads = [portrait(f"person-{n}", 120) for n in range(12)]
    assert all(head.size == (120, 120) for head in heads)
    assert heads[0].tobytes() == portrait("person-0", 120).tobytes()
    for one, other in combinations(heads, 2):
        assert distance(one, other) > 0.05


def test_a_look_can_be_asked_for_and_must_exist():
    looks = {portrait("person", 120, look).tobytes() for look in LOOKS}
    assert len(looks) == len(LOOKS)
    with pytest.raises(ValueError, match="unknown look"):
        portrait("person", 120, "moustache")
