"""Errors that a user can mend."""


class InputError(ValueError):
    """Something the user gave is not usable; the message names it, what was found and expected."""


class ArtefactError(ValueError):
    """A file of the pipeline is damaged, of another kind or version, or not where it should be."""
