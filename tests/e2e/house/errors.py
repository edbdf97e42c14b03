"""What can go wrong in the house, in words a person can act on."""


class HouseError(Exception):
    """Root of all errors that the house raises."""


class NotSeenError(HouseError):
    """Something that was waited for did not come in time."""


class EndedError(HouseError):
    """A process of the house ended by itself."""


class RefusedError(HouseError):
    """Home Assistant refused what it was asked for."""
