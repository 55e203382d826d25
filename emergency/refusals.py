"""What stops an emergency edition."""


class Refused(Exception):
    """An edition that is not made; its text is a German sentence for who asked."""
