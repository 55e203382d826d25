"""What stops a backup or a restore."""


class Refused(Exception):
    """A backup that is not made or not brought back; its text is a German sentence for who asked."""
