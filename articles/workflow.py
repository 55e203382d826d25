"""The table of actions: from which state, by whom, what they need and what they will do.

``articles/publishing.py`` performs them; nothing else changes a state.
"""

from dataclasses import dataclass
from enum import StrEnum

from articles import permissions
from articles.choices import State
from articles.permissions import Predicate

ANY_STATE = frozenset(State)


class Note(StrEnum):
    """Whether an action asks for words."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


class Standing(StrEnum):
    """What the readers' side must look like for an action."""

    ANY = "any"
    NEVER_RELEASED = "never_released"  # no edition was ever released
    LIVE = "live"
    WAITING = "waiting"


@dataclass(frozen=True)
class Action:
    """One row of the table."""

    name: str
    label: str
    explanation: str
    may: Predicate
    sources: frozenset[State]
    target: State | None = None  # None: the state stays
    standing: Standing = Standing.ANY
    note: Note = Note.NONE
    note_label: str = "Notiz"
    checks_text: bool = False  # hard blockers must be gone
    asks_time: bool = False
    asks_kind: bool = False
    is_release: bool = False
    from_trash: bool = False
    is_main: bool = False  # the step that usually comes next; its button stands out


ACTIONS: dict[str, Action] = {
    action.name: action
    for action in (
        Action(
            "submit",
            "Zur Prüfung geben",
            "Der Text geht an die Redaktion. Sie können ihn weiter ändern, bis er freigegeben ist.",
            permissions.may_edit,
            frozenset({State.DRAFT}),
            State.IN_REVIEW,
            note=Note.OPTIONAL,
            note_label="Hinweis an die Redaktion",
            checks_text=True,
            is_main=True,
        ),
        Action(
            "take_back",
            "Zurückholen",
            "Der Text wird wieder ein Entwurf und verschwindet aus der Liste der Redaktion.",
            permissions.may_edit,
            frozenset({State.IN_REVIEW}),
            State.DRAFT,
        ),
        Action(
            "send_back",
            "Zurückgeben",
            "Der Text wird wieder ein Entwurf. Ihre Notiz steht bei der Autorin oder dem Autor obenan.",
            permissions.may_review,
            frozenset({State.IN_REVIEW, State.APPROVED}),
            State.DRAFT,
            note=Note.REQUIRED,
            note_label="Was noch fehlt",
        ),
        Action(
            "approve",
            "Freigeben",
            "Genau diese Version wird freigegeben. Ändert sie noch jemand, verfällt die Freigabe.",
            permissions.may_approve,
            frozenset({State.IN_REVIEW}),
            State.APPROVED,
            note=Note.OPTIONAL,
            checks_text=True,
            is_main=True,
        ),
        Action(
            "publish",
            "Veröffentlichen",
            "Leserinnen und Leser sehen den Text sofort.",
            permissions.may_release,
            frozenset({State.APPROVED}),
            checks_text=True,
            asks_kind=True,
            is_release=True,
        ),
        Action(
            "schedule",
            "Planen …",
            "Der Text erscheint von selbst in der Sekunde, die Sie wählen.",
            permissions.may_release,
            frozenset({State.APPROVED}),
            checks_text=True,
            asks_time=True,
            asks_kind=True,
            is_release=True,
            is_main=True,
        ),
        Action(
            "reschedule",
            "Planung ändern …",
            "Die geplante Fassung erscheint zu einem anderen Zeitpunkt.",
            permissions.may_release,
            ANY_STATE,
            standing=Standing.WAITING,
            asks_time=True,
        ),
        Action(
            "cancel",
            "Planung aufheben",
            "Die geplante Fassung erscheint nicht. Was jetzt online ist, bleibt online.",
            permissions.may_release,
            ANY_STATE,
            standing=Standing.WAITING,
            note=Note.OPTIONAL,
        ),
        Action(
            "withdraw",
            "Zurückziehen",
            "Der Artikel verschwindet sofort überall. Unter seiner Adresse steht nur noch Ihre Begründung.",
            permissions.may_withdraw,
            ANY_STATE,
            standing=Standing.LIVE,
            note=Note.REQUIRED,
            note_label="Begründung, wie Leserinnen und Leser sie sehen",
        ),
        Action(
            "release_alone",
            "Im Notfall veröffentlichen",
            "Sofort, ohne zweites Augenpaar. Ihre Begründung steht im Verlauf und in der Übersicht.",
            permissions.may_release_alone,
            frozenset({State.DRAFT, State.IN_REVIEW}),
            State.APPROVED,
            note=Note.REQUIRED,
            note_label="Begründung für Verlauf und Übersicht",
            checks_text=True,
            asks_kind=True,
            is_release=True,
        ),
        Action(
            "trash",
            "In den Papierkorb",
            "Der Entwurf verschwindet aus den Listen. Er kann zurückgeholt werden.",
            permissions.may_trash,
            frozenset({State.DRAFT}),
            standing=Standing.NEVER_RELEASED,
        ),
        Action(
            "restore",
            "Wiederherstellen",
            "Der Entwurf kommt aus dem Papierkorb zurück.",
            permissions.may_trash,
            ANY_STATE,
            from_trash=True,
        ),
    )
}
