//! `mithaq step`: a step is taken in a matter, with prompts made from its procedure.

use std::collections::BTreeSet;

use act::body::{self, Transcribed};
use act::value::StrandName;
use docket::v1::{Matter, MatterKey};
use docket::view::{May, asks, asks_in, steps_for};
use instrument::procedure::{Leads, Step};
use node::Node;
use node::form::{self, Form};
use terms::{Code, ParticipantId};

use super::due::is_pressing;
use super::matter::Answers;
use super::place::told_before;
use crate::ask::{Asker, Choice};
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::resolve;
use crate::say;
use crate::session;
use crate::show::time::utc;

/// `mithaq step`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  mithaq step
  mithaq step CASE-26-0001-K
  mithaq step CASE-26-0001-K acknowledge --yes
  mithaq step CASE-26-0001-K respond --choice deny --file answer.txt \\
    --by liaison-1 --by legal-1 --yes

At a terminal it asks for what is missing, shows what follows, and signs once that was agreed to.
Relief and corrections are acts of their own: `mithaq act`.")]
pub struct Args {
    /// The matter: its reference, the index of the entry that opened it, or the id of that act.
    #[arg(value_name = "REF")]
    matter: Option<String>,
    /// The step, as `respond`.
    #[arg(value_name = "STEP")]
    step: Option<String>,
    /// Which of its choices, as `deny`.
    #[arg(long, value_name = "CHOICE")]
    choice: Option<String>,
    #[command(flatten)]
    answers: Answers,
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    let mut node = session::node(globals)?;
    let mut asker = args.answers.asker();
    let now = session::now(globals)?;
    let actor = args.answers.actor(&node)?;
    let Some(key) = matter(args, (&node, &actor), &mut asker, now)? else {
        asker.complete()?;
        return Ok(Exit::Good);
    };
    let unknown = || Failure::usage("mithaq::unknown", "there is no such matter");
    let matter = node.docket().settlement().matters().get(&key).ok_or_else(unknown)?.clone();
    let Some(step) = step(args, (&node, &actor), (key, &matter), &mut asker, now)? else {
        asker.complete()?;
        return Ok(Exit::Good);
    };
    let rule = matter.procedure.step(&step).ok_or_else(unknown)?;
    if let Some(says) = &rule.says {
        asker.say(says);
    }
    let strands = strands(args, (&node, &actor), key, (&matter, &step), &mut asker)?;
    let choice = choice(args, &matter, rule, &mut asker)?;
    let mut form = Form::of_step(node.docket(), &matter, &strands, now);
    let asked = form::of_step(&matter, &step, rule, choice.as_ref(), &strands);
    let filled = args.answers.fill(&mut asker, &asked, &mut form)?;
    for line in told_before(&node, &matter.law.instrument, &filled.fields) {
        asker.say(&line);
    }
    let files = args.answers.choose_files(&node, &mut asker, (&matter.procedure, &form), rule.needs_file)?;
    let signing = args.answers.agreed(&node, &mut asker, rule.eyes)?;
    let files = files.seal(&node, &signing)?;
    let step = body::Step { matter: matter.id, strands, step, choice, fields: filled.fields, files };
    let body = args.answers.body(actor, Transcribed::Step(step));
    args.answers.sign(&mut node, &asker, &signing, (body, &filled.annexes), globals)
}

/// Which matter, if it is said or somebody can be asked.
fn matter(
    args: &Args,
    (node, actor): (&Node, &ParticipantId),
    asker: &mut Asker,
    now: terms::Instant,
) -> Result<Option<MatterKey>, Failure> {
    let replay = node.docket();
    if let Some(named) = &args.matter {
        return resolve::matter(replay, named).map(Some);
    }
    if !asker.asks() {
        asker.lacks("the matter, by its reference: `mithaq due` says what is asked");
        return Ok(None);
    }
    let mut asked: Vec<(MatterKey, Choice)> = Vec::new();
    for ask in asks(replay, now).iter().filter(|ask| is_pressing(ask) && ask.of.contains(actor)) {
        if asked.iter().all(|(key, _)| *key != ask.key) {
            let when = ask.when(replay);
            let means = format!("{}: {}, by {}", ask.matter.procedure.title, ask.step, utc(when));
            asked.push((ask.key, Choice { word: ask.matter.reference.to_string(), means }));
        }
    }
    let (keys, choices): (Vec<MatterKey>, Vec<Choice>) = asked.into_iter().unzip();
    if choices.is_empty() {
        asker.say("Nothing is asked of you. In which matter, by its reference?");
    } else {
        asker.say("In which matter, by number or reference? These ask something of you:");
        asker.list(&choices);
    }
    asker
        .until("matter", |typed| match crate::ask::chosen(typed, &choices) {
            Ok(place) => Ok(keys[place]),
            Err(_) => resolve::matter(replay, typed).map_err(|failure| failure.message),
        })
        .map(Some)
}

/// Which step, if it is said or somebody can be asked.
fn step(
    args: &Args,
    (node, actor): (&Node, &ParticipantId),
    (key, matter): (MatterKey, &Matter),
    asker: &mut Asker,
    now: terms::Instant,
) -> Result<Option<Code>, Failure> {
    let may = steps_for(node.docket(), key, actor);
    let mut own: Vec<&Code> = Vec::new();
    for one in &may {
        if !own.contains(&one.step) {
            own.push(one.step);
        }
    }
    if let Some(named) = &args.step {
        let known = Code::new(named).filter(|code| matter.procedure.step(code).is_some());
        let Some(code) = known else {
            let names = || matter.procedure.steps.iter().map(|(name, _)| name.as_str());
            let failure = Failure::usage(
                "mithaq::unknown_step",
                format!("there is no step `{named}` in {}, {}", matter.reference, matter.procedure.title),
            );
            return Err(match resolve::nearest(named, names()) {
                Some(guess) => failure.help(format!("did you mean `{guess}`?")),
                None => failure.help(format!("there is {}", names().collect::<Vec<_>>().join(", "))),
            });
        };
        if !own.contains(&&code) && !args.answers.anyway() {
            return Err(not_yours(actor, matter, &code, &own));
        }
        return Ok(Some(code));
    }
    if own.is_empty() {
        let message = format!("`{actor}` can take no step in {} now", matter.reference);
        return Err(Failure::new(Exit::Refused, "mithaq::not_yours", message)
            .help(format!("`mithaq show {}` says how it stands", matter.reference)));
    }
    if !asker.asks() {
        let names: Vec<String> = own.iter().map(|name| format!("`{name}`")).collect();
        asker.lacks(format!("the step: {}", say::or(&names)));
        return Ok(None);
    }
    let asked = asks_in(node.docket(), now, key);
    let choices: Vec<Choice> = own
        .iter()
        .map(|name| {
            let ask = asked.iter().find(|ask| ask.step == *name && ask.of.contains(actor));
            let by = ask.map(|ask| {
                let verb = if ask.is_right() { "until" } else { "asked by" };
                format!("{verb} {}", utc(ask.when(node.docket())))
            });
            let says = matter.procedure.step(name).and_then(|rule| rule.says.clone());
            let means: Vec<String> = says.into_iter().chain(by).collect();
            Choice { word: name.to_string(), means: means.join(" ") }
        })
        .collect();
    for (name, life) in matter.strands.iter() {
        let first = say::strand_first(matter, name);
        asker.say(&format!("{first}`{}`. {}", life.state, say::state(&matter.procedure, &life.state)));
    }
    asker.say("");
    asker.say("Which step, by number or word?");
    let place = asker.choose("step", &choices)?;
    Ok(Some(own[place].clone()))
}

/// Whose step it is, and what can be done instead (PRACTICE §5, *Empty states*).
fn not_yours(actor: &ParticipantId, matter: &Matter, step: &Code, own: &[&Code]) -> Failure {
    let message = format!("`{step}` in {} is not for `{actor}` to take now", matter.reference);
    let mut failure = Failure::new(Exit::Refused, "mithaq::not_yours", message);
    if let Some(rule) = matter.procedure.step(step) {
        let from = match &rule.from {
            instrument::procedure::From::Any => "in any state but ends".to_owned(),
            instrument::procedure::From::States(states) => {
                let states: Vec<String> = states.iter().map(|state| format!("`{state}`")).collect();
                format!("in {}", say::or(&states))
            }
        };
        let vacant = |_: &ParticipantId| false;
        let who: BTreeSet<_> =
            matter.strands.keys().flat_map(|strand| matter.asked(&rule.by, strand, &vacant)).collect();
        let who = say::labels(&matter.law.instrument, &who).join(", ");
        failure = failure.help(format!("it belongs to {} ({who}), {from}", rule.by));
    }
    let own: Vec<String> = own.iter().map(|name| format!("`{name}`")).collect();
    failure.help(match own.as_slice() {
        [] => "there is no other step to take now".to_owned(),
        own => format!("you can: {}", own.join(", ")),
    })
}

/// In which lives of the matter the step is taken.
fn strands(
    args: &Args,
    (node, actor): (&Node, &ParticipantId),
    key: MatterKey,
    (matter, step): (&Matter, &Code),
    asker: &mut Asker,
) -> Result<Vec<StrandName>, Failure> {
    let named = args.answers.named_strands()?;
    if let Some(unknown) = named.iter().find(|name| !matter.strands.contains_key(name)) {
        let known: Vec<&str> = matter.strands.keys().map(StrandName::as_str).collect();
        let message = format!("there is no `{unknown}` in {}", matter.reference);
        return Err(Failure::usage("mithaq::unknown", message).help(format!("there is {}", known.join(", "))));
    }
    if !named.is_empty() || matter.strands.len() == 1 {
        return Ok(named);
    }
    let may: Vec<May<'_>> = steps_for(node.docket(), key, actor);
    let possible: Vec<&StrandName> =
        may.iter().filter(|one| one.step == step).map(|one| one.strand).collect();
    if let [one] = possible.as_slice() {
        return Ok(vec![(*one).clone()]);
    }
    if !asker.asks() {
        let names: Vec<&str> = possible.iter().map(|name| name.as_str()).collect();
        asker.lacks(format!("`--strand`, again for each: {}", names.join(", ")));
        return Ok(Vec::new());
    }
    let choices: Vec<Choice> = possible
        .iter()
        .map(|name| Choice {
            word: name.to_string(),
            means: say::strand(&matter.law.instrument, &matter.procedure, name),
        })
        .collect();
    asker.say("");
    asker.say("For which, by number or word, with commas? Enter for all.");
    asker.list(&choices);
    asker.until("for", |typed| {
        if typed.is_empty() {
            return Ok(possible.iter().map(|name| (*name).clone()).collect());
        }
        let places = crate::ask::chosen_all(typed, &choices)?;
        Ok(places.into_iter().map(|place| possible[place].clone()).collect())
    })
}

/// Which choice, if the step has any.
fn choice(args: &Args, matter: &Matter, rule: &Step, asker: &mut Asker) -> Result<Option<Code>, Failure> {
    let Leads::Choice(all) = &rule.leads else {
        return match &args.choice {
            None => Ok(None),
            Some(choice) => {
                Err(Failure::usage("mithaq::unknown_choice", format!("there is no choice `{choice}` here"))
                    .help("this step has no choices"))
            }
        };
    };
    let choices: Vec<Choice> = all
        .iter()
        .map(|(name, to)| Choice {
            word: name.to_string(),
            means: match to {
                Some(to) => format!("`{to}`: {}", say::state(&matter.procedure, to)),
                None => "nothing moves, and no time begins anew".to_owned(),
            },
        })
        .collect();
    if let Some(named) = &args.choice {
        // A number stands for nothing where no list was shown.
        let place = choices.iter().position(|choice| choice.word.eq_ignore_ascii_case(named));
        return match place {
            Some(place) => Ok(Some(all[place].0.clone())),
            None => {
                let failure =
                    Failure::usage("mithaq::unknown_choice", format!("there is no choice `{named}` here"));
                let names = || choices.iter().map(|choice| choice.word.as_str());
                Err(match resolve::nearest(named, names()) {
                    Some(guess) => failure.help(format!("did you mean `{guess}`?")),
                    None => failure.help(format!("there is {}", names().collect::<Vec<_>>().join(", "))),
                })
            }
        };
    }
    if !asker.asks() {
        let names: Vec<String> = choices.into_iter().map(|choice| format!("`{}`", choice.word)).collect();
        asker.lacks(format!("`--choice`: {}", say::or(&names)));
        return Ok(None);
    }
    asker.say("");
    asker.say("Which choice, by number or word?");
    let place = asker.choose("choice", &choices)?;
    Ok(Some(all[place].0.clone()))
}
