# The desk's own words. Past tense, attributed, and on nobody's side.

## The frame of every page

skip = Skip to content
exercise = EXERCISE
exercise-says = Nothing on these pages is real. No act here binds anyone.
product = Mithaq
menu = Menu
index = Index
search = Search, or paste a reference
languages = Languages
nav-today = Today
nav-matters = Matters
nav-reference = Reference
overview = Overview
record = Record
sign-out = Sign out
foot-record = Record final to entry { $size }
foot-marked = cosigned { $time }
foot-nothing-final = Nothing in the record is final yet
foot-no-recognition = Signing in, a seat, a key, a name on a screen or a signature beside another’s implies no recognition of any State, government or claim.
foot-order-alphabetical = Parties stand in alphabetical order.
foot-order-alternat = Each party stands first in its own copy.
foot-times = Times are those of the instrument’s clocks, { $zone }; UTC stands beside the date.
foot-reviewed = This language: working text.
foot-not-reviewed = This language: working text, which no native speaker has reviewed yet.
utc = UTC
agreement-time = agreement time
none = —

## The way in

in-title = Open the desk of { $who }
in-says = This link opens one desk, on this machine, once. Whoever has it reads what { $who } may read. It signs nothing.
in-open = Open the desk
in-open-says = the link is used up
in-over-title = This link is used up, or was never one
in-over-says = A link opens a desk once. Nothing is lost: whoever runs this node makes a new one by starting it again.
in-needed-title = This desk is open to those who have signed in
in-needed-says = Use the link that this node printed when it started. Nothing you wrote is lost.

## Overview

asked-title = What is asked of { $who }
asked-count =
    { $n ->
        [0] Nothing is asked of { $who }.
        [one] One step.
       *[other] { $n } steps.
    }
asked-overdue =
    { $n ->
        [one] One is overdue.
       *[other] { $n } are overdue.
    }
asked-caption = Steps asked of { $who }, least time left first
asked-empty = Nothing is asked of { $who }.
asked-empty-says = The record is final to { $time }. What others have not yet put on it does not show.
rights = Rights that end; nobody is pressed
others = What waits for others
others-note = No response is not an admission. A step counts from service, not from registration.
newest = Newest on the record
col-left = Left
col-step = Step
col-matter = Matter
col-asked-of = Asked of
col-due = Due
col-silence = If there is silence
col-time = Time
col-what = What
col-reference = Reference
col-state = State
col-since = Since
col-next = Next step
col-held-by = Held by
col-strand = Of

left-overdue = Overdue { $length }
left-passed = Due time has passed
left-unserved = Not yet running
left-vacant = Waits for a seat
left-still = Stands still
left-ran-out = Not on record by then
left-none = No clock
closes-at = one handed over in time may still arrive until { $time }
at-latest = by { $time } at the latest

silence-noted = It is shown who has not
silence-proceed = Goes on without it: { $state }
silence-passes = Goes on: { $state }
silence-escalate = Goes up: { $state }
silence-adopt = Is taken as agreed: { $state }
silence-lapse = Lapses: { $state }

## Lists

list-open-of = { $open } open, { $over } over.
view-open = Open, { $n }
view-ours = Held by us, { $n }
view-all = All, { $n }
views = Views
list-caption = { $title }, least time left first
list-empty = No { $title } in this view.
pages = { $from } to { $to } of { $all }
earlier = Back
later = On
as-csv = CSV
as-csv-says = what this view shows

## A matter

opened-by = Opened by { $who } on { $date }
without-prejudice = Without prejudice: nobody cites it; what was handed over goes only to those who took part.
tier-prejudice = without prejudice
taken-back = The act that opened it was taken back by its participant.
version = Runs under version { $n } of the agreement
time-left = { $length } left
due-at = Due { $time }
stands = Where it stands
happened = What happened, newest first
given = What was said in it
no-clock = Nothing here is asked of anybody now.
may = What { $who } may do now
may-nothing = No step here belongs to { $who } now.
may-from-terminal = Steps are signed at the command line of this node for now:
rests = rests
over = over
waits = waits
now = now

event-opened = { $who } opened it
event-opened-late = late: opened after the time that the procedure sets
event-entered = { $state }
event-reopened = again { $state }, with the time that was left: what had moved it was taken back
event-stepped = { $who }: { $step }
event-stepped-choice = { $who }: { $step }, { $choice }
event-spoke = { $who }: { $step }. It takes others too.
event-spoke-choice = { $who }: { $step }, { $choice }. It takes others too.
event-split = those who decide on { $step } can no longer agree
event-corrected = an earlier entry was corrected by its author
event-late-so-far = late as recorded so far: { $step } by { $who }
event-late = late: { $step } by { $who }
event-in-time = in time after all: { $step } by { $who }
event-held = given after its time: { $step } by { $who }; it counts only if it is shown that it was handed over before
event-served = served on { $who }
event-deemed-served = deemed served on { $who }
event-clock = { $step } is due { $time }
event-clock-stands = the clock of { $step } stands
event-ran-out = no answer was on the record in time: { $step }. That is no admission
event-time-came = the time of { $step } came
event-moved = { $step } is due { $time } now
event-flagged = it stands on what was taken back, and others have moved on: relief may be due
event-set-aside = set aside: back to { $state }, with full time
event-suspended = clocks stand until { $time }
event-resumed = clocks run again
event-amended = the agreement goes on under version { $n }
event-not-amended = the amendment has no effect: what it brings can’t be run
event-closed = no matter can be opened any more; open ones run on
entry = entry { $n }

## The record

record-title = Is the record whole
record-says = Final to entry { $size }, cosigned { $time }. Replayed here; nothing malformed.
record-says-malformed =
    { $n ->
        [one] Final to entry { $size }, cosigned { $time }. One entry is malformed: the registrar let in what it had to refuse.
       *[other] Final to entry { $size }, cosigned { $time }. { $n } entries are malformed: the registrar let in what it had to refuse.
    }
record-none = Nothing is final yet.
checked = What was checked
check-entries =
    { $n ->
        [one] One entry, replayed here from its bytes
       *[other] { $n } entries, replayed here from their bytes
    }
check-cosigned = The newest checkpoint has the signatures of { $who }
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
newest-entries = Newest entries
col-no = No.
col-by = By
col-kind = Kind
pending = Pending
final = Final

## What goes wrong

error-not-found = There is no such page
error-not-found-says = Nothing is lost. A reference looks like CASE-26-0001-K; paste it into the search field.
error-reference = No matter has this reference
error-reference-says = { $text } is not on the final record of this node. Its last letter checks the others: listen again, and compare.
error-kind = The agreement has no such kind of matter
error-broken = This page could not be made
error-broken-says = A fault of the program. Nothing was changed. Whoever runs this node finds it in the log.
error-method = This can’t be done here
error-back = Back to the overview
