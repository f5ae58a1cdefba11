"""Ed25519 by the rule of ZIP 215 (FORMATS.md, chapter 3), in plain Python. Slow, and easy to read.

Points are extended coordinates (X, Y, Z, T) with x = X/Z, y = Y/Z, x·y = T/Z.
"""

from functools import lru_cache
from hashlib import sha512

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
D2 = 2 * D % P
SQRT_M1 = pow(2, (P - 1) // 4, P)
ZERO = (0, 1, 1, 0)


def add(p, q):
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = p[3] * q[3] % P * D2 % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def double(p):
    a = p[0] * p[0] % P
    b = p[1] * p[1] % P
    c = 2 * p[2] * p[2] % P
    h = a + b
    e = h - (p[0] + p[1]) ** 2
    g = a - b
    f = c + g
    return e * f % P, g * h % P, f * g % P, e * h % P


def negate(p):
    return -p[0] % P, p[1], p[2], -p[3] % P


def equal(p, q):
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


def decode(data):
    """The point of 32 bytes in any encoding, reduced or not; None if it is none."""
    number = int.from_bytes(data, "little")
    y, sign = (number & (2**255 - 1)) % P, number >> 255
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if (v * x * x - u) % P:
        x = x * SQRT_M1 % P
        if (v * x * x - u) % P:
            return None
    if x & 1 != sign:  # x = 0 with sign 1 stays 0: ZIP 215 lets it be
        x = -x % P
    return x, y, 1, x * y % P


def encode(p):
    inverse = pow(p[2], -1, P)
    x, y = p[0] * inverse % P, p[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def small_table(p):
    table = [ZERO]
    for _ in range(15):
        table.append(add(table[-1], p))
    return table


def times(scalar, table):
    """scalar · p from the table of p, four bits at a time."""
    total = ZERO
    for shift in range((max(scalar.bit_length(), 1) + 3) // 4 * 4 - 4, -1, -4):
        total = double(double(double(double(total))))
        total = add(total, table[scalar >> shift & 15])
    return total


BASE = decode((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
BASE_TABLE = small_table(BASE)


@lru_cache(maxsize=4096)
def table_of(key):
    point = decode(key)
    return None if point is None else small_table(negate(point))


def challenge(r, key, message):
    return int.from_bytes(sha512(r + key + message).digest(), "little") % L


def combination(key, message, signature):
    """s·B − k·A, or None if s or A can't be read."""
    s = int.from_bytes(signature[32:], "little")
    table = table_of(bytes(key))
    if len(signature) != 64 or s >= L or table is None:
        return None
    k = challenge(signature[:32], key, message)
    return add(times(s, BASE_TABLE), times(k, table))


@lru_cache(maxsize=1 << 16)
def holds(key, message, signature):
    """8·s·B = 8·R + 8·k·A, A and R in any encoding."""
    if len(key) != 32 or len(signature) != 64:
        return False
    r, got = decode(signature[:32]), combination(key, message, signature)
    if r is None or got is None:
        return False
    rest = add(got, negate(r))
    return equal(double(double(double(rest))), ZERO)


def holds_without_cofactor(key, message, signature):
    """What a registrar asks for too: the bytes of R are the encoding of s·B − k·A."""
    if len(key) != 32 or len(signature) != 64:
        return False
    got = combination(key, message, signature)
    return got is not None and encode(got) == signature[:32]


@lru_cache(maxsize=4096)
def enrollable(key):
    """`good`, or why this key may not be enrolled. In the order of chapter 3."""
    point = decode(key)
    if point is None:
        return "not-a-point"
    if encode(point) != key:
        return "non-canonical"
    if equal(double(double(double(point))), ZERO):
        return "small-order"
    if not equal(times(L, small_table(point)), ZERO):
        return "torsion"
    return "good"


def secret(seed):
    digest = bytearray(sha512(seed).digest())
    digest[0] &= 248
    digest[31] = digest[31] & 127 | 64
    return int.from_bytes(digest[:32], "little"), bytes(digest[32:])


@lru_cache(maxsize=256)
def public(seed):
    return encode(times(secret(seed)[0], BASE_TABLE))


def sign(seed, message):
    """RFC 8032, to write the vectors' signatures anew."""
    scalar, prefix = secret(seed)
    key = public(seed)
    nonce = int.from_bytes(sha512(prefix + message).digest(), "little") % L
    r = encode(times(nonce, BASE_TABLE))
    s = (nonce + challenge(r, key, message) * scalar) % L
    return r + s.to_bytes(32, "little")
