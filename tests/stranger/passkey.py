"""A passkey's assertion (FORMATS.md, chapter 15)."""

import base64
import json
from hashlib import sha256

import ed25519
import es256


def pieces(payload):
    """authenticatorData, clientDataJSON, signature; None if it does not split."""
    out = []
    for _ in range(2):
        if len(payload) < 2:
            return None
        length = int.from_bytes(payload[:2], "big")
        if len(payload) < 2 + length:
            return None
        out.append(payload[2 : 2 + length])
        payload = payload[2 + length :]
    return (*out, payload) if payload else None


def client_data(data):
    """Its object; None if it is none, or one of our four names stands twice."""
    twice = []

    def pairs(items):
        names = [name for name, _ in items]
        for name in ("type", "challenge", "origin", "crossOrigin"):
            if names.count(name) > 1:
                twice.append(name)
        return dict(items)

    try:
        text = data.decode("utf-8")
        out = json.loads(text, object_pairs_hook=pairs)
    except (ValueError, RecursionError):
        return None
    if not isinstance(out, dict) or twice:
        return None
    if not all(isinstance(out.get(name), str) for name in ("type", "challenge", "origin")):
        return None
    return out if isinstance(out.get("crossOrigin", False), bool) else None


def verdict(key, rp, origins, act_id, payload):
    """`good`, or the first fault. `key` is 01 ‖ 32 or 02 ‖ 33."""
    split = pieces(payload)
    if split is None:
        return "payload"
    authenticator, client, signature = split
    if len(authenticator) < 37:
        return "authenticator-data"
    flags = authenticator[32]
    if flags & 0x40 or (len(authenticator) > 37) != bool(flags & 0x80):
        return "authenticator-data"
    said = client_data(client)
    if said is None:
        return "client-data"
    if said["type"] != "webauthn.get":
        return "type"
    if said["challenge"] != base64.urlsafe_b64encode(act_id).decode().rstrip("="):
        return "challenge"
    if said["origin"] not in origins:
        return "origin"
    if said.get("crossOrigin", False):
        return "cross-origin"
    if authenticator[:32] != sha256(rp.encode()).digest():
        return "rp"
    if not flags & 0x01:
        return "user-present"
    if not flags & 0x04:
        return "user-verified"
    message = authenticator + sha256(client).digest()
    check = ed25519.holds if key[0] == 1 else es256.holds
    return "good" if check(key[1:], message, signature) else "signature"
