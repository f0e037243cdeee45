"""What a reader says to bytes or JSON that are no value, and a writer to what is none."""


class Refused(Exception):
    """The message names the reason; there is no place, for no test asks for one."""
