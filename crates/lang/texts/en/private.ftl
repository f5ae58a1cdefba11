# Words of the private side: what a participant keeps for itself, and what never enters the register.

## On every page of it

private-says = On this node alone; never in the register.
typed-stays = What you typed is still on this page.
own-time = your time
error-not-yours = This is for others here to see or do
error-not-yours-says = Who works here may what their own people have agreed on. Nothing was changed. Whoever looks after access can change that, under Settings.
error-done = This was done already
error-done-says = Somebody did it first, or did something else instead. Open the page again: it says how it stands.

## The watch

watch = Watch log
watch-title = What happened since I last looked
watch-held = { $who } has had the watch since { $time }.
watch-nobody = Nobody has the watch.
watch-new =
    { $n ->
        [0] Nothing is new to you.
        [one] One entry is new to you.
       *[other] { $n } entries are new to you.
    }
watch-hand-over = Hand over
watch-hand-over-says = made from open items
watch-begin = Take the watch
watch-begin-says = from now on, under your name
watch-begun = { $who } took the watch.
watch-taken = { $taker } took the watch from { $giver }; both confirmed it.
watch-taken-from = { $who } took the watch in place of { $other }, without a handover: { $why }
watch-waits = The watch is handed over, and waits for { $who }.
watch-read = Read the handover
watch-read-and-take = Read it and take the watch
watch-add = Add entry
watch-what = What happened
watch-at = When, if not now
watch-at-says = Without a time it is of now. When it was written is kept beside it.
watch-written = written
watch-says = Text
watch-lines = Entries
watch-caption = Watch log, newest first; ● is new to you
watch-none = No entry in this view.
watch-none-says = Calls and events that nobody wrote down do not appear.
watch-note = Note
watch-contact = Contact
watch-team = Team
watch-crossing = Crossing
watch-line-test = Line test
watch-danger = People in danger
watch-handover = Handover
watch-record = Record
watch-register = Register
watch-view-shift = This watch, and what is new to me
watch-view-day = Last 24 hours
watch-view-all = All
watch-words = Words in it
watch-struck = Struck
watch-struck-by = Struck by
watch-corrects = corrects an earlier entry
watch-the-line = the entry as it was
watch-draft = draft begun with it
watch-line = { $kind }, { $time }
watch-to-draft = Make an act of it
watch-to-draft-says = A draft opens with these words in it. To sign it is a step of its own; this entry stays here.
watch-begin-draft = Begin a draft with these words
watch-correct = Correct it
watch-correct-says = The entry as it was is struck, and stays readable.
watch-correct-now = Correct
watch-strike = Strike it
watch-strike-says = It stays readable, with the reason.
watch-strike-now = Strike
watch-why = Reason
watch-why-needed = Nothing was changed: a reason is needed.
watch-empty = Nothing was kept: it has no words.
watch-no-time = Nothing was kept: this is no time. It is written as 2026-01-13 06:20.
watch-ahead = Nothing was kept: it has not happened yet. What is to come is a task.
watch-long = Nothing was kept: it is longer than a line of a log. What is longer than 8 kB goes as a note or a file.
sent-before = Nothing was kept: this form was sent before with other words, and those stay. Send it again to keep these beside them.
watch-cut = Only what happened since { $time } stands here: there is more.
watch-earlier = Show what was earlier
task-erase = Erase it
task-erase-says = for good; it is not in the register
watch-relieve = The officer on watch can’t hand over
watch-relieve-now = Take the watch without a handover
watch-relieve-says = the log says so, with the reason

## Handing over

handover-title = Hand over the watch
handover-by = { $who } has the watch.
handover-of = Watch, from { $giver } to { $taker }
handover-open = What is open
handover-open-says = What is asked of us within 24 hours, notices that wait to be acknowledged, tasks, drafts.
handover-frozen = As it was when it was handed over.
handover-nothing-open = Nothing is open.
handover-is-due = Due
handover-is-notice = Notice
handover-is-task = Task
handover-to = To whom
handover-taker-needed = Nothing was handed over: say to whom, and not to yourself.
handover-says = What else is to be known
handover-said = In the words of { $who }
handover-give = Confirm, and hand over
handover-give-says = you keep the watch until it is taken
handover-not-yours = Whoever has the watch hands it over.
handover-given = { $who } confirmed, and handed over
handover-taken = { $who } confirmed, and took the watch
handover-waits = Waits for { $who } to confirm
handover-withdrawn = It was withdrawn
handover-take = Confirm, and take the watch
handover-take-says = you have read what is open
handover-withdraw = Withdraw it
handover-withdraw-says = you keep the watch

## What is to be done here

worklist = Tasks
worklist-title = What is to be done here
worklist-count =
    { $n ->
        [0] Nothing is to be done.
        [one] One task is open.
       *[other] { $n } tasks are open.
    }
worklist-empty = No task in this view.
task-view-open = Open, { $n }
task-view-mine = Mine, { $n }
task-set = Set a task
task-empty = Nothing was kept: say what is to be done.
task-no-matter = Nothing was kept: no matter has this reference. Its last letter checks the others.
task-no-person = Nothing was kept: a person is named by a label, of small letters, digits and hyphens.
task-is-done = Done
task-done = Done
task-done-by = Done by
task-made = Set at
task-reopen = Not done after all
task-assign = Assign
col-task = Task
col-whose = Whose
col-set-by = Set by
filter-from = From
filter-to = To

## Settings

settings = Settings
settings-title = How I work here
settings-says = Kept on this node, for each person.
settings-saved = Kept.
settings-who = Who works here now
settings-who-is = You said that you are { $who }.
settings-who-none = Nobody has said who works in this session.
settings-who-says = It stands with what you write on the private side. It is no signature: the link that opened this desk proves nobody.
settings-who-first = Say first who you are: it stands in the log.
settings-who-known = Known here
settings-who-new = Or another label
settings-who-new-says = Small letters, digits and hyphens, as ops-2. No name of a person is needed.
settings-who-set = This is me
settings-who-set-says = in this session, until you sign out
settings-no-label = Nothing was changed: a label has small letters, digits and hyphens, as ops-2.
settings-how = How I read
settings-language = Language
settings-density = Rows
settings-usual = usual
settings-compact = compact
settings-roomy = roomy
settings-theme = Light
settings-system = as this device has it
settings-light = by day
settings-dark = by night
settings-calendar = Calendar
calendar-gregorian = Gregorian
calendar-solar = Solar Hijri
calendar-lunar = Lunar Hijri, computed
settings-beside = A second calendar on the same line
settings-no-beside = none
settings-beside-says = A computed lunar date may be a day off, and says so. The time by UTC shows where one points at a time, and is printed in what happened.
settings-digits = Digits
settings-digits-says = References, grids and times of day are 0–9 always: they are read out by phone.
settings-zone = My own time, beside the agreement’s
settings-zone-says = Ahead of UTC, as +04:30.
settings-no-zone = Nothing was changed: this is no zone. It is written as +04:30.
settings-save = Keep
settings-save-says = for whoever is named above

## Notes

notes = Internal notes
notes-title = What is noted here
notes-add = Note for those who work here
note-add = Note it
note-add-says = it is no act; nothing follows from it
note-erase = Erase
offices = Good offices
offices-band = Good offices: for those here who take part in them. It never enters the register, and nobody cites it.
offices-title = What was said in good offices
offices-says = Notes of talks with each side. They can be erased.
offices-add = What was said, and by whom
offices-matter = In which matter
offices-none = Nothing is noted.

## The directory

directory = Directory
directory-title = Whom to call now
directory-count =
    { $n ->
        [0] Nobody is listed.
        [one] One post; on duty now: { $duty }.
       *[other] { $n } posts; on duty now: { $duty }.
    }
directory-untested =
    { $n ->
        [one] One hotline has not answered a test within 24 hours.
       *[other] { $n } hotlines have not answered a test within 24 hours.
    }
directory-view-now = In force, { $n }
directory-view-duty = On duty now, { $n }
directory-none = No post in this view.
directory-none-says = Numbers are added one by one, or from a spreadsheet.
directory-import = From a spreadsheet
directory-contacts = calls logged as acts
col-of = Of
post-new = Add a post
post-what = The post
post-change = Change it
post-keep = Keep
post-id = Name in addresses
post-office = Office
post-role = Role
post-person = Held by
post-numbers = Numbers
post-number = Number
post-number-is = What the number is
post-languages = Languages
post-note = Note
post-from = Valid from
post-until = Valid until
post-over = not in force
post-others = none of the participants
post-changed = Last changed
post-duty = On duty
post-duty-until = until
post-on-duty-until = Somebody is on duty there until
post-on-duty = Say so
post-off-duty = Nobody is on duty there
post-tested = Last tested
post-never-tested = never
post-untested = not known to work: no test answered within 24 hours
post-tests = Tests of its line
post-do = Call, test
post-contact = Log a contact
post-erase = Erase it
post-erase-says = with its tests; the watch log keeps its entries
post-no-office = Nothing was kept: the office is needed.
post-no-participant = Nothing was kept: the agreement has no such participant.
post-no-number = Nothing was kept: a number is a hotline, phone, mobile, satellite, radio, message or mail.
post-no-day = Nothing was kept: a day looks like 2026-01-31.
number-hotline = Hotline
number-phone = Telephone
number-mobile = Mobile
number-satellite = Satellite
number-radio = Radio
number-message = Messages
number-mail = Mail
test-answered = Answered
test-no-answer = No answer
test-out-of-order = Out of order
test-result = Result
test-logs = a test, logged now
test-note = “Answered” and “No answer” log a test of the line, made now; the watch log has it too.
test-says = Line of { $office } tested: { $result }
import-says = All rows are taken in, or none. A row of a post that is here changes it.
import-csv = Rows, with their columns in the first
import-columns = Columns, of which only the office is needed:
import-take = Take them in
import-take-says = on this node alone
import-nothing = Nothing was taken in. What you pasted is still here.
import-row = Row { $n }:
import-no-office = there is no column “office”.
import-no-row = it can’t be read.
import-too-many = there are too many at once: 2,000 at most.

## Saved views

views-save = Save this view
views-name = Name
views-save-now = Save
views-drop = Drop
views-says = For you alone, on this node.

## Who may what

access = Access
access-title = Who here may see and do what
access-who = Who
access-said = What is not ticked is not theirs; who is not named, or has not said who they are, may none of it.
access-unsaid = While nothing is ticked, whoever works at this desk may all of it.
access-proof = Somebody who has a passkey counts as themselves only when they signed in with it. A label without a passkey is only said, by whoever has a link.
access-watch = Watch
access-tasks = Tasks
access-notes = Notes
access-good-offices = Good offices
access-directory = Directory
access-drafts = Drafts
access-publish = Sign into the register
access-access = Access
access-new = One more label
access-save = Keep
access-save-says = it holds at once
access-nobody = Nothing was changed: somebody has to be left who may change this again.
sign-not-yours = To sign into the register is for others here. What is written is kept.

## Sent while the desk was locked

held = Typed while locked
held-title = What was typed while this desk was locked
held-says = Who typed it is not known. Whoever sends it now, sends it in their own name; what it is of is kept to those who may.
held-line = A line for the watch log
held-correct = Correct the line: { $title }
held-task = A task
held-import = Posts from a spreadsheet
held-post = Change the post: { $title }
held-note = A note: { $title }
held-draft = A draft: { $title }
held-none = Nothing waits.
held-send = Send it now
held-drop = Drop it
held-drop-says = what was typed is erased

## Alerts

alerts = Alerts
alerts-title = What must somebody know at once?
alerts-count = { $n ->
    [0] Nothing waits to be taken.
    [one] One waits to be taken.
   *[other] { $n } wait to be taken.
}
alerts-says = To take one says to the others that you see to it. It accepts nothing and answers nothing.
alerts-view-waiting = Waiting, { $n }
alerts-none = Nothing waits to be taken.
alerts-none-says = It was looked at what happened on the record, at the clocks that run for us, and at tasks. What others were told by telephone does not appear.
alerts-new = { $n ->
    [one] One new since { $time }
   *[other] { $n } new since { $time }
}
alerts-show = Show
alert-raised = Found
alert-told = Told
alert-taken = Taken by
alert-taken-by = Who took it
alert-over = Over
alert-nobody = nobody was on duty
alert-take = Take it
alert-take-all = Take all on this page
alert-take-says = nobody else is told of them
alert-note-taken = It is yours. Nobody else is told of it.
alert-note-other = Somebody else had taken one of these already; it stays theirs.
alert-ladder = Who is told, one after the other
alert-ladder-says = { $n ->
    [one] Each has a minute to take it; then the next is told.
   *[other] Each has { $n } minutes to take it; then the next is told.
}
alert-ladder-none = Nobody has the watch, and the directory has no post of ours: nobody is told by name.
alert-failed = Not taken by the program outside
alert-failed-says = This node tells a program outside of each alert, so that it rings or writes to whoever is on that rung. Of these it could not: tell them by telephone.
alert-rung = Rung
alert-why = What went wrong last
alert-next = Tried again
alert-given-up = given up
alert-again = Try all of them now
alert-note-again = They are tried again now.
feed-grave = { $reference }: graded as grave
feed-misbehaviour = Proof of misbehaviour
feed-assigned = { $reference }: a task was given
feed-team = A team was not heard in time

## Keys

keys = Keys
keys-foot = All keys:
keys-search = Search, or a reference
keys-go = Go to what the index has under that letter
keys-new = Open a matter of the kind under that letter; twice n, whatever may be opened
keys-rows = The next row, the row before; Enter opens it
keys-filter = To the filter of a list
keys-edit = From what is to be signed back to the form
keys-list = This list
keys-says = They go by where a key is on the board, whatever script its letters are in, and are not heard while you type. They can be switched off:
keys-close = Close
keys-on = Single keys lead somewhere
keys-off = Off
keys-off-says = For whoever speaks to the machine, or presses keys by chance.

## Teams

teams = Teams
teams-title = Is everyone safe?
teams-count = { $out ->
    [0] No team is out.
    [one] One team is out; not heard in time: { $late }.
   *[other] { $out } teams are out; not heard in time: { $late }.
}
teams-none = No team is known here.
teams-none-says = A team that goes out is told of here by its name. No person’s name, and no address.
teams-says = Each check-in is an entry of the watch log. A team that is not heard in time is an alert, up the ladder; nothing of it leaves this node but that there is one.
col-team = Team
team-out = Goes out
team-next-in = Next check in
team-heard = Last heard
team-next = Next check
team-check-in = Check in
team-heard-now = Heard
team-is-in = Is back
team-in = in
team-drop = Drop it here
team-no-name = A team has a name.
team-no-time = The next check is within a day: say in how many minutes.
team-full = So many teams, or such long words, are not kept here.
team-newer = This team was heard since this page was made. Look again, and say it once more if it still holds.
team-says = { $team } was heard; next check by { $next }.
team-says-at = { $team } was heard at { $place }; next check by { $next }.
team-says-in = { $team } is back.
