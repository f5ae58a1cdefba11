//! Faults that are put into instruments that are good.

pub(crate) const EXERCISE: &str = include_str!("../../../../instruments/exercise.toml");

/// What is added at the end, or replaced, and the code that tells of it.
pub(crate) enum Fault {
    /// Text at the end of the file.
    Add(&'static str, &'static str),
    /// A text that stands there once, and another in its place.
    Replace(&'static str, &'static str, &'static str),
}

use Fault::{Add, Replace};

/// A procedure of its own that is good, to be changed.
pub(crate) const ASK: &str = r#"
[procedure.ask]
title = "Question"
ref = "ASK"
strands = ["asked"]
seen_by = "everyone"
[procedure.ask.fields]
asked = "several participant of parties"
grade = "one of low high"
when = "instant"
note = "optional text"
maybe = "optional instant"
helper = "optional participant of parties"
[procedure.ask.states]
put = "Asked."
answered = "Answered; the one who asked says whether that answers."
[procedure.ask.rests]
silent = "No answer on record."
[procedure.ask.ends]
done = "Answered."
open = "Not answered."
[procedure.ask.open]
by = "everyone"
to = "put"
[procedure.ask.step.answer]
from = ["put", "silent"]
by = "asked"
due = "72h after service"
to = "answered"
silence = { proceed = "silent" }
[procedure.ask.step.assess]
from = "answered"
by = "opener"
due = "48h after service"
choice = { answers = "done", does-not = "open" }
silence = { lapse = "open" }
"#;

/// Changes of [`ASK`]: each makes one thing wrong.
pub(crate) const OF_ASK: &[(&str, &str, &str)] = &[
    ("instrument::unknown_word", "due = \"72h after service\"", "wihtin = \"72h\""),
    ("instrument::unknown_word", "title = \"Question\"", "title = \"Question\"\nadopts = \"txt\""),
    ("instrument::unknown_word", "title = \"Question\"", "title = \"Question\"\ntiers = [\"recrod\"]"),
    ("instrument::unreadable_name", "ref = \"ASK\"", "ref = \"ask\""),
    ("instrument::unreadable_name", "note = \"optional text\"", "field_x = \"optional text\""),
    ("instrument::reserved_name", "silent = \"No answer on record.\"", "stay = \"No answer on record.\""),
    ("instrument::wrong_type", "to = \"answered\"", "to = \"answered\"\neyes = \"2\""),
    ("instrument::to_and_choice", "to = \"answered\"", "to = \"answered\"\nchoice = { yes = \"answered\" }"),
    ("instrument::unknown_state", "from = \"answered\"", "from = \"anwsered\""),
    ("instrument::unknown_state", "to = \"put\"", "to = \"putt\""),
    ("instrument::unknown_state", "does-not = \"open\"", "does-not = \"opne\""),
    ("instrument::unknown_state", "{ lapse = \"open\" }", "{ lapse = \"opened\" }"),
    ("instrument::unknown_state", "seen_by = \"everyone\"", "seen_by = \"everyone\"\npublic = [\"dnoe\"]"),
    ("instrument::unknown_field", "strands = [\"asked\"]", "strands = [\"askde\"]"),
    ("instrument::unknown_field", "to = \"answered\"", "to = \"answered\"\nfields = [\"nota\"]"),
    ("instrument::unknown_field", "\"72h after service\"", "\"3d before wen\""),
    (
        "instrument::unknown_choice",
        "from = \"answered\"",
        "from = \"answered\"\nmust = { answer = [\"note\"] }",
    ),
    (
        "instrument::unknown_choice",
        "from = \"answered\"",
        "from = \"answered\"\nopens = { answered = \"remedy\" }",
    ),
    (
        "instrument::unknown_code",
        "\"72h after service\"",
        "{ of = \"grade\", hihg = \"6h after service\", other = \"1d after service\" }",
    ),
    ("instrument::codes_missing", "\"72h after service\"", "{ of = \"grade\", high = \"6h after service\" }"),
    ("instrument::unknown_who", "by = \"opener\"", "by = \"openers\""),
    ("instrument::unknown_who", "by = \"asked\"", "by = \"chair of parties\""),
    ("instrument::unknown_procedure", "to = \"answered\"", "to = \"answered\"\nopens = \"remdy\""),
    ("instrument::unknown_procedure", "note = \"optional text\"", "note = \"optional matter of remdy\""),
    ("instrument::unknown_field_type", "grade = \"one of low high\"", "grade = \"low or high\""),
    ("instrument::unknown_silence", "{ lapse = \"open\" }", "{ move = \"open\" }"),
    ("instrument::unknown_silence", "{ lapse = \"open\" }", "\"note\""),
    (
        "instrument::unknown_effect",
        "title = \"Question\"",
        "title = \"Question\"\neffect = { done = \"end\" }",
    ),
    ("instrument::unknown_basis", "title = \"Question\"", "title = \"Question\"\nbasis = \"guess\""),
    ("instrument::unreadable_due", "\"72h after service\"", "\"3 days\""),
    ("instrument::unreadable_due", "\"72h after service\"", "\"0h after service\""),
    ("instrument::silence_without_clock", "due = \"48h after service\"\n", ""),
    ("instrument::clock_without_start", "\"72h after service\"", "\"at maybe\""),
    (
        "instrument::not_by_stick",
        "due = \"72h after service\"",
        "due = \"72h after service\"\ncarriage = \"0h\"",
    ),
    (
        "instrument::two_clocks",
        "due = \"72h after service\"",
        "due = \"72h after service\"\nuntil = \"72h after service\"",
    ),
    ("instrument::waits_for_ever", "silence = { lapse = \"open\" }", "silence = \"noted\""),
    (
        "instrument::silence_in_circles",
        "silence = { lapse = \"open\" }",
        "silence = { proceed = \"put\" }\n[procedure.ask.step.more]\nfrom = \"silent\"\nby = \"monitors\"\ndue = \"1d after finality\"\nto = \"answered\"\nsilence = { proceed = \"answered\" }",
    ),
    // One's own step back begins one's own clock anew; `stay` would not.
    ("instrument::held_by_one", "does-not = \"open\"", "does-not = \"open\", again = \"answered\""),
    // Whoever asks itself goes round alone.
    ("instrument::held_by_one", "does-not = \"open\"", "does-not = \"open\", again = \"put\""),
    ("instrument::held_by_one", "by = \"opener\"", "by = \"all of parties\"\nsplit = \"put\""),
    ("instrument::nobody", "by = \"opener\"", "by = \"helper\""),
    ("instrument::split_alone", "to = \"answered\"", "to = \"answered\"\nsplit = \"silent\""),
    ("instrument::rest_without_exit", "from = [\"put\", \"silent\"]", "from = \"put\""),
    ("instrument::dead_end", "from = \"answered\"", "from = \"put\""),
    ("instrument::end_goes_on", "from = \"answered\"", "from = [\"answered\", \"done\"]"),
    ("instrument::never_reached", "done = \"Answered.\"", "done = \"Answered.\"\nlost = \"Lost.\""),
    ("instrument::twice_a_state", "done = \"Answered.\"", "done = \"Answered.\"\nsilent = \"Silent.\""),
    ("instrument::no_from_or_by", "from = \"answered\"\n", ""),
    ("instrument::no_from_or_by", "by = \"opener\"\n", ""),
    ("instrument::no_from_or_by", "by = \"opener\"", "by = []"),
    ("instrument::no_from_or_by", "from = \"answered\"", "from = []"),
    ("instrument::nobody", "by = \"everyone\"\nto = \"put\"", "by = \"opener\"\nto = \"put\""),
    (
        "instrument::nobody",
        "asked = \"several participant of parties\"",
        "asked = \"several participant of asked\"",
    ),
    ("instrument::leaves_nothing", "to = \"answered\"", "to = \"answered\"\neyes = 0"),
    ("instrument::leaves_nothing", "title = \"Question\"", "title = \"Question\"\ntiers = []"),
    ("instrument::leaves_nothing", "grade = \"one of low high\"", "grade = []"),
    ("instrument::twice_a_name", "grade = \"one of low high\"", "grade = [\"low\", \"low\"]"),
    ("instrument::twice_a_name", "grade = \"one of low high\"", "grade = \"one of low high low\""),
    ("instrument::twice_a_name", "strands = [\"asked\"]", "strands = [\"asked\", \"asked\"]"),
    ("instrument::twice_a_name", "from = [\"put\", \"silent\"]", "from = [\"put\", \"put\"]"),
    (
        "instrument::twice_a_name",
        "title = \"Question\"",
        "title = \"Question\"\ntiers = [\"record\", \"record\"]",
    ),
    ("instrument::nobody", "by = \"asked\"", "by = \"observers\""),
    ("instrument::out_of_reach", "by = \"opener\"", "by = \"4 of guarantors\""),
    ("instrument::takes_nothing_away", "by = \"opener\"", "by = \"parties other than ford\""),
    ("instrument::no_split", "by = \"opener\"", "by = \"all of parties\""),
    (
        "instrument::split_alone",
        "silence = { lapse = \"open\" }",
        "silence = { lapse = \"open\" }\nsplit = \"open\"",
    ),
    ("instrument::silence_finds", "seen_by = \"everyone\"", "seen_by = \"everyone\"\nagainst = [\"open\"]"),
    ("instrument::silence_adopts_a_fact", "{ proceed = \"silent\" }", "{ adopt = \"silent\" }"),
    ("instrument::lapse_goes_on", "{ proceed = \"silent\" }", "{ lapse = \"silent\" }"),
    ("instrument::escalates_to_the_same", "{ proceed = \"silent\" }", "{ escalate = \"silent\" }"),
    ("instrument::acts_unseen", "seen_by = \"everyone\"", "seen_by = \"monitors\""),
    ("instrument::seen_by_nobody", "seen_by = \"everyone\"\n", ""),
    (
        "instrument::prejudice_public",
        "seen_by = \"everyone\"",
        "seen_by = \"everyone\"\npublic = [\"done\"]\ntiers = [\"record\", \"without-prejudice\"]",
    ),
    (
        "instrument::strand_optional",
        "asked = \"several participant of parties\"",
        "asked = \"optional participant of parties\"",
    ),
    ("instrument::strand_refilled", "to = \"answered\"", "to = \"answered\"\nfields = [\"asked\"]"),
    (
        "instrument::amends_what",
        "seen_by = \"everyone\"",
        "seen_by = \"everyone\"\neffect = { done = \"amend\" }",
    ),
    (
        "instrument::number_not_agreed",
        "due = \"72h after service\"",
        "due = \"72h after service\"\nword = \"without delay\"",
    ),
    (
        "instrument::judge_in_own_cause",
        "seen_by = \"everyone\"",
        "seen_by = \"everyone\"\nagainst = [\"done\"]",
    ),
    ("instrument::twice_a_ref", "ref = \"ASK\"", "ref = \"CASE\""),
    ("instrument::no_end", "[procedure.ask.ends]\n", ""),
    (
        "instrument::bearer_has_a_veto",
        "seen_by = \"everyone\"",
        "seen_by = \"everyone\"\nagainst = [\"answered\"]",
    ),
    ("instrument::loaded_word", "title = \"Question\"", "title = \"Border question\""),
    ("instrument::loaded_word", "title = \"Question\"", "title = \"Of the Durand  Line\""),
    ("instrument::loaded_word", "note = \"optional text\"", "at-the-border = \"optional text\""),
    ("instrument::missing_key", "title = \"Question\"\n", ""),
    ("instrument::wrong_type", "title = \"Question\"", "title = \"Question\"\nlike = 5"),
    (
        "instrument::unknown_without",
        "title = \"Question\"",
        "title = \"Question\"\nwithout = [\"rest.silent\"]",
    ),
    ("instrument::unreadable_name", "title = \"Question\"", "title = \"Question\"\nunder = \"Co-operation\""),
    ("instrument::unknown_word", "by = \"opener\"", "by = \"+2 of guarantors\""),
    ("instrument::missing_key", "[procedure.ask.open]\nby = \"everyone\"\nto = \"put\"\n", ""),
];

/// Changes of the whole instrument.
pub(crate) const OF_ALL: &[Fault] = &[
    Add(
        "instrument::split_finds",
        "\n[procedure.verdict]\ntitle = \"Verdict\"\nref = \"VRD\"\nseen_by = \"everyone\"\nagainst = [\"upheld\"]\n[procedure.verdict.states]\nput = \"Put.\"\n[procedure.verdict.ends]\nupheld = \"Found.\"\nnot-upheld = \"Not found.\"\n[procedure.verdict.open]\nby = \"parties\"\nto = \"put\"\n[procedure.verdict.step.decide]\nfrom = \"put\"\nby = \"all of principals\"\ndue = \"72h after service\"\nchoice = { yes = \"upheld\", no = \"not-upheld\" }\nsplit = \"upheld\"\nsilence = { lapse = \"not-upheld\" }\n",
    ),
    Replace(
        "instrument::unknown_word",
        "text = \"Information is shared.\"",
        "text = \"Information is shared.\"\ntexts = { fr = \"Les informations sont partagées.\" }",
    ),
    Replace(
        "instrument::excluded_seated",
        "names = { own = \"Ford\", text = \"Ford\", label = \"Ford\" }",
        "names = { own = \"Ford\", text = \"Ford\", label = \"Ford\" }\nlabels = { en = \"reedmen\" }",
    ),
    Replace(
        "instrument::untranslated",
        "languages = [\"en\"]\nauthentic = [\"en\"]\norder = \"alphabetical\"\nstanding = \"Taking part implies no recognition of any State, government or claim.\"\nbasis = \"text\"\n\n[participant.north]\n",
        "languages = [\"ar\", \"en\", \"ur\"]\nauthentic = [\"en\"]\norder = \"alphabetical\"\nstanding = \"Taking part implies no recognition of any State, government or claim.\"\nbasis = \"text\"\n\n[participant.north]\nlabels = { ar = \"الشمال\" }\n",
    ),
    Replace("instrument::unknown_library", "like = \"visit\"", "like = \"visti\""),
    Replace(
        "instrument::unknown_without",
        "like = \"visit\"",
        "like = \"visit\"\nwithout = [\"state.splitt\"]",
    ),
    Replace("instrument::wrong_type", "like = \"visit\"", "like = \"visit\"\nwithout = \"end.called-off\""),
    Replace(
        "instrument::to_and_choice",
        "like = \"visit\"",
        "like = \"visit\"\n[procedure.visit.step.assure]\nto = \"assured\"\nchoice = { assure = \"assured\" }",
    ),
    Replace(
        "instrument::two_clocks",
        "like = \"visit\"",
        "like = \"visit\"\n[procedure.visit.step.assure]\ndue = \"1d after service\"\nuntil = \"1d after service\"",
    ),
    Replace(
        "instrument::silence_pays",
        "like = \"case\"",
        "like = \"case\"\n[procedure.case.step.respond]\nsilence = { lapse = \"withdrawn\" }",
    ),
    Replace("instrument::rival_decisions", "decides = \"2\"", "decides = \"1\""),
    Replace("instrument::out_of_reach", "decides = \"2\"", "decides = \"5\""),
    Replace(
        "instrument::chair_outside",
        "chair = \"secretariat\"\ndecides = \"2\"",
        "chair = \"north\"\ndecides = \"2\"",
    ),
    Replace(
        "instrument::one_can_stop",
        "quorum = [\"secretariat\", \"any of guarantors\"]",
        "quorum = [\"secretariat\", \"all of parties\"]",
    ),
    Replace(
        "instrument::no_bearer",
        "bearers = [\"north\", \"south\"]\ntext = \"Information is shared.\"",
        "bearers = []\ntext = \"Information is shared.\"",
    ),
    Replace("instrument::never_invoked", "kind = \"cooperation\"", "kind = \"courtesy\""),
    Replace(
        "instrument::no_life",
        "[procedure.life]\nlike = \"life\"\n[procedure.departure]\nlike = \"departure\"\n",
        "",
    ),
    Replace("instrument::cannot_leave", "[procedure.departure]\nlike = \"departure\"\n", ""),
    Replace("instrument::no_amendment", "[procedure.amendment]\nlike = \"amendment\"\n", ""),
    Replace(
        "instrument::no_relief",
        "set-aside = { by = [\"all of guarantors\", \"any of parties\"] }\n",
        "",
    ),
    Replace("instrument::relief_without_bound", ", most = \"72h\", times = 1", ", most = \"72h\""),
    Replace(
        "instrument::cuts_itself",
        "cut = { by = \"any of guarantors\"",
        "cut = { by = \"any of parties\"",
    ),
    Replace(
        "instrument::unknown_who",
        "members = [\"ford\", \"harbour\", \"secretariat\"]",
        "members = [\"ford\", \"harbor\", \"secretariat\"]",
    ),
    Replace(
        "instrument::twice_a_name",
        "members = [\"ford\", \"harbour\", \"secretariat\"]",
        "members = [\"ford\", \"ford\", \"secretariat\"]",
    ),
    Replace("instrument::reserved_name", "[body.finders]", "[body.parties]"),
    Replace("instrument::no_zone", "zone = \"+00:00\"", "zone = \"Asia/Karachi\""),
    Replace("instrument::no_deemed_service", "deemed = \"24h\"", "deemed = \"0h\""),
    Replace(
        "instrument::unknown_line",
        "side = { ridge = \"left\", survey",
        "side = { rigde = \"left\", survey",
    ),
    Replace(
        "instrument::no_side",
        "side = { ridge = \"left\", survey = \"left\" }",
        "side = { ridge = \"left\" }",
    ),
    Replace("instrument::same_side", "survey = \"right\" }", "survey = \"left\" }"),
    Replace("instrument::unknown_word", "survey = \"right\" }", "survey = \"east\" }"),
    Replace("instrument::unknown_who", "participant = \"north\"", "participant = \"nort\""),
    Replace("instrument::unknown_who", "label = { north", "label = { nort"),
    Replace("instrument::missing_key", "precision = 500\n", ""),
    Replace("instrument::missing_key", "edition = \"2025\"\n", ""),
    Replace("instrument::unreadable_distance", "precision = 500", "precision = 0"),
    Replace("instrument::unreadable_distance", "coarseness = 1000", "coarseness = 200000"),
    Replace("instrument::wrong_type", "precision = 500", "precision = 0.5"),
    Replace("instrument::no_line_file", "annex = \"", "hash = \"ab\"\nannex = \""),
    Replace("instrument::unreadable_hash", "annex = \"", "annex = \"sha256:"),
    Replace("instrument::never_determined", "precision = 500", "precision = 500\nreach = 1200"),
    Replace("instrument::uneven_labels", ", south = \"the ridge line\"", ""),
    Replace(
        "instrument::one_area",
        "[area.b]\nparticipant = \"south\"\nside = { ridge = \"right\", survey = \"right\" }\n",
        "",
    ),
    Replace("instrument::untranslated", "languages = [\"en\"]", "languages = [\"en\", \"fr\"]"),
    Replace("instrument::unknown_word", "disclaimer = { en", "disclaimer = { eng"),
    Add("instrument::unknown_who", "\n[exhibits]\narbiter = \"secretariate\"\n"),
    Replace("instrument::out_of_reach", "decides = \"2\"", "decides = [\"north\", \"ford\"]"),
    Replace(
        "instrument::out_of_reach",
        "quorum = [\"secretariat\", \"any of guarantors\"]",
        "quorum = [\"secretariat\", \"3 of guarantors\"]",
    ),
    Replace("instrument::bodies_in_circles", "decides = \"2\"", "decides = \"finders\""),
    Add(
        "instrument::bodies_in_circles",
        "\n[body.one]\nmembers = [\"ford\", \"north\"]\ndecides = [\"ford\", \"two\"]\n\
         [body.two]\nmembers = [\"ford\", \"north\"]\ndecides = \"all\"\nquorum = \"one\"\n",
    ),
    Replace("instrument::leaves_nothing", "authentic = [\"en\"]", "authentic = []"),
    Replace("instrument::twice_a_name", "authentic = [\"en\"]", "authentic = [\"en\", \"en\"]"),
    Add("instrument::leaves_nothing", "\n[quota]\nacts = 0\n"),
    Add("instrument::leaves_nothing", "\n[tiers]\nerasure = 0\n"),
    Add("instrument::unknown_act", "\n[custody]\nfnid = \"device\"\n"),
    Add("instrument::unknown_word", "\n[custody]\nfind = \"telephone\"\n"),
    Add("instrument::nobody", "\n[exhibits]\narbiter = \"observers\"\n"),
    Add("instrument::unknown_who", "\n[exhibits]\narbiter = \"opener\"\n"),
    Add("instrument::out_of_reach", "\n[exhibits]\nhold = \"4 of guarantors\"\n"),
    Add("instrument::maps_nowhere", "\n[transition.request]\nput = \"putt\"\n"),
    Add("instrument::unknown_procedure", "\n[transition.requests]\nput = \"put\"\n"),
    Replace("instrument::twice_a_name", "label = \"South\"", "label = \"north\""),
    Replace("instrument::for_itself", "for = [\"south\"]", "for = [\"south\", \"secretariat\"]"),
    Add("instrument::twice_a_name", "\n[body.north]\nmembers = [\"ford\"]\ndecides = \"all\"\n"),
];

pub(crate) fn replaced(text: &str, old: &str, new: &str) -> String {
    assert_eq!(text.matches(old).count(), 1, "{old:?} stands once");
    text.replace(old, new)
}
