"""Tiles and entry bundles (FORMATS.md, chapter 19; C2SP tlog-tiles)."""

import re

import tree
from records import split

WIDTH = 256
PATH = re.compile(r"tile/(entries|0|[1-9][0-9]?)((?:/x[0-9]{3})*/[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII)


def read_path(path):
    """(level or "entries", index, width) of a tile's path; None if it is no such path."""
    match = PATH.fullmatch(path)
    if not match:
        return None
    level, groups, width = match.groups()
    index = int(groups.replace("/x", "").replace("/", ""))
    width = WIDTH if width is None else int(width)
    if write_path(level, index, width) != path or width > WIDTH or width == WIDTH and ".p" in path:
        return None
    if level != "entries" and int(level) > 63:
        return None
    return (level if level == "entries" else int(level)), index, width


def write_path(level, index, width=WIDTH):
    text = f"{index % 1000:03}"
    while index >= 1000:
        index //= 1000
        text = f"x{index % 1000:03}/{text}"
    return f"tile/{level}/{text}" + ("" if width == WIDTH else f".p/{width}")


def expected(size):
    """The tiles that a log of this size has."""
    out = []
    for level, count in [("entries", size), *enumerate_levels(size)]:
        out += [write_path(level, i) for i in range(count // WIDTH)]
        if count % WIDTH:
            out.append(write_path(level, count // WIDTH, count % WIDTH))
    return out


def enumerate_levels(size):
    level, count = 0, size
    while count:
        yield level, count
        level, count = level + 1, count // WIDTH


def levels_of(leaves):
    """The hashes of each level, as the entries make them."""
    levels = [list(leaves)]
    while len(levels[-1]) >= WIDTH:
        below = levels[-1]
        levels.append([tree.root(below[i : i + WIDTH]) for i in range(0, len(below) // WIDTH * WIDTH, WIDTH)])
    return levels


def bundle(data):
    return split(data)
