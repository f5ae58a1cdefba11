"""The tree of RFC 6962 §2.1 and its proofs (FORMATS.md, chapter 19)."""

from spell import digest

EMPTY = digest(b"")


def leaf(data):
    return digest(b"\x00" + data)


def node(left, right):
    return digest(b"\x01" + left + right)


def largest_power_below(size):
    return 1 << (size - 1).bit_length() - 1


def root(hashes):
    """The root over leaf hashes (or over equal subtrees)."""
    if not hashes:
        return EMPTY
    stack = []
    for i, item in enumerate(hashes):
        while i & 1:
            item = node(stack.pop(), item)
            i >>= 1
        stack.append(item)
    out = stack.pop()
    while stack:
        out = node(stack.pop(), out)
    return out


def included(leaf_hash, index, size, proof, expected):
    """RFC 9162 §2.1.3.2."""
    if index >= size:
        return False
    fn, sn, got = index, size - 1, leaf_hash
    for step in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            got = node(step, got)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            got = node(got, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and got == expected


def consistent(first, first_root, second, second_root, proof):
    """RFC 9162 §2.1.4.2, for 0 < first < second."""
    if not 0 < first < second or not proof:
        return False
    path = list(proof)
    if first & (first - 1) == 0:
        path.insert(0, first_root)
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for step in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node(step, fr), node(step, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == first_root and sr == second_root
