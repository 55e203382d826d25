"""Internal notes: whoever writes at the same time as somebody else, both are kept."""

import pytest

from articles.internal_notes import Notes, mark, together, were_joined

pytestmark = pytest.mark.once

OLD = "Anwältin fragen"


@pytest.mark.parametrize(
    ("stored", "typed", "seen", "result", "is_joined"),
    [
        ("", "", "", "", False),
        ("", "Neu", "", "Neu", False),
        (OLD, OLD, OLD, OLD, False),
        (OLD, "", OLD, "", False),  # taken out
        (OLD, f"{OLD}\r\nRückruf", OLD, f"{OLD}\nRückruf", False),
        # Somebody else wrote meanwhile.
        (f"{OLD}\nIhres", OLD, OLD, f"{OLD}\nIhres", False),  # only she
        ("", OLD, OLD, "", False),  # she took it out
        (f"{OLD}\nIhres", f"{OLD}\nMeines", OLD, f"{OLD}\nIhres\n\nMeines", True),
        ("Ihres", "Meines", "", "Ihres\n\nMeines", True),
        ("Alles klar", "Alles", "", "Alles klar\n\nAlles", True),  # whole lines, not signs
        ("Ihres\r\nund mehr", "Ihres\nMeines", "", "Ihres\nund mehr\n\nMeines", True),
        (f"{OLD}\nIhres", "", OLD, f"{OLD}\nIhres", True),  # a deletion does not take hers along
        ("", f"{OLD}\nMeines", OLD, f"{OLD}\nMeines", False),
        (f"{OLD}\nMeines", f"{OLD}\nMeines", OLD, f"{OLD}\nMeines", False),  # sent again
        (f"{OLD}\nIhres\n\nMeines", f"{OLD}\nMeines", OLD, f"{OLD}\nIhres\n\nMeines", True),  # sent again
    ],
)
def test_nothing_that_was_written_gets_lost(stored, typed, seen, result, is_joined):
    notes = Notes(typed, mark(seen))

    assert together(stored, notes) == result
    assert were_joined(result, notes) is is_joined


def test_a_mark_knows_no_line_ends_and_no_margins():
    assert mark("a\nb") == mark("a\r\nb ") != mark("ab")
    assert mark("") == mark(" \n") == ""
