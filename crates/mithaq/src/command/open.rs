//! `mithaq open`: a matter is opened, with prompts made from its procedure.

use act::body::{self, Tier, Transcribed};
use act::value::StrandName;
use docket::v1::matter::product;
use instrument::procedure::Tier as ProcedureTier;
use instrument::{Instrument, Procedure};
use node::form::{self, Form, may_open};
use terms::{Code, ParticipantId};

use super::act::word;
use super::matter::Answers;
use super::place::told_before;
use crate::ask::{Asker, Choice, chosen, chosen_all};
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::resolve;
use crate::say;
use crate::session;
use crate::show::table::print_talk;

/// `mithaq open`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  mithaq open
  mithaq open incident
  mithaq open incident --field kind=fire --field 'time=2026-01-13 06:20' \\
    --field 'place=10.25, -39.9' --field reported-grade=serious --file report.txt --yes

At a terminal it asks for what is missing, shows what follows, and signs once that was agreed to.
A time without `UTC` behind it is in the instrument's zone; a place is written down as coarsely as
was agreed. What people wrote goes into files, which are sealed.")]
pub struct Args {
    /// The kind of matter, as `incident`, or the capitals of its references, as `INC`.
    #[arg(value_name = "KIND")]
    kind: Option<String>,
    /// On record, or without prejudice, where the procedure leaves the choice.
    #[arg(long, value_name = "TIER", value_parser = word::<Tier>)]
    tier: Option<Tier>,
    #[command(flatten)]
    answers: Answers,
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    let mut node = session::node(globals)?;
    let mut asker = args.answers.asker();
    let now = session::now(globals)?;
    let instrument = node.docket().instrument().clone();
    let actor = args.answers.actor(&node)?;
    let Some((kind, procedure)) = kind(args, &actor, &instrument, &mut asker)? else {
        asker.complete()?;
        return Ok(Exit::Good);
    };
    if !may_open(&instrument, &actor, &procedure.open.by) && !args.answers.anyway() {
        let message = format!("`{kind}` is not for `{actor}` to open");
        return Err(Failure::new(Exit::Refused, "mithaq::not_yours", message)
            .help(format!("it belongs to {}", procedure.open.by))
            .help(format!("`{actor}` can open {}", say::or(&openable(&instrument, &actor)))));
    }
    if let Some(says) = &procedure.says {
        asker.say(says);
    }
    let tier = tier(args, procedure, &mut asker)?;
    let mut form = Form::of_opening(node.docket(), procedure, actor.clone(), now);
    let filled = args.answers.fill(&mut asker, &form::of_opening(procedure), &mut form)?;
    for line in told_before(&node, &instrument, &filled.fields) {
        asker.say(&line);
    }
    let strands = strands(args, procedure, &filled.fields, &mut asker, &instrument)?;
    let files = args.answers.choose_files(&node, &mut asker, (procedure, &form), false)?;
    let signing = args.answers.agreed(&node, &mut asker, 1)?;
    let files = files.seal(&node, &signing)?;
    let open = body::Open { procedure: kind.clone(), tier, fields: filled.fields, strands, files };
    let is_drafted = signing.draft.is_some();
    let body = args.answers.body(actor, Transcribed::Open(open));
    let exit = args.answers.sign(&mut node, &asker, &signing, (body, &filled.annexes), globals)?;
    if !is_drafted && !globals.json {
        print_talk(
            "its reference comes once witnesses have cosigned it and a mark says so; nobody has to sign anything more for \
             that. Until then `mithaq show`, with the entry or the id of the act, has it",
            0,
        );
    }
    Ok(exit)
}

/// Which kind of matter, if it is said or somebody can be asked.
fn kind<'i>(
    args: &Args,
    actor: &ParticipantId,
    instrument: &'i Instrument,
    asker: &mut Asker,
) -> Result<Option<(&'i Code, &'i Procedure)>, Failure> {
    if let Some(kind) = &args.kind {
        return resolve::kind(instrument, kind).map(Some);
    }
    if !asker.asks() {
        asker.lacks("the kind of matter, as `incident`: `mithaq list` has them");
        return Ok(None);
    }
    let own: Vec<(&Code, &Procedure)> = instrument
        .procedures
        .iter()
        .filter(|(_, procedure)| may_open(instrument, actor, &procedure.open.by))
        .collect();
    let choices: Vec<Choice> = own
        .iter()
        .map(|(name, procedure)| Choice { word: name.to_string(), means: procedure.title.clone() })
        .collect();
    asker.say("What is opened, by number or word?");
    asker.list(&choices);
    let place = asker.until("kind", |typed| {
        let capitals = own.iter().position(|(_, procedure)| procedure.reference.eq_ignore_ascii_case(typed));
        capitals.map_or_else(|| chosen(typed, &choices), Ok)
    })?;
    Ok(Some(own[place]))
}

fn openable(instrument: &Instrument, actor: &ParticipantId) -> Vec<String> {
    let all = instrument.procedures.iter();
    all.filter(|(_, procedure)| may_open(instrument, actor, &procedure.open.by))
        .map(|(name, _)| format!("`{name}`"))
        .collect()
}

/// The tier, which is chosen before anything is typed (PRACTICE N16).
fn tier(args: &Args, procedure: &Procedure, asker: &mut Asker) -> Result<Option<Tier>, Failure> {
    if args.tier.is_some() || procedure.tiers.len() < 2 || !asker.asks() {
        return Ok(args.tier);
    }
    let choices: Vec<Choice> = procedure
        .tiers
        .iter()
        .map(|tier| match tier {
            ProcedureTier::Record => Choice { word: "record".to_owned(), means: "on record".to_owned() },
            ProcedureTier::WithoutPrejudice => Choice {
                word: "without-prejudice".to_owned(),
                means: "only to those who took part; nobody cites it; that it was stays on record".to_owned(),
            },
        })
        .collect();
    asker.say("");
    let place = asker.choose("tier", &choices)?;
    Ok(Some(match procedure.tiers[place] {
        ProcedureTier::Record => Tier::Record,
        ProcedureTier::WithoutPrejudice => Tier::WithoutPrejudice,
    }))
}

/// Which lives the matter has: all pairs, unless fewer are named.
fn strands(
    args: &Args,
    procedure: &Procedure,
    fields: &act::value::Fields,
    asker: &mut Asker,
    instrument: &Instrument,
) -> Result<Vec<StrandName>, Failure> {
    let all = product(procedure, fields);
    let named = args.answers.named_strands()?;
    if let Some(unknown) = named.iter().find(|name| !all.contains(name)) {
        let known: Vec<&str> = all.iter().map(StrandName::as_str).collect();
        return Err(Failure::usage(
            "mithaq::unknown",
            format!("there is no `{unknown}` in what the fields say"),
        )
        .help(format!("there is {}", known.join(", "))));
    }
    if !named.is_empty() || procedure.strands.len() < 2 || all.len() < 2 || !asker.asks() {
        return Ok(named);
    }
    let choices: Vec<Choice> = all
        .iter()
        .map(|name| Choice { word: name.to_string(), means: say::strand(instrument, procedure, name) })
        .collect();
    asker.say("");
    asker.say("Each of these has a life of its own. Which, by number or word, with commas? Enter for all.");
    asker.list(&choices);
    asker.until("lives", |typed| {
        Ok(chosen_all(typed, &choices)?.into_iter().map(|place| all[place].clone()).collect())
    })
}
