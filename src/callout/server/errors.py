"""What stands in the way of running Callout on this machine."""


class ServerProblem(Exception):
    """Something outside Callout has to change first: `what` is wrong, and `mend` tells the person what to do."""

    def __init__(self, what: str, mend: str = "") -> None:
        self.what = what
        self.mend = mend
        super().__init__(f"{what} {mend}".strip())
