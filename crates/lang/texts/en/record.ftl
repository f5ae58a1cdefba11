## The record

record-title = Is the record whole
record-says = Final to entry { $size }, cosigned { $time }. Replayed here; nothing malformed.
record-says-malformed =
    { $n ->
        [one] Final to entry { $size }, cosigned { $time }. One entry is malformed: the registrar let in what it had to refuse.
       *[other] Final to entry { $size }, cosigned { $time }. { $n } entries are malformed: the registrar let in what it had to refuse.
    }
record-says-proof = Final to entry { $size }, cosigned { $time }. A key signed what cannot be true: see below.
record-says-differs = Final to entry { $size }, cosigned { $time }. This copy differs from what was signed, or from what somebody saw: see below.
record-none = Nothing is final yet.
checked = What was checked
check-entries =
    { $n ->
        [one] One entry, replayed here from its bytes
       *[other] { $n } entries, replayed here from their bytes
    }
check-pending =
    { $n ->
        [0] No entry waits for the next mark
        [one] 1 entry waits for the next mark to become final
       *[other] { $n } entries wait for the next mark to become final
    }
check-malformed =
    { $n ->
        [0] No malformed entry
        [one] 1 malformed entry
       *[other] { $n } malformed entries
    }
check-whole = The whole folder is checked by the command below; it trusts nobody, and works offline
figures = In figures
fig-register = Register
fig-voice = By voice
fig-size = Size, as cosigned
fig-held = Entries held here
fig-root = Root
fig-rules = Rules
col-no = No.
col-by = By
col-kind = Kind
pending = Pending
final = Final

check-quorum = The newest checkpoint is cosigned by { $have } of { $of }; { $need } make it final
check-silent = No mark for three heartbeats: what came since does not show yet
whole-now = Check everything now
whole-now-says = every file on this node; up to 50,000 entries and 1 GiB
whole-runs = A check of everything runs now. What it comes to stands here when it is done.
whole-good = Every file here was checked from its bytes, with { $n } signatures: nothing wrong found
whole-wrong = Something here is not what was signed; the first of it stands below
whole-undecided = It could not be decided, for what stands below
take-verifier = Download verifier
take-verifier-says = one file, { $mb } MB; no network
take-verifier-checks = one file that checks proofs
fig-state = State
fig-verifier = SHA-256 of the verifier
if-not = If it were not
if-not-says = A break shows here in red: two signed statements that cannot both be true, whose key signed them, and a small file that anyone can check. You lose nothing: every participant holds a full copy.
alarm-title = Proof of misbehaviour
alarm-says = A key signed what cannot be true, or the registrar let in what it had to refuse. What is known stands below.
alarm-elsewhere = What is known of it stands under
differs-title = This copy differs: compare it
differs-says = A file here is not what was signed, or somebody had seen another record than this one. What is known stands below.
differs-means-says = It convicts nobody. A disk can fail, a file can be changed by hand, and a copy can be older than another. What a quorum had cosigned stands as it was.
differs-do-compare = Ask another participant what record it has, and compare size and root with the figures below.
differs-do-check = Press Check everything now. A damaged file is had again from any participant who has it whole.
alarms-title = What the record itself shows
alarm-malformed = Entry { $n } had to be refused, and the registrar let it in: { $why }
alarm-seen-differs = The author of entry { $n } had seen a record that this one is not: compare the two.
alarm-stamp = A stamp under entry { $n }, by the key { $why }, does not fit what that key stamped before.
two-statements = Two signed statements that cannot both be true
take-proof-of-it = Download the proof
take-proof-of-it-says = one small file; anyone can check it
alarm-means = What it means, and what it does not
alarm-means-says = It shows that a key did it, not why: theft of the key, a fault restored from a wrong copy, or intent. What a quorum had cosigned before stands as it was.
alarm-do-take = Press Check everything now, and download the proof, if there is one: a small file that holds without this node.
alarm-do-tell = Give it to every participant by a way of your own, and ask what record each has: size and root.
alarm-do-keep = Keep this copy as it is. Another registrar is for those to name whom the agreement says.
alarm-do-work = Work goes on: drafts, contacts and calls are kept here.
cosigners = Who cosigns it
col-cosigner = Cosigner
col-last-mark = Last cosigned
col-why = Why
col-age = Age
age = { $length } ago
col-size = Entries
col-newest = On the newest checkpoint
cosigned-newest = Cosigned
not-on-newest = Not yet
not-lately = Not among the newest entries
seen-title = What each says that it has seen
seen-says = Each act names the record that its author had before it: had somebody been shown another, it would not fit here.
col-who = Participant
col-said-in = Said in
entry-no = Entry { $n }
entries = Entries, newest first
entries-newest = The newest
entries-to = Show from entry no. downwards
entries-shown = Entries { $from } to { $to }; { $all } in all
newer = Newer
older = Older
registrar = Registrar
stands-void = Final, without effect
stands-malformed = Malformed
entry-title = Entry { $n } of the record
entry-who = Who, and what
entry-when = When
entry-signed = Signed with
entry-enrolled = Enrolled by entry { $n }
entry-act = Act
entry-registered = Registered
entry-registered-says = By the registrar’s receipt.
entry-said = Its author says
entry-said-says = It decides nothing.
entry-after = After the mark of
entry-before = Covered by the mark of
entry-bracket-says = The cosigners’ clocks: between the two it came.
take-proof = Download this proof
take-proof-says = it holds without this node
path-title = Is it in the record, and unchanged
path-region = Inclusion path, scrolls sideways
path-foot = Entry { $n }
path-top = Root of { $size } entries
path-not-yet = No quorum of cosigners has signed it yet. It can be proved with the next mark.
path-table = The same as a table, with whole fingerprints
col-beside = Joined with
col-side = On its
col-comes-to = Gives
side-left = left
side-right = right
prove-now = Check in this browser
prove-now-says = by the checks of the program, on this device
prove-no-script = To check in the browser takes its scripts. The proof and the verifier can be taken away without them.
proved-path = The bytes of entry { $n } lead to the root that is drawn
proved-cosigned = That root bears good signatures of a quorum: { $who }
proved-receipt = The registrar’s receipt for this place and time is good
proved-signed = Whoever signed it had a key that was enrolled on this record before
proved-name = All of it hangs on the first entry of the register { $name }
proved-not = Not checked: what is sealed, what came later, and whether what it says is so
milliseconds = ms
not-proved = The proof does not hold in this browser:
not-proved-says = Take the proof and the verifier away and check again on another device. If it fails there too, give the file to the other participants.
trusts-title = What this check trusts
trusts-genesis = The register’s first entry and the agreement that it names: the keys of founders, registrar and cosigners stand there. Compare the name by voice with one that you have from another source.
trusts-quorum = That no quorum of cosigners lies together.
trusts-page = This page, and the program in it, which came from this node. Whoever does not trust the node takes the verifier, compares its SHA-256 with the one that others show, and checks there.
entry-bytes = The entry, byte for byte
entry-bytes-says = This text is what was signed and what the fingerprint is of.
entry-list = The list of entries
entry-prev = Entry before
entry-next = Entry after
path-says =
    { $n ->
        [0] The only entry: its own fingerprint is the root that the cosigners signed.
        [one] Read from below: the entry’s fingerprint is joined with the one beside it, once, and gives the root that the cosigners signed. Change one letter of the entry and the last dot no longer matches.
       *[other] Read from below: the entry’s fingerprint is joined with the one beside it, { $n } times, and gives the root that the cosigners signed. Change one letter of the entry and the last dot no longer matches.
    }

## Kinds of act

kind-genesis = Foundation
kind-enrol = Enrolment
kind-revoke = End of a key
kind-disown = Disowning
kind-recover = New roots
kind-mark = Mark
kind-intake = Intake stamp
kind-freeze = Freeze
kind-succeed = Succession
kind-open = Opening
kind-step = Step
kind-correct = Correction
kind-withdraw = Withdrawal
kind-batch = Table
kind-offer = Exhibits offered
kind-grant = Exhibits granted
kind-keep = Exhibit held
kind-opened = Exhibit opened
kind-answer = Exhibit answered
kind-challenge = Exhibit challenged
kind-rule = Ruling on an exhibit
kind-hold = Hold on an exhibit
kind-destroy = Exhibit destroyed
kind-extend = Extension
kind-suspend = Pause
kind-resume = End of a pause
kind-cut = Cut of the network
kind-set-aside = Setting aside
kind-serve = Service
kind-transcribe = Written down on behalf of another
kind-confirm = Confirmation
kind-screen = Screening
kind-publish = Publication
