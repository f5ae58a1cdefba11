"""What a check says when it does not hold."""


class Wrong(Exception):
    """Something does not hold. `code` is the page's word for it, where it has one."""

    def __init__(self, says, code=None):
        super().__init__(says)
        self.says = says
        self.code = code


class Undecided(Exception):
    """It can't be decided from what is here: an annex is missing, the rules are unknown, no quorum."""


def need(holds, says, code=None):
    if not holds:
        raise Wrong(says, code)
