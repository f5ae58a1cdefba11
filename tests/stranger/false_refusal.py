"""C8: what shows the ground of a refusal false."""

import ed25519
import entry as entries
import passkey
import whose_key
from let_in import Known, by_roots


def is_false(q, refusal, submission, several):
    if refusal.ground == "form":
        return True  # whoever calls has read it, and it is of this register
    if refusal.ground == "signature":
        return every_line_holds(q, refusal, submission, several)
    if refusal.ground in ("number", "previous", "duplicate"):
        return chain_is_right(refusal, submission, several)
    if refusal.ground == "key":
        return keys_are_right(q, refusal, submission, several)
    return False


def both_rules(key, message, payload):
    """ZIP 215, and a verifier without the factor 8."""
    return ed25519.holds(key, message, payload) and ed25519.holds_without_cofactor(key, message, payload)


def every_line_holds(q, refusal, submission, several):
    act = submission.act
    if act.kind == "intake":
        return False
    known = Known(q, [(i, e) for i, e in several if i < refusal.size])
    for signer, line in zip(act.signers, submission.signers):
        key = known.key(signer)
        if key is None:
            return False
        second = submission.passkeys.get(signer) if key.vkey else line
        if key.vkey and not (key.vkey.matches(line) and both_rules(key.vkey.key, act.text.encode(), line.payload)):
            return False
        if (key.passkey is not None) != (second is not None):
            return False
        if key.passkey:
            vkey, rp, origins = key.passkey
            if not vkey.matches(second) or passkey.verdict(vkey.key, rp, origins, act.id, second.payload) != "good":
                return False
            if vkey.key[0] == 1:
                authenticator, client, signature = passkey.pieces(second.payload)
                message = authenticator + passkey.sha256(client).digest()
                if not ed25519.holds_without_cofactor(vkey.raw(), message, signature):
                    return False
    for line in submission.intakes:
        key = known.key(line.name.removeprefix(q.origin + "/"))
        if key is None or key.capacity != "intake" or not key.vkey.matches(line) or len(line.payload) != 104:
            return False
        stamp = entries.read_intake(act.id, line.payload)
        if not both_rules(key.vkey.key, stamp.message, stamp.signature):
            return False
    return True


def chain_is_right(refusal, submission, several):
    """The key's last act below the refusal's size, and its next from there on, which says that it was the last."""
    act = submission.act
    mine = [(i, e.act) for i, e in several if e.act.signers[0] == act.signers[0]]
    below = [one for i, one in mine if i < refusal.size]
    for _, following in [one for one in mine if one[0] >= refusal.size]:
        last = next((one for one in below if one.id == following.prev), None)
        if following.prev is not None and last is None:
            continue
        if refusal.ground == "previous" and act.prev == following.prev:
            return True
        higher = act.n > (last.n if last else 0)
        if refusal.ground == "number" and higher:
            return True
        if refusal.ground == "duplicate" and higher and following.id != act.id:
            return True
    return False


def keys_are_right(q, refusal, submission, several):
    act = submission.act
    if by_roots(act) or submission.intakes or act.kind == "intake":
        return False
    known = Known(q, [(i, e) for i, e in several if i < refusal.size])
    for signer, line in zip(act.signers, submission.signers):
        key = known.key(signer)
        if key is None or key.capacity != "officer":
            return False
        second = submission.passkeys.get(signer)
        if not (key.vkey or key.passkey[0]).matches(line):
            return False
        if (key.vkey is not None and key.passkey is not None) != (second is not None):
            return False
        if second is not None and not key.passkey[0].matches(second):
            return False
        after = [e.act for i, e in several if i >= refusal.size]
        if not any(signer in one.signers and one.id != act.id for one in after):
            return False
    return True
