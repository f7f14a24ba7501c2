"""What every process of the program does as it starts: a person's, and those that it starts."""

import gc


def begin() -> None:
    """A session of a thousand candidates is a million records, none of which makes a cycle: looking
    for cycles among them takes longer than reading them."""
    gc.set_threshold(100_000, 50, 1000)
