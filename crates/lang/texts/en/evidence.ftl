# Exhibits: what is filed, who can open it, who has.

evidence = Evidence
evidence-count = { $n ->
    [one] One exhibit in this view
   *[other] { $n } exhibits in this view
  }; { $unopened } not yet opened by us.
evidence-says = Files are sealed on this node as they arrive.
evidence-empty = No exhibit is in this view.
evidence-caption = Exhibits, newest first
evidence-unopened = Not yet opened by us, { $n }
evidence-ours = Filed by us, { $n }
evidence-challenged = Challenged, { $n }
evidence-stages = Offered: its filer says that it exists. Held: another participant keeps the sealed file. Opened: an addressee signed that it opened and all agrees. Answered: it was taken up. The four are counted apart, and none says anything of what is in it.

exhibit-name = Name
exhibit-filer = Filed by
exhibit-offered-at = Filed
exhibit-granted = Can open it
exhibit-holders = Hold it
exhibit-opened-by = Opened by
exhibit-sha = SHA-256 of the sealed file
exhibit-size = Size
exhibit-not-yet = Not yet
exhibit-nobody = Nobody any more
exhibit-is-here = The sealed file is on this node.
exhibit-said = Its filer says that it is
exhibit-facts = What is on record

exhibit-with-opening = With the opening: { $what }
exhibit-with-step = With the step: { $what }
exhibit-with-answer = With an answer to an exhibit
exhibit-with-note = Nominating note
exhibit-with-table = Table
exhibit-with-offer = Offered by itself

exhibit-offered = offered
exhibit-held = held by another
exhibit-opened = opened
exhibit-answered = answered
exhibit-challenged = said not to open, undecided
exhibit-challenge-upheld = found not to open
exhibit-on-hold = on hold
exhibit-danger = found to endanger a person
exhibit-withdrawn = withdrawn
exhibit-disowned = disowned
exhibit-erased = erased by all who held it
exhibit-erased-in-part = erased by some who held it

exhibit-sealed-says = Sealed. To look at it here tells nobody and signs nothing.
exhibit-open = Open it here
exhibit-open-says = checked first; shown to you alone, kept by nobody
exhibit-checked = Recipient, fingerprint and commitment agree with what was filed.
exhibit-picture = The picture that was filed
exhibit-paper = Open the document in a tab of its own
exhibit-not-shown = It is of a kind that is not shown here.
exhibit-take = Take a copy away
exhibit-take-says = The copy is in the clear where you put it, and yours to erase.
exhibit-custody = Custody
exhibit-fingerprint = Fingerprint
exhibit-fingerprint-says = Of the sealed file, as it is in every copy of the register.
exhibit-kept-says = No text or picture of it is kept here once it is closed, and there is no index of it.

custody-filed = { $who } filed it.
custody-granted = It was granted to { $who }.
custody-kept = { $who } keeps the sealed file.
custody-opened = { $who } opened it, and signed that all agrees.
custody-answered = { $who } answered it.
custody-challenged = { $who } said that it can’t be opened. Undecided.
custody-challenge-upheld = { $who } said that it can’t be opened. It was found so.
custody-challenge-not-upheld = { $who } said that it can’t be opened. It was not found so.
custody-on-hold = { $who } asks that it be kept until { $until }.
custody-erased = { $who } erased its copy.

closed-erased = This participant has erased its copy.
closed-not-granted = It is not open to this participant: it was granted to others.
closed-not-here = The sealed file is not on this node yet. It comes when nodes meet, or by stick.
closed-differs = The copy here is not the file that was filed. That says nothing about its filer: the copy has to come again.
closed-grant-not-for-me = The grant is sealed to none of the keys that are here.
closed-grant-wrong = The grant is none, or is for another exhibit.
closed-does-not-open = The sealed file does not open with the grant.
closed-commitment-differs = What comes out is not what was committed to.
error-closed = This exhibit can’t be opened here
error-closed-says = Its own page says why, and what can be done. Nothing was changed.

form-files = Files
form-files-says = Each file is sealed on this node as it arrives. Who can open the words can open it too; name and content are in no copy of the register, its size and fingerprint are.
lack-file = A file that was chosen is not all here, or here no more. Take it out, or choose it again.
sign-sees-files = They see that there are files, how large they are and their fingerprints.

upload-choose = Choose a file, or drop it here
upload-most = up to { $size }; goes on after a cut
upload-most-plain = up to { $size } without scripts
upload-send = Send the file
upload-send-says = keep what you typed first
upload-sealing = being sealed
upload-whole = here, and sealed
upload-here = here, not sealed as one yet
upload-part = { $part } of { $all } here
upload-cut = no connection; goes on by itself
upload-stopped = this node did not take it
upload-locked = stopped, because nobody is signed in any more; choose the same file again, and it goes on
upload-drop = Take out
upload-again = choose the same file again, and it goes on
upload-draft = Goes with
upload-to-draft = a draft
uploads = Sent here, not filed yet
uploads-says = Sealed on this node, and in no act. What is not all here, or in no draft, is erased { $days } days after the last of it came.

size-bytes = { $n } B
size-kb = { $n } kB
size-mb = { $n } MB
size-gb = { $n } GB
