//! Other values for fields of an entry of one's own.

use std::borrow::Cow;
use std::collections::BTreeMap;

use act::body::{self, Transcribed};
use act::value::{FieldValue, Fields, MatterRef};
use act::{Act, Body};
use docket::v1::Matter;
use instrument::procedure::Field;
use node::form::{Form, of_correction};
use terms::Code;

use super::field;
use super::given;
use crate::ask::Asker;
use crate::cli::Globals;
use crate::command::act::write::{Signing, Usual, act};
use crate::failure::{Exit, Failure};
use crate::resolve;
use crate::say;
use crate::session;

/// `mithaq act correct`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq act correct 41 --field reported-grade=significant

Only while nothing has moved the matter since; never a text, and never what several decided. Corrected shows first; what it
was stays on record beside it.")]
pub(crate) struct Correct {
    /// The entry: its index, or the id of its act.
    #[arg(value_name = "ENTRY")]
    entry: String,
    /// A field and its new value; again for each field.
    #[arg(long, value_name = "NAME=VALUE", required = true)]
    field: Vec<String>,
    /// Signs without asking once more.
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    signing: Signing,
}

pub(crate) fn run(args: &Correct, globals: &Globals) -> Result<Exit, Failure> {
    let mut node = session::node(globals)?;
    let entry = resolve::act(&node, &args.entry)?;
    let (index, found) = node.find(&entry)?;
    let named = match found.body() {
        Body::Open(_) => Some(MatterRef::Opened(entry)),
        body => body.matter(),
    };
    let matter = named.and_then(|named| node.docket().settlement().matter(&named)).map(|(_, matter)| matter);
    let matter = matter.ok_or_else(|| {
        if matches!(found.body(), Body::Open(_)) && index >= node.docket().timeline().settled() {
            let message = format!("`{}` has no effect yet: it is on its way", args.entry);
            return Failure::usage("mithaq::unknown", message)
                .help("it is corrected once witnesses have cosigned it and a mark says so");
        }
        Failure::usage("mithaq::unknown", format!("`{}` says nothing in a matter that is here", args.entry))
            .help("what opened a matter can be corrected, and what was said in one")
    })?;
    let known = correctable(&found, matter);
    // As the first strand sees them that stands where the entry led it.
    let led = matter.strands.iter().find(|(_, strand)| strand.cause == Some(index));
    let stands = led.map_or(Cow::Borrowed(&matter.fields), |(name, _)| matter.fields_of(name));
    let mut form = Form::of_step(node.docket(), matter, &[], session::now(globals)?);
    form.fields = stands.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    let mut fields = Fields::new();
    for (name, text) in given(&args.field, &known)? {
        let read = field::read(&form, &name, known[&name], &text);
        let (value, _) = read
            .map_err(|why| Failure::usage("mithaq::field", format!("`{name}` can't be `{text}`: {why}")))?;
        form.learn(&name, &value);
        fields.insert(name, value);
    }
    let asker = Asker::new(false);
    if asker.asks() && !args.yes {
        let said = |name: &Code, value: &FieldValue| {
            say::value::value(node.docket(), known.get(name).copied(), value)
        };
        for (name, value) in &fields {
            let was = stands.get(name).map_or_else(|| "nothing".to_owned(), |was| said(name, was));
            asker.say(&format!("{name}: {}, instead of {was}", said(name, value)));
        }
        asker.say("What it was stays on record beside it.");
        asker.agreed("sign it? yes or no")?;
    }
    let body = body::Correct { matter: matter.id, entry, fields };
    act(&mut node, &args.signing, Usual::Officer, Body::Correct(body), globals)
}

/// The fields of an entry that can have other values.
fn correctable<'m>(found: &Act, matter: &'m Matter) -> BTreeMap<&'m Code, &'m Field> {
    let step = match found.body() {
        Body::Open(_) => None,
        Body::Step(step) => Some(&step.step),
        Body::Transcribe(transcribe) => match &transcribe.what {
            Transcribed::Open(_) => None,
            Transcribed::Step(step) => Some(&step.step),
        },
        _ => return BTreeMap::new(),
    };
    of_correction(matter, step).iter().map(|asked| (asked.name, asked.field)).collect()
}
