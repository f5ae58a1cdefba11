# The agreement: texts of its pages.

agreement = Agreement
agreement-title = What it says, who must do what
agreement-authentic = Which languages bind stands over each.
agreement-not-known = In which languages the text binds is not known; no text here claims to.
agreement-not-reviewed = That a native speaker reviewed a translation is nowhere on record.
agreement-table = Paragraphs, languages side by side, with procedure, open matters and basis
agreement-text = The text that runs
agreement-version = Version
agreement-hash = Its file
agreement-hash-says = SHA-256 of the file from which this page is made; every copy of the record has it.
texts-shown = Languages shown
texts-all = All
text-authentic = authentic
text-not-authentic = not authentic
text-not-known = not known whether authentic
text-working = Working translation
text-none = Not in this language
col-bearers = Owed by
col-procedure = Procedure
col-open = Open
col-basis = Basis
clause-not-invoked = None, on purpose
basis-text = Signed text
basis-official = Said officially, denied by none
basis-one-party = Said by one party
basis-press = Reported by the press
basis-reconstruction = Reconstruction
drafts-title = Texts under negotiation, and what became of them
drafts-says = Nothing here is agreed before it says so.
col-words = Words
draft-open = Words and changes
draft-words = The words
draft-elsewhere = The words are not in this copy, or are longer than a page shows.
draft-whole = The whole file, as it was tabled
draft-none = No words are on the table.
draft-said = What each said last
draft-nobody = Nobody has said anything yet.
draft-reserved = reserves its position
draft-against-before = What these words change
draft-against-agreement = What it would change in the agreement
draft-redline-says = Struck: no longer there. Underlined: new. Made by comparing the files, by nobody’s hand.
draft-in-english = The program makes these sentences in English.
draft-too-long = These words and those before them are too long to compare here. Both can be taken below.
draft-versions = Versions, newest first
draft-story = The whole story of it
kinds-title = Procedures
participants-title = Who takes part
col-title = As
col-own-name = Calls itself
col-in-text = In the text
not-known = Not known
bodies-title = Who decides together
col-body = Body
col-members = Members
col-chair = Chair
col-decides = Decides by
col-quorum = Has to be there
decides-all = all of them
decides-most = more than half
decides-number = { $n } of them
decides-any = any of them
quorum-all = all
excluded-title = Groups that take no part
excluded-says = Each can be named as what a report is about, by its listed name, and can hold nothing here: no key, no seat, no voice.
col-listed-name = Listed name
col-list-number = Number on a public list
lines-title = Reference lines and areas
lines-says = For calculation only, without prejudice to the position of any participant.
col-line = Line
col-line-source = Source and edition
col-precision = True within, m
col-called = Called
area-says = area in which { $who } is responsible under the agreement
procedure-title = Procedure: { $title }
procedure-matters = Its matters
procedure-agreement = The agreement
chart-title = How it goes
chart-says = A line means an act; a dashed line means silence, which is no admission. A box waits, a round state rests, a double edge is an end.
chart-region = State chart, scrolls sideways
chart-table = The same as a table
opened-by-whom = Opened by
col-says = What it means
col-may = Who may do what, by when
state-waits = waits: somebody is asked
state-rests = rests: nobody is asked
state-rests-clock = rests, and a clock runs
state-over = over
stays = it stays as it is
anywhere = Anywhere
anywhere-says = Until it is over.
agreement-says =
    { $n ->
        [one] one paragraph, version { $version }. Basis, unless a paragraph says otherwise: { $basis }.
       *[other] { $n } paragraphs, version { $version }. Basis, unless a paragraph says otherwise: { $basis }.
    }
clause-open =
    { $n ->
        [0] None open
       *[other] { $n } open
    }
