"""Whether PROJ, and NGA's own program for grid references, say of places what we say.

check.py pairs FILE          lat, lon, lat, lon, millimetres, thousandths of a degree
check.py sides LINE FILE     lat, lon, millimetres, left | right | on | beyond
check.py grid FILE           lat, lon, reference

Files are CSV without a head, latitudes and longitudes in 10^-7 degrees; LINE is GeoJSON. Nothing here knows our code:
distances are PROJ's geodesics (pyproj), least by golden sections; sides come from a polygon that the line is closed to;
references come from GEOTRANS (the package `mgrs`). Exit code 0: all agree.
"""

import csv
import json
import sys

import numpy as np
from pyproj import Geod

GEOD = Geod(ellps="WGS84")
# What both sides state: a millimetre, and half of one for rounding.
MM = 1.5


def rows(path):
    with open(path, newline="") as file:
        return list(csv.reader(file))


def column(table, at, kind=float, scale=1.0):
    return np.array([kind(row[at]) for row in table]) / scale


def say(wrong, told):
    """Tells the first few of the rows that differ; how many there are."""
    for at in np.flatnonzero(wrong)[:5]:
        print("differs:", told(at))
    return int(np.count_nonzero(wrong))


def pairs(path):
    table = rows(path)
    lat1, lon1, lat2, lon2 = (column(table, at, float, 1e7) for at in range(4))
    ours_mm, ours_mdeg = column(table, 4), column(table, 5)
    azimuth, _, metres = GEOD.inv(lon1, lat1, lon2, lat2)
    off = np.abs(np.asarray(metres) * 1e3 - ours_mm)
    turn = np.abs((np.asarray(azimuth) * 1e3 - ours_mdeg + 180_000) % 360_000 - 180_000)
    # What a millimetre is, seen from there; and none where there is no one way.
    near = np.minimum(np.asarray(metres), np.pi * 6371e3 - np.asarray(metres))
    loose = near < 1e5
    wrong = (off > MM) | ((turn > 1.0) & ~loose)
    found = say(wrong, lambda at: (table[at], metres[at], azimuth[at]))
    print(f"pairs: {len(table)} compared, {found} differ; at most {off.max():.2f} mm")
    return found


def in_space(lat, lon):
    """Metres from the middle of the earth."""
    lat, lon = np.radians(lat), np.radians(lon)
    f = 1 / 298.257223563
    n = 6378137.0 / np.sqrt(1 - f * (2 - f) * np.sin(lat) ** 2)
    return np.stack([n * np.cos(lat) * np.cos(lon), n * np.cos(lat) * np.sin(lon), n * (1 - f) ** 2 * np.sin(lat)], -1)


def candidates(line, lat, lon, lengths):
    """Pairs of a point and an edge that may be its nearest, by straight distances in space."""
    corners = in_space(line[:, 1], line[:, 0])
    start, along = corners[:-1], corners[1:] - corners[:-1]
    square = (along**2).sum(-1)
    sag = 2 * lengths.max() ** 2 / (8 * 6371e3) + 2
    found = []
    for first in range(0, len(lat), 500):
        points = in_space(lat[first : first + 500], lon[first : first + 500])
        to = points[:, None, :] - start[None]
        part = np.clip((to * along[None]).sum(-1) / square[None], 0, 1)
        far = np.sqrt(((to - part[..., None] * along[None]) ** 2).sum(-1))
        least = far.min(1)
        point, edge = np.nonzero(far <= (least * 1.001 + sag)[:, None])
        found.append(np.stack([point + first, edge], -1))
    return np.concatenate(found)


def least(line, lat, lon):
    """Metres to the line, and the edge and the metres along it where it is nearest."""
    azimuth, _, length = (np.asarray(it) for it in GEOD.inv(line[:-1, 0], line[:-1, 1], line[1:, 0], line[1:, 1]))
    point, edge = candidates(line, lat, lon, length).T

    def metres(along):
        there_lon, there_lat, _ = GEOD.fwd(line[edge, 0], line[edge, 1], azimuth[edge], along)
        return np.asarray(GEOD.inv(there_lon, there_lat, lon[point], lat[point])[2])

    golden = (np.sqrt(5) - 1) / 2
    low, high = np.zeros(len(edge)), length[edge].copy()
    left, right = high - golden * (high - low), low + golden * (high - low)
    at_left, at_right = metres(left), metres(right)
    for _ in range(60):
        is_left = at_left < at_right
        high, low = np.where(is_left, right, high), np.where(is_left, low, left)
        left, right = np.where(is_left, high - golden * (high - low), right), np.where(is_left, left, low + golden * (high - low))
        new = metres(np.where(is_left, left, right))
        at_left, at_right = np.where(is_left, new, at_right), np.where(is_left, at_left, new)
    middle = (low + high) / 2
    ends = np.stack([np.zeros(len(edge)), middle, length[edge]])
    values = np.stack([metres(it) for it in ends])
    best = values.argmin(0)
    value, along = values.min(0), np.take_along_axis(ends, best[None], 0)[0]
    order = np.lexsort((value, point))
    first = order[np.unique(point[order], return_index=True)[1]]
    # How far the nearest point is from each end of the whole line, going along it.
    before = np.concatenate([[0], np.cumsum(length)])
    gone = before[edge[first]] + along[first]
    return value[first], gone, before[-1] - gone


def plane(lat, lon, middle):
    """The azimuthal equidistant projection of a sphere: one to one but for the point opposite."""
    lat, lon, lat0, lon0 = np.radians(lat), np.radians(lon), np.radians(middle[0]), np.radians(middle[1])
    x = np.cos(lat) * np.sin(lon - lon0)
    y = np.cos(lat0) * np.sin(lat) - np.sin(lat0) * np.cos(lat) * np.cos(lon - lon0)
    z = np.sin(lat0) * np.sin(lat) + np.cos(lat0) * np.cos(lat) * np.cos(lon - lon0)
    across = np.hypot(x, y)
    far = np.arctan2(across, z)
    scale = np.divide(far, across, out=np.ones_like(far), where=across > 0)
    return np.stack([x * scale, y * scale], -1)


def is_left(line, lat, lon):
    """Whether a point lies in the polygon that the line makes with a wide turn on its left hand."""
    dense = []
    for (lon1, lat1), (lon2, lat2) in zip(line[:-1], line[1:]):
        azimuth, _, metres = GEOD.inv(lon1, lat1, lon2, lat2)
        steps = np.arange(0, metres, 250.0)
        there = GEOD.fwd(np.full(len(steps), lon1), np.full(len(steps), lat1), np.full(len(steps), azimuth), steps)
        dense.append(np.stack([there[0], there[1]], -1))
    dense = np.concatenate([*dense, line[-1:]])
    middle = (line[len(line) // 2, 1], line[len(line) // 2, 0])
    drawn, points = plane(dense[:, 1], dense[:, 0], middle), plane(lat, lon, middle)
    wide = 2.0

    def out(end, inner):
        """Where the line comes to the wide circle if it goes straight on."""
        way = (end - inner) / np.hypot(*(end - inner))
        b = end @ way
        return end + way * (-b + np.sqrt(b * b - end @ end + wide * wide))

    ahead, behind = out(drawn[-1], drawn[-2]), out(drawn[0], drawn[1])
    turn = [np.arctan2(it[1], it[0]) for it in (ahead, behind)]
    angles = turn[0] + np.linspace(0, (turn[1] - turn[0]) % (2 * np.pi), 200)
    circle = wide * np.stack([np.cos(angles), np.sin(angles)], -1)
    polygon = np.concatenate([drawn, circle])
    start, end = polygon, np.roll(polygon, -1, 0)
    inside = np.zeros(len(points), bool)
    for first in range(0, len(points), 500):
        x, y = points[first : first + 500, 0, None], points[first : first + 500, 1, None]
        crosses = (start[None, :, 1] > y) != (end[None, :, 1] > y)
        rise = np.where(end[:, 1] == start[:, 1], 1, end[:, 1] - start[:, 1])
        at = start[None, :, 0] + (y - start[None, :, 1]) * ((end[:, 0] - start[:, 0]) / rise)[None]
        inside[first : first + 500] = ((crosses & (at > x)).sum(1) % 2) == 1
    return inside


def sides(line_path, path):
    with open(line_path) as file:
        line = np.array(json.load(file)["coordinates"], float)
    table = rows(path)
    lat, lon = column(table, 0, float, 1e7), column(table, 1, float, 1e7)
    ours_mm, ours = column(table, 2), np.array([row[3] for row in table])
    metres, from_start, from_end = least(line, lat, lon)
    off = np.abs(metres * 1e3 - ours_mm)
    found = say(off > MM, lambda at: (table[at], metres[at]))
    # An end is the nearest point, or is not; nobody can tell within a centimetre.
    to_end = np.minimum(from_start, from_end)
    beyond, clear = to_end < 1e-6, (to_end < 1e-6) | (to_end > 1e-2)
    on = metres < 2e-3
    wrong = clear & ~on & (beyond != (ours == "beyond"))
    found += say(wrong, lambda at: (table[at], from_start[at], from_end[at]))
    left = np.where(is_left(line, lat, lon), "left", "right")
    beside = clear & ~beyond & (metres > 2e-3)
    found += say(beside & (left != ours), lambda at: (table[at], metres[at], left[at]))
    found += say((metres > 3e-3) & (ours == "on"), lambda at: (table[at], metres[at]))
    near = np.count_nonzero(beside & (metres < 100))
    print(
        f"sides: {len(table)} compared, {found} differ; {np.count_nonzero(beside)} beside ({near} within 100 m), "
        f"{np.count_nonzero(beyond)} beyond an end; distances differ by at most {off.max():.2f} mm"
    )
    return found


def grid(path):
    import mgrs

    program = mgrs.MGRS()
    table = rows(path)
    found = edges = 0
    for lat, lon, ours in table:
        theirs = program.toMGRS(int(lat) / 1e7, int(lon) / 1e7, MGRSPrecision=5)
        if theirs == ours:
            continue
        if is_edge(program, ours, theirs):
            edges += 1
        else:
            found += 1
            if found <= 5:
                print("differs:", lat, lon, ours, theirs)
    print(f"grid: {len(table)} compared, {found} differ; {edges} on an edge of two squares")
    return found


def is_edge(program, ours, theirs):
    """Whether two references are of squares of a metre side by side: a place on the edge is in either."""
    (lat1, lon1), (lat2, lon2) = program.toLatLon(ours), program.toLatLon(theirs)
    return GEOD.inv(lon1, lat1, lon2, lat2)[2] < 1.5


CHECKS = {"pairs": pairs, "sides": sides, "grid": grid}
sys.exit(1 if CHECKS[sys.argv[1]](*sys.argv[2:]) else 0)
