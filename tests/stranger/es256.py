"""ES256: ECDSA with SHA-256 over P-256 (FORMATS.md, chapter 3), in plain Python."""

from hashlib import sha256

P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)


def decode(data):
    """The point of 33 bytes, SEC 1 compressed; None if it is none."""
    if len(data) != 33 or data[0] not in (2, 3):
        return None
    x = int.from_bytes(data[1:], "big")
    if x >= P:
        return None
    square = (x * x * x - 3 * x + B) % P
    y = pow(square, (P + 1) // 4, P)
    if y * y % P != square:
        return None
    return x, y if y & 1 == data[0] & 1 else P - y


def add(p, q):
    """Affine; None is the point at infinity."""
    if p is None or q is None:
        return q if p is None else p
    if p[0] == q[0]:
        if (p[1] + q[1]) % P == 0:
            return None
        slope = (3 * p[0] * p[0] - 3) * pow(2 * p[1], -1, P) % P
    else:
        slope = (q[1] - p[1]) * pow(q[0] - p[0], -1, P) % P
    x = (slope * slope - p[0] - q[0]) % P
    return x, (slope * (p[0] - x) - p[1]) % P


def times(scalar, point):
    total = None
    for bit in bin(scalar)[2:]:
        total = add(total, total)
        if bit == "1":
            total = add(total, point)
    return total


def public(scalar):
    x, y = times(scalar, G)
    return bytes([2 + (y & 1)]) + x.to_bytes(32, "big")


def der_integer(number):
    data = number.to_bytes(number.bit_length() // 8 + 1, "big")
    return b"\x02" + bytes([len(data)]) + data


def der(r, s):
    """The one canonical form. It is shorter than 128 bytes, so each length is one byte."""
    both = der_integer(r) + der_integer(s)
    return b"\x30" + bytes([len(both)]) + both


def read_der(data):
    """(r, s), or None if the bytes are not the canonical form of any."""
    try:
        length = data[3]
        r = int.from_bytes(data[4 : 4 + length], "big")
        s = int.from_bytes(data[6 + length :], "big")
        return (r, s) if der(r, s) == data else None
    except (IndexError, ValueError, OverflowError):
        return None


def holds(key, message, signature):
    point, numbers = decode(key), read_der(signature)
    if point is None or numbers is None:
        return False
    r, s = numbers
    if not (0 < r < N and 0 < s < N):
        return False
    e = int.from_bytes(sha256(message).digest(), "big")
    w = pow(s, -1, N)
    got = add(times(e * w % N, G), times(r * w % N, point))
    return got is not None and got[0] % N == r
