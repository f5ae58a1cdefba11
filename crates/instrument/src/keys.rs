//! Every table and key that an instrument may have, what may stand there, and the words and bounds of it: the reader takes
//! them from here, and [`schema`](crate::schema) is made of them.
//!
//! What a form can't say (whether a state exists, whether somebody is left waiting) the reader and the linter say.

mod words;

use std::ops::RangeInclusive;

use terms::name::RESERVED;

use crate::procedure::Promise;
use words::{adopted, bases, custodies, effects, files, orders, roles, sides, tiers};

pub(crate) use words::{
    ADOPTS, COUNTS, EFFECTS, FILES, HIDDEN, LANGUAGE_MOST, LINE_MOST, LINES_MOST, LONGEST, METRES_MOST,
    NO_FIELD, NO_STATE, NOT_KNOWN, NOTED, PARAGRAPH_MOST, PARTS_MOST, PLAIN, PROCEDURES_MOST, REACH_MOST,
    REFERENCE, TIERS, UNITS,
};

/// A table.
pub(crate) struct Table {
    /// Its keys, in the order in which a person is told of them.
    pub(crate) keys: &'static [Key],
    /// What other keys are, where people choose names.
    pub(crate) names: Option<Names>,
    /// What its keys ask of each other.
    pub(crate) rules: &'static [Rule],
}

/// Keys that people choose.
pub(crate) struct Names {
    pub(crate) name: Form,
    pub(crate) value: Form,
    /// How many there may be.
    pub(crate) number: RangeInclusive<usize>,
}

/// A key, and what the docs say of it.
pub(crate) struct Key {
    pub(crate) name: &'static str,
    /// Whether it has to stand.
    pub(crate) must: bool,
    pub(crate) form: Form,
    /// What holds where it is left out, if that is one value.
    pub(crate) default: Option<Default>,
    pub(crate) says: &'static str,
}

/// What holds where a key is left out.
pub(crate) enum Default {
    Flag(bool),
    Count(u32),
    Text(&'static str),
    List(&'static [&'static str]),
}

/// A word of a closed list, and what it means.
pub(crate) type Word = (&'static str, &'static str);

/// What keys of a table ask of each other.
pub(crate) enum Rule {
    /// At most one of the two stands.
    NotBoth(&'static str, &'static str),
    /// One of the two stands, and not both.
    OneOf(&'static str, &'static str),
    /// It is a procedure: what is like nothing in the library has to be whole.
    WholeUnlessLike,
}

/// What may stand at a key.
pub(crate) enum Form {
    /// A name to be shown: 1 to 200 characters.
    Line,
    /// A clause to be shown: 1 to 4,000 characters.
    Paragraph,
    /// `true` or `false`.
    Flag,
    /// A whole number.
    Count { least: u32, most: u32 },
    /// A code, but none of these.
    Code(&'static [&'static str]),
    /// A word of a closed list.
    Words(fn() -> Vec<Word>),
    /// A length of time; nothing, too, or not.
    Length { zero: bool },
    /// Hours and minutes ahead of UTC.
    Zone,
    /// A day of the calendar.
    Day,
    /// SHA-256 in hex.
    Hash,
    /// The capitals that begin a reference.
    Reference,
    /// A BCP 47 tag.
    Language,
    /// Who decides: one item of a `by`.
    Decider,
    /// Sets with commas between.
    Sets,
    /// The type of a field, in one text.
    FieldType,
    /// When a clock is due, in one text.
    Phrase,
    /// What is left out of the library's procedure.
    Path,
    /// A list of so many at least; each once, or not.
    List { of: &'static Form, least: u32, once: bool },
    /// One alone, or a list of so many at least.
    OneOrList { of: &'static Form, least: u32, once: bool },
    /// One of these.
    Either(&'static [Form]),
    /// A table.
    Table(&'static Table),
    /// A table of which one key stands.
    OneKey(&'static Table),
}

impl Form {
    /// The table that may stand there.
    pub(crate) fn table(&'static self) -> Option<&'static Table> {
        match self {
            Form::Table(table) | Form::OneKey(table) => Some(table),
            Form::Either(forms) => forms.iter().find_map(Form::table),
            Form::Line
            | Form::Paragraph
            | Form::Flag
            | Form::Count { .. }
            | Form::Code(_)
            | Form::Words(_)
            | Form::Length { .. }
            | Form::Zone
            | Form::Day
            | Form::Hash
            | Form::Reference
            | Form::Language
            | Form::Decider
            | Form::Sets
            | Form::FieldType
            | Form::Phrase
            | Form::Path
            | Form::List { .. }
            | Form::OneOrList { .. } => None,
        }
    }
}

impl Table {
    pub(crate) fn key(&'static self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }

    /// What may stand at a key of it.
    pub(crate) fn form(&'static self, name: &str) -> Option<&'static Form> {
        let chosen = || self.names.as_ref().map(|names| &names.value);
        self.key(name).map(|key| &key.form).or_else(chosen)
    }
}

const fn must(name: &'static str, form: Form, says: &'static str) -> Key {
    Key { name, must: true, form, default: None, says }
}

const fn may(name: &'static str, form: Form, says: &'static str) -> Key {
    Key { name, must: false, form, default: None, says }
}

impl Key {
    const fn or(self, default: Default) -> Key {
        Key { default: Some(default), ..self }
    }
}

const fn table(keys: &'static [Key]) -> Table {
    Table { keys, names: None, rules: &[] }
}

const fn named(name: Form, value: Form) -> Table {
    some_named(name, value, 0..=usize::MAX)
}

const fn some_named(name: Form, value: Form, number: RangeInclusive<usize>) -> Table {
    Table { keys: &[], names: Some(Names { name, value, number }), rules: &[] }
}

/// A list of codes, each once, or one of them.
const CODES: Form = Form::OneOrList { of: &CODE, least: 0, once: true };
const CODE: Form = Form::Code(&[]);
const SEAT: Form = Form::Code(&RESERVED);
const SEATS: Form = Form::List { of: &SEAT, least: 1, once: true };
const DECIDERS: Form = Form::OneOrList { of: &Form::Decider, least: 1, once: false };
const DUE: Form = Form::Either(&[Form::Phrase, Form::Table(&DUE_BY)]);
const SOME_LENGTH: Form = Form::Length { zero: false };
const ANY_LENGTH: Form = Form::Length { zero: true };
const SOME: Form = Form::Count { least: 1, most: u32::MAX };

const BASIS: Key = may(
    "basis",
    Form::Words(bases),
    "Where this comes from, if not from where the table above does: `[instrument]`, or the procedure.",
);

/// The file.
pub(crate) static FILE: Table = table(&[
    must(
        "instrument",
        Form::Table(&INSTRUMENT),
        "What the agreement is called, and in which languages it binds.",
    ),
    must(
        "participant",
        Form::Table(&PARTICIPANTS),
        "Who takes part, by the id that begins its key names; at least one party.",
    ),
    may("excluded", Form::Table(&EXCLUDED), "Groups that may be talked about, and can hold nothing."),
    must(
        "calendar",
        Form::Table(&CALENDAR),
        "How time is counted: the zone, when an act counts as served, holidays.",
    ),
    may("body", Form::Table(&BODIES), "Participants who decide together."),
    may("provision", Form::Table(&PROVISIONS), "What was agreed, clause by clause: who owes what."),
    may(
        "relief",
        Form::Table(&RELIEF),
        "Who may give relief from a clock or a run-out state, and how much; nobody may what is not named.",
    ),
    may(
        "transcription",
        Form::Table(&TRANSCRIPTION),
        "Who writes down, for the record, what another says and does not sign itself.",
    ),
    may(
        "procedure",
        Form::Table(&PROCEDURES),
        "What each kind of matter does. Without any, the library's notice runs.",
    ),
    may(
        "transition",
        Form::Table(&TRANSITIONS),
        "Where open matters of a kind stand when this takes the place of the instrument before: each waiting and resting state that it had there, and the state here. Kinds that are not named go on under the one before.",
    ),
    may("quota", Form::Table(&QUOTA), "How much a participant may hand in on one day of registered time."),
    may(
        "exhibits",
        Form::Table(&EXHIBITS),
        "Who decides about exhibits, where it is not to be as the register's rules have it.",
    ),
    may("tiers", Form::Table(&TIER_RULES), "How long exhibits of matters without prejudice are kept."),
    may(
        "line",
        Form::Table(&LINES),
        "Lines that sides are reckoned from, for calculation only and without prejudice to anybody's position.",
    ),
    may("area", Form::Table(&AREAS), "In which area who is responsible. It says nothing of whose it is."),
    may("place", Form::Table(&PLACE), "How places are written down and shown."),
    may(
        "custody",
        Form::Table(&CUSTODY),
        "Where the keys of an act have to lie, at the least: by kind of act, or by step of any procedure.",
    ),
]);

static INSTRUMENT: Table = table(&[
    must("name", Form::Line, "What the agreement is called."),
    may("exercise", Form::Flag, "Whether it is an exercise: then every page, print and message says so.")
        .or(Default::Flag(false)),
    must(
        "languages",
        Form::List { of: &Form::Language, least: 1, once: true },
        "The languages in which it is shown, in its own order, as BCP 47 tags.",
    ),
    must(
        "authentic",
        Form::Either(&[
            Form::Words(|| vec![(NOT_KNOWN, "nobody outside knows which text binds")]),
            Form::List { of: &Form::Language, least: 1, once: true },
        ]),
        "In which of its languages it binds, all with equal rank; or that nobody outside knows.",
    ),
    must(
        "order",
        Form::Words(orders),
        "In which order documents list the parties: by the alphabet of the document's language, or each first in its own copy.",
    ),
    may("standing", Form::Paragraph, "The clause that taking part implies no recognition, in its own words."),
    may("says", Form::Paragraph, "What else is to be known by whoever reads it."),
    must("basis", Form::Words(bases), "Where its clauses come from, unless one says otherwise."),
]);

static PARTICIPANTS: Table = named(SEAT, Form::Table(&PARTICIPANT));
static PARTICIPANT: Table = table(&[
    must(
        "role",
        Form::Words(roles),
        "What it is in the mechanism, and so which sets it is in: `parties`, `guarantors`, `monitors`, `observers`.",
    ),
    may("titled", Form::Line, "By which title its role is shown, if not by the role's own word."),
    BASIS,
    may(
        "names",
        Form::Table(&NAMES),
        "What it is called, and by whom; what is left out is filled from the others, in the end from the id.",
    ),
    may("labels", Form::Table(&LINES_SAID), "What tables in others of the instrument's languages call it."),
]);
static NAMES: Table = table(&[
    may("own", Form::Line, "As it calls itself."),
    may("text", Form::Line, "As the text calls it."),
    may("label", Form::Line, "Short, for tables."),
]);

static EXCLUDED: Table = named(CODE, Form::Table(&GROUP));
static GROUP: Table = table(&[
    must("names", Form::Table(&GROUP_NAMES), "What it is called."),
    may(
        "aliases",
        Form::List { of: &Form::Line, least: 0, once: false },
        "What else it is called, each spelling that counts; what folds to the same need not be listed twice.",
    ),
    BASIS,
]);
static GROUP_NAMES: Table = table(&[
    must("text", Form::Line, "As the text, or the list, calls it."),
    may("list", Form::Line, "Its number on a public list."),
]);

static CALENDAR: Table = table(&[
    must(
        "zone",
        Form::Zone,
        "Hours and minutes that the instrument's clocks are ahead of UTC, −12:00 to +14:00; no name of a zone, since rules of zones change.",
    ),
    may("deemed", SOME_LENGTH, "After how long an act counts as served on one who does not say it has it.")
        .or(Default::Text("7d")),
    may("heartbeat", SOME_LENGTH, "How far apart marks are meant to be.").or(Default::Text("1h")),
    may("carriage", ANY_LENGTH, "From due to close, unless a step says otherwise: the way of a stick.")
        .or(Default::Text("7d")),
    may("tolerance", ANY_LENGTH, "By how much honest clocks may differ.").or(Default::Text("10min")),
    may(
        "cosign-delay",
        ANY_LENGTH,
        "Within what time a witness is expected to cosign; a heartbeat if left out.",
    ),
    may(
        "holidays",
        Form::Table(&HOLIDAYS),
        "Days on which nothing asked of a participant is due, each once.",
    ),
    BASIS,
]);
static HOLIDAYS: Table = named(SEAT, Form::List { of: &Form::Day, least: 0, once: true });

static BODIES: Table = named(SEAT, Form::Table(&BODY));
static BODY: Table = table(&[
    BASIS,
    must("members", SEATS, "Who belongs to it."),
    may("chair", SEAT, "Who of them chairs it."),
    must(
        "decides",
        DECIDERS,
        "What it takes to decide: `all`, `most` or a number of its members, as text; or those who have to agree.",
    ),
    may("quorum", DECIDERS, "Who has to have spoken; all members if left out."),
]);

static PROVISIONS: Table = named(CODE, Form::Table(&PROVISION));
static PROVISION: Table = table(&[
    BASIS,
    must("kind", CODE, "What kind it is: procedures run `under` kinds."),
    must("bearers", SEATS, "Who owes it."),
    must("text", Form::Paragraph, "Its words."),
    may("texts", Form::Table(&PARAGRAPHS), "Its words in others of the instrument's languages."),
    may("not_invoked", Form::Flag, "Whether no procedure runs under it, on purpose.")
        .or(Default::Flag(false)),
]);

static RELIEF: Table = table(&[
    may("extend", Form::Table(&EXTEND), "More time on a clock."),
    may("suspend", Form::Table(&BOUNDED), "A pause of all clocks of a strand."),
    may("cut", Form::Table(&BOUNDED), "Time in which somebody could not be reached, taken out of a clock."),
    may("set-aside", Form::Table(&UNBOUNDED), "Back to a state that a strand was in."),
]);
static EXTEND: Table = table(&[RELIEF_BY, RELIEF_MOST, must("times", SOME, "How often on one clock.")]);
static BOUNDED: Table = table(&[RELIEF_BY, RELIEF_MOST]);
static UNBOUNDED: Table = table(&[RELIEF_BY]);
const RELIEF_BY: Key = must("by", DECIDERS, "Who has to agree.");
const RELIEF_MOST: Key = must("most", SOME_LENGTH, "How much at the most.");

static TRANSCRIPTION: Table = table(&[must("by", SEAT, "Who writes."), must("for", SEATS, "For whom.")]);

static TRANSITIONS: Table = named(CODE, Form::Table(&TRANSITION));
static TRANSITION: Table = named(CODE, CODE);

static QUOTA: Table = table(&[
    may("acts", SOME, "Acts.").or(Default::Count(1_000)),
    may("bytes", SOME, "Bytes of annexes.").or(Default::Count(67_108_864)),
]);

static EXHIBITS: Table = table(&[
    may("arbiter", DECIDERS, "Who judges a challenge."),
    may("hold", DECIDERS, "Who may ask that the bytes be held."),
    may("destroy", DECIDERS, "Who may say that they put a person in danger, so that they are destroyed."),
]);

static TIER_RULES: Table =
    table(&[
        may("erasure", SOME, "Days from the end of the matter until they are erased.").or(Default::Count(90))
    ]);

static CUSTODY: Table = named(CODE, Form::Words(custodies));

static LINES: Table = some_named(CODE, Form::Table(&LINE), 0..=LINES_MOST);
static LINE: Table = Table {
    rules: &[Rule::OneOf("annex", "hash")],
    ..table(&[
        BASIS,
        must("source", Form::Line, "Who drew it."),
        must("edition", Form::Line, "Which drawing of theirs."),
        may("annex", Form::Hash, "SHA-256 of its file, if that is in every copy of the register."),
        may("hash", Form::Hash, "SHA-256 of its file, if that is kept elsewhere."),
        must(
            "precision",
            Form::Count { least: 1, most: METRES_MOST },
            "Metres within which the drawing is true to what it draws.",
        ),
        may(
            "reach",
            Form::Count { least: 1, most: REACH_MOST },
            "Metres beyond which nothing is said by this line.",
        )
        .or(Default::Count(100_000)),
        may("label", Form::Table(&LABELS), "What each participant calls it; it is shown as theirs."),
    ])
};
static LABELS: Table = named(SEAT, Form::Line);

static AREAS: Table = named(CODE, Form::Table(&AREA));
static AREA: Table = table(&[
    BASIS,
    must("participant", SEAT, "Who is responsible there."),
    must(
        "side",
        Form::Table(&SIDES),
        "On which side of each line it lies, for whoever goes along the line in the order of its vertices.",
    ),
]);
static SIDES: Table = some_named(CODE, Form::Words(sides), 1..=LINES_MOST);

static PLACE: Table = table(&[
    may(
        "coarseness",
        Form::Count { least: 1, most: METRES_MOST },
        "The grid on which a place in the open part of an act lies, in metres.",
    )
    .or(Default::Count(1_000)),
    may(
        "disclaimer",
        Form::Table(&PARAGRAPHS),
        "What stands under every map and table of places, by language.",
    ),
]);
static PARAGRAPHS: Table = named(Form::Language, Form::Paragraph);
static LINES_SAID: Table = named(Form::Language, Form::Line);

pub(crate) static PROCEDURES: Table = some_named(CODE, Form::Table(&PROCEDURE), 0..=PROCEDURES_MOST);
/// A procedure.
pub(crate) static PROCEDURE: Table = Table {
    rules: &[Rule::WholeUnlessLike],
    ..table(&[
        may(
            "like",
            CODE,
            "The procedure of the library that this one starts from; each key given here replaces that of the same path.",
        ),
        may(
            "without",
            Form::List { of: &Form::Path, least: 0, once: true },
            "What is left out of the library's procedure.",
        ),
        BASIS,
        may("title", Form::Line, "What the program calls it."),
        may("says", Form::Paragraph, "What else is to be known of it."),
        may(
            "ref",
            Form::Reference,
            "The 3 to 5 capitals of its references; the first three letters of its name if left out.",
        ),
        may(
            "fields",
            Form::Table(&FIELDS),
            "What is known of a matter beside its state: by name, and of which type.",
        ),
        may(
            "states",
            Form::Table(&STATES),
            "States in which somebody is asked, and silence leads on: what the page of the matter says first.",
        ),
        may("rests", Form::Table(&STATES), "States in which nobody is pressed; it may stay so for years."),
        may("ends", Form::Table(&STATES), "States after which nothing follows."),
        may(
            "strands",
            CODES,
            "Fields of which each combination of values is a strand with a life of its own; one strand if left out.",
        ),
        may("under", CODES, "Kinds of provision that it can be opened under; any if left out."),
        may("adopts", Form::Words(adopted), "What silence may take as agreed."),
        may(
            "against",
            CODES,
            "States in which a finding stands against the bearer; never entered by silence.",
        ),
        may("public", CODES, "States in which its existence and state may be published."),
        may("seen_by", Form::Sets, "Default recipients of its exhibits: sets, with commas between."),
        may(
            "tiers",
            Form::List { of: &Form::Words(tiers), least: 1, once: true },
            "How freely it may be spoken of; the first is that of an opening that names none.",
        )
        .or(Default::List(&["record"])),
        may("effect", Form::Table(&STATE_EFFECTS), "What else happens when a strand enters a state."),
        may("open", Form::Table(&OPEN), "How it is opened."),
        may("step", Form::Table(&STEPS), "What somebody may do in it, or is asked to."),
    ])
};
static FIELDS: Table = named(
    Form::Code(&NO_FIELD),
    Form::Either(&[Form::FieldType, Form::List { of: &CODE, least: 1, once: true }]),
);
static STATES: Table = some_named(Form::Code(&NO_STATE), Form::Paragraph, 0..=PARTS_MOST);
static STATE_EFFECTS: Table = named(CODE, Form::Words(effects));
static STEPS: Table = some_named(CODE, Form::Table(&STEP), 0..=PARTS_MOST);

/// The keys of `open` and of a step that have to stand, unless the library's stand already.
pub(crate) const OPEN_MUST: [&str; 2] = ["by", "to"];
pub(crate) const STEP_MUST: [&str; 2] = ["from", "by"];
/// The same of a procedure.
pub(crate) const PROCEDURE_MUST: [&str; 2] = ["title", "open"];

static OPEN: Table = table(&[
    BASIS,
    may("by", DECIDERS, "Who opens it."),
    may("to", CODE, "The state that it begins in: one of `states`, `rests` or `ends`."),
    may("due", DUE, "Until when it may be opened, by a time in one of its fields."),
]);

/// A step.
pub(crate) static STEP: Table = Table {
    rules: &[Rule::NotBoth("to", "choice"), Rule::NotBoth("due", "until")],
    ..table(&[
        BASIS,
        may("says", Form::Paragraph, "What whoever takes it is told."),
        may("from", Form::OneOrList { of: &CODE, least: 1, once: true }, "The states that it is possible in; `any` is all but ends."),
        may("by", DECIDERS, "Who acts. Of a set, any may; with `all of`, `most of` or a number each speaks with one voice."),
        may("to", CODE, "The state that it leads to, or `stay`."),
        may(
            "choice",
            Form::Table(&CHOICE),
            "What may be chosen, and the state that each choice leads to, or `stay`.",
        ),
        may("split", CODE, "The state that it leads to if those who decide do not agree."),
        may("due", DUE, "Until when somebody is asked; a late answer is taken, and marked."),
        may("until", DUE, "Until when a right lasts that nobody is pressed to use."),
        may(
            "carriage",
            ANY_LENGTH,
            "From due to close: the way of a stick; that of the calendar if left out.",
        ),
        may(
            "silence",
            Form::Either(&[
                Form::Words(|| vec![(NOTED, "it is written down that nobody answered, and nothing else happens")]),
                Form::OneKey(&SILENCE),
            ]),
            "What silence does: it is noted, or leads to a state. It is never an admission, and never a finding.",
        )
        .or(Default::Text(NOTED)),
        may("word", Form::Line, "The text's own word for the length of the clock."),
        may("fields", CODES, "Fields that it may fill or change; an optional one comes with it, and is not given by who opens."),
        may(
            "must",
            Form::Either(&[CODES, Form::Table(&MUST)]),
            "Those of them that the first voice has to give, whatever is chosen or by choice.",
        ),
        may(
            "opens",
            Form::Either(&[CODE, Form::Table(&CHOICE)]),
            "The kind of matter that it opens, whatever is chosen or by choice.",
        ),
        may("eyes", SOME, "How many officers sign.").or(Default::Count(1)),
        may("own_hand", Form::Flag, "Whether it can't be transcribed.").or(Default::Flag(false)),
        may("files", Form::Words(files), "Whether it needs an exhibit."),
    ])
};
static CHOICE: Table = named(CODE, CODE);
static MUST: Table = named(CODE, CODES);
static SILENCE: Table = table(&[
    may(Promise::Proceed.as_str(), CODE, "It goes on without the silent one, in this state."),
    may(
        Promise::Escalate.as_str(),
        CODE,
        "It goes to others, who can act in this state and could not before.",
    ),
    may(
        Promise::Adopt.as_str(),
        CODE,
        "The text or plan (`adopts`) counts as agreed, and this state says so.",
    ),
    may(Promise::Lapse.as_str(), CODE, "It ends, in this state."),
]);
static DUE_BY: Table = Table {
    names: Some(Names { name: CODE, value: Form::Phrase, number: 0..=usize::MAX }),
    ..table(&[
        must("of", CODE, "The field of codes that says which clock runs."),
        may("other", Form::Phrase, "The clock of all codes that have none here."),
    ])
};
