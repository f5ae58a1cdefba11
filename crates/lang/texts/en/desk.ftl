# The desk's own words. Past tense, attributed, and on nobody's side.

## The frame of every page

skip = Skip to content
exercise = EXERCISE
exercise-says = Nothing on these pages is real. No act here binds anyone.
product = Mithaq
menu = Menu
index = Index
search = Search, or paste a reference
offline-says = No connection to this participant’s node since { $since }. This page is as of { $made }; what is open stays readable.
offline-unkept = What you typed is on this page, and is kept as soon as there is a connection again, and you are signed in: leave the page open.
languages = Languages
nav-today = Today
nav-matters = Matters
nav-reference = Reference
overview = Overview
new = Begin something new
unsigned = Written, not signed
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

## The page before several desks

start-title = Whom do you want to be?
start-says = Five desks run on this machine, each with its own node and its own copy of the record. A story of seven weeks is in them. All of it is invented; press anything.
start-work = Work as { $who }
start-work-says = opens this desk in this browser
start-outside = A reader without a desk
start-outside-says = One of the nodes shows its record to anybody. Type this where commands are typed:
start-try = Four things to try in five minutes
start-try-begin = At one desk, begin a matter and sign it. A few seconds later the other desks have it.
start-try-answer = At the desk of whoever is asked something by it, answer: the clock stops at every desk.
start-try-check = Change one letter in a copy of the record: the check finds it.

## The way in

in-title = Open the desk of { $who }
in-says = This link opens one desk, on this machine, once. Whoever has it reads what { $who } may read, and signs for { $who } with the keys that are kept here.
in-open = Open the desk
in-open-says = the link is used up
in-over-title = This link is used up, or was never one
in-over-says = A link opens a desk once. Nothing is lost: whoever runs this node makes a new one, “mithaq node link”.
in-needed-title = This desk is open to those who have signed in
in-needed-says = Sign in by a passkey, or by a link from whoever runs this node: “mithaq node link” makes one. Nothing you wrote is lost.

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
begin = Begin
begin-call = A call with
tray-matter = A file that is laid down here goes with it, for those whom the procedure names.
asked-empty-says = Last checked: the record is final to { $time }. What others have not yet put on it does not show.
next-date = Next known date:
next-date-none = No open matter names a date that is still to come.
rights = Rights that end; nobody is pressed
others = What waits for others
others-note = No response is not an admission. A step counts from service, not from registration.
newest = Newest on the record
newest-new = New since you last looked: { $n }
newest-is-new = New
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
col-state-since = State, since
col-since = Since
col-next = Next step
col-next-held = Next step, held by
col-held-by = Held by
col-strand = Of
col-reported-by = Reported by
col-alleged-by = Alleged by
col-logged-by = Logged by
col-noted-by = Noted by
col-signed-by = Signed by
col-acknowledged-by = Receipt acknowledged by
col-accounts = Accounts by
col-opened = Opened
col-tier = How freely

left-overdue = Overdue { $length }
left-over = Over for { $length }
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

asks-incident = What is reported, where, and how sure?
asks-case = Where does each case stand, and who holds it?
asks-contact = Who spoke to whom, and what was agreed?
asks-request = What was asked, and what is not answered?
asks-notice = Which notices were sent, and who acknowledged receipt?
asks-notification = What will move, where, and who has noted it?
asks-arrangement = What holds now, and until when?
asks-crossing = Which crossing is open, and for whom?
asks-visit = Who goes where, and who assures it?
asks-information = What was shared, and what became of it?
asks-meeting = What must be decided, and what was?
asks-measure = What follows from findings?
asks-any = { $title }: where does each stand, and who holds it?
list-open-of = { $open } open, { $over } over.
list-open-of-filtered = { $open } open, { $over } over, of those that are asked for.
filter = Filter
filter-any = any
filter-since = Since, from
filter-until = Since, to
filter-opener = Opened by
filter-happened-since = { $field }, from
filter-happened-until = { $field }, to
filter-words = Words of the title
list-words-cut = Words were looked for in the titles of the { $n } matters that moved last, of those that the rest of the filter lets through. What moved before them is not in this list.
filter-show = Show
filter-none = Show all
view-open = Open, { $n }
view-ours = Held by us, { $n }
view-all = All, { $n }
views = Views
list-caption = { $title }, least time left first
list-empty = No { $title } in this view.
empty-incident = No report in this view.
empty-incident-says = Coverage: { $n } of { $all } who may report have a report on record; the last one was opened { $time }.
empty-incident-none = Coverage: of { $all } who may report, none has a report on record.
empty-incident-teams =
    { $late ->
        [0] Teams out: { $out }; heard in time: { $heard }.
       *[other] Teams out: { $out }; heard in time: { $heard }; not heard since { $time }: { $late }.
    }
empty-case = No open case.
empty-case-says = Closed: { $n }.
empty-request = No request is open.
empty-contact = No contact logged since { $time }.
empty-contact-none = No contact is logged.
empty-contact-says = Calls not logged do not appear.
pages = { $from } to { $to } of { $all }
earlier = Previous
later = Next
as-csv = CSV
as-csv-says = what this view shows

## A feed

feed = Feeds and live links
feed-title = What concerns { $who }
feed-asked = { $reference }: a step is asked
feed-half = { $reference }: half of the time is over
feed-overdue = { $reference }: overdue
feed-served = { $reference }: served
feed-says = Addresses for programs, which sign in nowhere. A feed (Atom) gives references and times of what concerns us, and nothing of what was said. A live link, which each list of matters has, gives a spreadsheet the rows that the list shows, with their titles and states, as they are whenever it asks. Whoever has an address reads that, until you end it.
feed-new = Make an address of the feed
feed-once = This address is shown once. Copy it into the program, behind the name of this desk.
feed-known = Addresses that are open
feed-made = Made
feed-opens = What it opens
feed-itself = The feed
as-live = Live link
as-live-says = for a spreadsheet that asks again
feed-hash = Hash of its key
feed-end = End it
feed-ours = in this session

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
accounts = What each said, side by side
accounts-says = In the order of the instrument. Nothing is made into one: the newest value of each stands here, and those before it in its entries. That values differ is said of what was given, never of what was written in words.
accounts-question = What is asked
accounts-opened = opened it
accounts-corrected = corrected
accounts-words = In words
not-said = not said
differs = differs
no-clock = Nothing here is asked of anybody now.
words-opened = In words, opened on this node; nobody is told that it was read.
words-sealed = Sealed with it, and not opened here:
may = What { $who } may do now
may-nothing = No step here belongs to { $who } now.
may-theirs = Steps that others may take now:
takes = It takes { $by }.
may-with-words = with words of our own
about-open = { $title }: open one about this
may-sends-nothing = nothing is sent before it is signed
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
event-split = with that nothing else can come of { $step }, whatever the others say
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

## A form

form-new = New: { $title }
form-not-yours = This is not for { $who } to sign now: it belongs to { $by }. It can be written beforehand; nothing is lost.
form-tier = How freely it may be spoken of
tier-first = How freely it may be spoken of is chosen before anything is written. It can’t be changed once that is signed.
tier-record = on record
tier-record-says = part of the record; it may be cited
tier-prejudice-says = nobody cites it; what was handed over goes only to those who took part, and is erased after a time; that it was stays on record
tier-offices-says = for those here who take part in them; nothing of it enters the register, and nobody cites it
form-choice = What is said
choice-stays = No state changes, and no time begins anew.
form-strand = For which
form-strand-says = Each has a life of its own.
form-only-with = Only with: { $choices }.
form-needed-with = Needed with: { $choices }.
form-optional = may be left out
form-time-says = In the agreement’s time, { $zone }.
form-place-says = As { $place }, or as a grid reference. It is written down to { $metres } m.
form-annex-says = This text is in every copy of the register, in the clear, for good.
form-matter-says = By its reference.
form-matters-says = By their references, with commas between them.
form-several-says = There may be several.
form-from = From
form-to = To
area-of = in which { $who } is responsible under the instrument
form-text = In words
form-text-says = Sealed, beside the register; it can be erased. What stands above is in every copy.
form-text-readers = The words can be opened by
form-text-nobody = Only you can open the words: the procedure names nobody else.
form-text-named = The words can also be opened by whoever is named as: { $fields }.
form-text-unable = They can’t be opened yet, for want of a key on record, by
form-lacks = Before it can be signed. What you typed is kept.
form-on = Read what will be signed
form-on-says = nothing is sent yet
form-keep = Keep
form-keep-says = on this node, for this participant alone
form-discard = Drop this draft
form-discard-says = what was typed is erased
stage-write = 1 Write
stage-read = 2 Read exactly what will be signed
stage-second = 3 Second officer
kept-at = Kept { $time }
kept-not = Not kept. It is still on this page.
kept-locked = This desk is locked. What you typed is kept under “Typed while locked”; sign in again in another window.
silence-admits-nothing = That is not an admission.

lack-choice = One of these is needed.
lack-strand = One at least is needed.
lack-tier = One of these is needed: it is chosen before anything is said.
lack-other-choice = It belongs to another choice: leave it empty, or choose that.
lack-text = This step needs something in words.
lack-needed = It is needed.
lack-parts = Both ends are needed.
lack-twice = { $text } is named twice.
lack-not-listed = { $text } is not in the list.
lack-nothing-yet = There is nothing yet that could be named here.
lack-count = { $text } is no number. A number is needed, as 3.
lack-time = { $text } is no time. It is written as { $example }, in { $zone }.
lack-ends-first = It ends before it begins.
lack-place = This is no place that can be read. It is written as { $place }, or as a grid reference, { $grid }.
lack-long = It is longer than a text of the register may be.
lack-no-matter = No matter is called { $text }. Its last letter checks the others: compare.
lack-itself = A matter does not name itself.
lack-not-citable = { $text } is without prejudice: nobody cites it.
lack-other-kind = { $text } is of another kind. What is needed: { $kind }.
lack-other-state = { $text } is in another state. What is needed: { $states }.

## What can be begun, and what is not signed

new-title = What can be begun
new-says = What the agreement lets this participant open. A form is kept here until it is signed.
col-letters = Letters
col-begins = It begins as
unsigned-title = What is written and not signed
unsigned-count =
    { $n ->
        [0] Nothing is waiting.
        [one] One draft.
       *[other] { $n } drafts.
    }
unsigned-says = Drafts are kept on this node, for this participant alone. None of it is in the register.
unsigned-other-session = in another session
unsigned-view-ours = Of this session, { $n }
unsigned-agreed-by = Read and agreed to by
unsigned-open = open
unsigned-agreed = Read and agreed to by { $by }
col-first = How it begins
col-touched = Last touched
col-begun = Begun
col-stands = How it stands

## Before it is signed

sign-title = Before you sign
effect-opens = { $who } opens: { $kind }.
effect-steps = { $who } takes the step “{ $step }” in { $matter }.
effect-chooses = { $who } takes the step “{ $step }”, with “{ $choice }”, in { $matter }.
effect-moves = It goes from “{ $from }” to “{ $to }”: { $says }
effect-begins = From then on: { $says }
effect-stays = It goes on record, and no state changes.
sign-text = What will be signed
sign-no-words = Nothing in words.
sign-consequences = What follows from it
sign-sees = Who will see it
sign-sees-fields = All participants see that it was done, when, and the fields above: they are in every copy of the register.
sign-admits = What it does not admit
sign-admits-says = Any fact, liability or status beyond its own words, of a line or a place either. Receipt, reserve and silence admit nothing.
sign-back = Can it be taken back
sign-follows = What follows
sign-nothing = If you do nothing
sign-with = Signed with
sign-here = The secret key is kept on this node: whoever runs it could sign with it too.
sign-bytes = The exact bytes
sign-bytes-says = The body of the act. The act around it adds who signs, the number after that key’s last act, and the time.
sign-bytes-sealed = The words are sealed when it is signed; the act then has the hash of the sealed file.
sign-hash = SHA-256 of all that is read here: body, readers, words.
sign-decide = Decide
sign-by = Who signs
sign-tick = I have read what will be signed and what follows from it
sign-sign = Sign: { $what }
sign-sign-says = it is handed in at once, and stays on record
sign-agree = Agree, as the first officer
sign-agree-says = nothing is sent; another officer has to sign
sign-back-to-form = Back to the form
sign-back-to-form-says = draft kept, nothing sent
sign-tick-first = Nothing was signed: say first that you have read it.
sign-agreed-now = This officer has agreed. Nothing is sent before another one signs.
sign-changed = Nothing was signed: the draft has changed since it was read. Read it again.
sign-since = Changed since you read it
sign-since-read = You read it last before that:
sign-since-before = Before
sign-since-after = Now
sign-since-added = Files added
sign-since-taken = Files taken away
sign-since-readers = Who can open the words and files
sign-since-follows = No field is another. What comes of it is another by now, as the register has gone on.
sign-since-unsaid = What its fields said before can’t be shown any more, as the register has gone on since. Read all of it again.
sign-since-lapsed = { $by } agreed to it, { $time }. That agreement has lapsed, as the draft, or what comes of it, has changed since.
sign-not-ready = Nothing was signed: it can’t be signed as it stands now. What you typed is kept.
sign-refused = The registrar refused it: { $why } The refusal is signed, and kept on this node. What you typed is kept.
reserve-instead = Reserve our position instead
reserve-says = no answer on the facts; stops no clock
follows-ahead = { $field } is still to come: { $time }. What is reported has been: is that time meant?
follows-opens = It opens a matter of its own: { $kind }.
follows-may-until = { $who } may until { $time }: { $step }. Else: { $silence }.
follows-asked = { $who } may or must then: { $step }; no time runs yet. Else: { $silence }.
follows-asked-by = { $who } by { $time }: { $step }. Else: { $silence }.
follows-asked-latest = { $who } by { $time } at the latest, as the time begins with service: { $step }. Else: { $silence }.
back-stays = That it was given, and when, stays on record. A root key can disown it within 72 hours; the key that signed it is over then.
back-by-step = It can be taken back by the step “{ $step }”.
back-until-decided = It can be taken back until the others have decided.
back-correct = Its fields can be corrected while nothing has moved the matter since; corrected shows first.
custody-hosted = Custody: hosted. The node’s operator holds the key.
custody-node = Custody: on the participant’s own node, opened by a passkey.
custody-device = Enrolled as kept on a device of the officer.
bar-title = It can’t be signed here as it stands
bar-no-key = No key of an officer of { $who } that could sign this is kept on this node. Where one is, “mithaq open” and “mithaq step” sign it.
bar-too-few = { $n } officers have to sign this, and keys of { $here } are kept here. “mithaq step --draft FILE” carries it to where another key is.
bar-custody = The agreement asks more of the key that signs this than any key here: { $least }
bar-no-seal = No key of { $who } is on record that the words could be sealed to. Without words it can be signed.
bar-nothing = It would come to nothing, as far as this node can say: { $why }

void-excluded = it names a group that the instrument excludes as holder of something.
void-unknown = it names something that there is not, or that has not come in yet.
void-closed = no such matter can be opened any more.
void-no-power = it is not for this participant to do.
void-own-hand = it must be done with the participant’s own hand, by a key that is kept where the agreement asks.
void-two-officers = two officers have to sign it.
void-vacant = it names a seat that nobody has taken.
void-late = its time has run out.
void-wrong-state = things do not stand so that it could be done, or it is done already.
void-form = a receiver, time, choice, field or file is not as the rules ask.
void-not-citable = it cites what is without prejudice.
refused-form = it is no act of this register.
refused-signature = a signature of it does not hold.
refused-key = a key that signs it is not on record, is over, or may not do this.
refused-number = it does not follow on its key’s last act.
refused-duplicate = it is in the register already.
refused-quota = this participant is over its quota for the day.

## Once it is signed

signed-entry = Signed, and in the register as entry { $entry }
signed-pending = The registrar has given its receipt. It has its effect with the next mark that covers it; until then it waits.
signed-final = It is final: the cosigners’ mark covers it.
signed-void = It has no effect: { $why } It stays visible, with this reason; that is nobody’s fault.
signed-queued = Signed, and on its way
signed-queued-says = It waits on this node to be carried to the registrar. Its time counts from when a facilitating State or the registrar takes it in.
signed-nowhere = Signed, and not in the register
signed-nowhere-says = The registrar did not take it in. Its signed refusal is kept on this node, and says why. It can be written anew.
signed-receipt = Receipt
signed-act = Act
signed-to-matter = to the matter
signed-look-again = Look again
signed-look-again-says = how far it has come

## Search

search-title = Where is it
search-for = Where is “{ $text }”
search-how = A reference, or a part of one; words of a title, a place, a paragraph, a text, an entry.
search-none = Nothing was found.
search-found = { $n ->
    [one] 1 find.
   *[other] { $n } finds.
}
search-record = On record
search-own = Kept by this participant
search-words = Words of an exhibit
search-place = Place
search-cut = More was found than is shown: add a word.
search-limits = Looked through: all references and paragraphs; { $matters } matters that moved last, by title and open fields; { $texts } texts among the last { $files } files that this participant was given; { $lines } entries of the watch log. What is sealed to others is not searched.
col-find = Find
col-language = Language

## What goes wrong

error-not-found = There is no such page
error-not-found-says = Nothing is lost. A reference looks like CASE-26-0001-K; paste it into the search field.
error-duty = On duty here:
error-reference = No matter has this reference
error-reference-says = { $text } is not on the final record of this node. Its last letter checks the others: listen again, and compare.
error-filter = This filter can’t be read
error-filter-says = { $text } is no part of one. A day looks like 2026-01-31; nothing is lost.
error-kind = The agreement has no such kind of matter
error-broken = This page could not be made
error-broken-says = A fault of the program. Nothing was changed. Whoever runs this node finds it in the log.
error-old-page = This page is of another session
error-old-page-says = Nothing was signed, and nothing of what you typed was changed here. Open the page again, and do it there.
error-large = This is more than a form takes
error-large-says = Nothing was changed. What is longer than a megabyte goes as a file.
error-no-draft = There is no such draft here
error-no-draft-says = It was signed, or dropped. What is signed stands with its matter.
error-full = There is no room for more of these
error-full-says = This one was not kept. Drop some of those that are here, or sign drafts that wait, and keep it again.
error-no-room = The disk of this node is full
error-no-room-says = Nothing was signed, and what you sent now was not kept. Go back: it stands in the form still. All that was kept before is there. Whoever runs this node makes room; then send it again.
error-method = This can’t be done here
error-back = Back to the overview
