# How do I: one page for each, to read or print. What a button is called stands here as it does on the button.
help = Help
help-title = How do I
help-says = Each page prints on one sheet. What a kind of matter asks of whom, by when, stands on its own page under { agreement }.
help-steps = Step by step
help-there = Go there
help-others = Other pages
help-first = See what is asked of us, and by when
help-first-steps =
    { overview } opens first: the steps that are asked of us, least time left first, with what silence does.
    Under it stand rights that end, and what waits for others.
    What is new since the last look is marked with a dot, in the lists too.
    A step’s name opens its form; the reference opens the whole story.
    “mithaq brief” prints one page for who never signs in here.
help-report = Report an incident
help-report-steps =
    Under { begin } on the first page press the incident; or press the key “n” and then the letter that its list has.
    Say kind, time and place. A place is a name, a grid reference, coordinates, or a press on the map; how exactly it is known stands beside it.
    Words are sealed: they go to those whom the page names, and nobody else.
    Press { form-on }. What you typed is kept at every field, also through a crash.
    Read what will be signed, tick that, and sign. The reference that you get can be read out by telephone.
help-call = Log a call
help-call-steps =
    The call comes first; the program waits.
    Under { begin } press with whom it was, in the row that says how freely it may be spoken of. That can’t be changed once it is signed.
    Good offices never enter the register: they are noted on their own page.
    Write what was said and what was agreed, with times. The other side says the same or tells it otherwise; both stand.
help-answer = Answer what is asked of us
help-answer-steps =
    Open the step from { overview }, or from the matter’s page.
    Each choice says where it leads. To acknowledge means receipt, and nothing of the content.
    Who has no information yet says that, and asks whoever may give more time for it; on the matter’s page that is “{ relief-extend }”.
    To reserve one’s position is one press, beside the steps; it is printed with the text.
help-evidence = Hand over evidence
help-evidence-steps =
    Drop the file where files are laid down: on the first page, under { evidence }, or on the matter’s page. It may be of any size, and goes on where the line broke off.
    Choose who can open it. It is sealed on this node for them; others see that it is there, its size and its hash.
    { form-on }, and sign. From then on the record says when it was offered, held, opened and answered, and by whom.
    Whoever was given it and can’t open it says so by one press; a copy is held, or erased, on record.
help-sign = Read and sign
help-sign-steps =
    The page says in one sentence what the act does, then its full text, who will see what, what silence will do, and what it does not admit.
    It says whether it can be taken back, and until when; the exact bytes are one press away.
    Where two sign, the second sees what has changed since the first read it.
    A passkey asks you on your own device. Nothing is signed before that.
    What is signed is final when the cosigners’ mark includes it; until then it is on its way, and the page says so.
help-silence = Understand clocks and silence
help-silence-steps =
    A step counts from service, not from registration; how it was served stands on the matter’s page.
    No response is no admission. Each step says what silence does: it is noted, it goes on without it, it goes up, a text is taken as agreed, or it lapses.
    A cut network, a holiday that the agreement names, a pause: each moves the clock by rule.
    More time is asked for before the time is over, or after it by whoever the agreement gives that to.
help-watch = Take the watch and hand it over
help-watch-steps =
    { watch-begin } on the page of the watch: from then on entries carry your name.
    One line for each thing that happens, with its time. A line is never erased; a correction stands beside it.
    A line becomes an act when somebody makes a draft of it and signs that.
    { watch-hand-over } makes a note from what is open; who takes over reads it and confirms.
help-place = Say where something is
help-place-steps =
    A name, a grid reference, degrees, or a press on the map: all four are read, in each script and with each set of digits.
    Say how exactly it is known. The record keeps places on the grid that the agreement gives, no finer.
    In which area it lies is determined only where all lines agree and the distance is larger than what is not known; “not determined” is a usual answer.
    { places-title } shows the names by which others call a place, with their source.
help-whole = See whether the record is whole
help-whole-steps =
    { record } says up to which entry it is checked, who cosigned, and when.
    One entry can be proved by itself, in the browser: its page draws the path, and computes it.
    The proof is a file that opens in any browser without a network. { take-verifier } gives the page alone; its hash stands in the documentation and on the page.
    “mithaq verify” checks everything, on a machine that trusts nobody.
help-lost = Do when a device is lost
help-lost-steps =
    Say so at once, to whoever keeps the roots of our seat.
    { people }: they end the key there. What it signed stands, and it signs nothing more.
    What it signed in the last 72 hours can be taken back by the roots.
    { sign-out-everywhere }, at the foot of each page, closes its sessions. A new link makes a new key.
help-off = Work when the line is down
help-off-steps =
    Our node is ours: all that has come to it can be read, and written to, without any other.
    What is signed waits here, and goes when the others are reached; its time counts from when whoever the agreement names for that takes it in.
    A bundle goes on a stick: “mithaq bundle export” and “import”, sealed for its receiver.
    Who could not be reached lets another say so, before the time is over: { deed-cut }.
help-words = Read the words that the program uses
help-words-steps =
    Reported: somebody says so. Alleged: a party says that a provision was broken. Observed: whoever monitors saw it. Assessed: somebody weighed it. Found: the body that decides has said so.
    Noted: it was read, and no more. Acknowledged: it was received, and no more.
    Final: the cosigners’ mark includes it. Pending: it does not yet.
    Void: on record and without effect, with the reason.
    Not determined: what is known does not suffice to say in which area a place lies.
