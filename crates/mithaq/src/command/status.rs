//! `mithaq status`: what this node holds, whether it is whole, what waits.

use act::{Act, Body, Entry};
use docket::v1::Replay;
use docket::v1::exhibit::Exhibit;
use docket::view::{Ask, Standing, asks};
use node::Node;
use node::disk::Disk;
use serde_json::{Value, json};
use terms::{Instant, Item, Kind, Seconds, VoiceName};

use super::due::is_pressing;
use super::notice::{Due, due, notices};
use super::verify::folder;
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::say::{self, erasure};
use crate::session;
use crate::show::text::{count, number, safe};
use crate::show::time::{length, utc};

/// `mithaq status`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  mithaq status

Exit code 0: it is whole; 1: something is wrong; 3: it can't be decided, or nothing is final yet.")]
pub struct Args {
    /// Does not check the whole folder: for large registers, between checks.
    #[arg(long)]
    quick: bool,
}

/// How soon something is to be erased that is named here.
const ERASURE_WITHIN: Seconds = Seconds::days(7);

/// Something that waits, the most urgent first.
struct Waits {
    due: Option<Due>,
    what: String,
    /// Whether what was waited for is done, and has no effect yet.
    on_its_way: bool,
}

impl Waits {
    const fn new(due: Option<Due>, what: String) -> Waits {
        Waits { due, what, on_its_way: false }
    }

    const fn on_its_way(what: String) -> Waits {
        Waits { due: None, what, on_its_way: true }
    }
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    let node = session::node(globals)?;
    let now = session::now(globals)?;
    let report =
        (!args.quick).then(|| folder::check(&Disk::at(&globals.data), &audit::Expected::Any, None).report);
    let waits = waits(&node, now)?;
    if globals.json {
        println!("{:#}", value(&node, report.as_ref(), &waits)?);
    } else {
        print(&node, report.as_ref(), &waits, now)?;
    }
    Ok(report.map_or(Exit::Good, |report| folder::exit(report.verdict())))
}

fn roles(node: &Node) -> Vec<&'static str> {
    let settings = node.settings();
    let mut roles = vec![if settings.registrar { "registrar" } else { "mirror" }];
    if settings.witness.is_some() {
        roles.push("witness");
    }
    if settings.intake.is_some() {
        roles.push("intake");
    }
    roles
}

fn print(node: &Node, report: Option<&audit::Report>, waits: &[Waits], now: Instant) -> Result<(), Failure> {
    let replay = node.docket();
    for waiting in waits {
        let due = waiting.due.map(|due| format!(", due {}", due.said(now))).unwrap_or_default();
        let word = if waiting.on_its_way { "on its way" } else { "waits" };
        println!("{word}: {}{due}", safe(&waiting.what));
    }
    if waits.iter().all(|waiting| waiting.on_its_way) {
        println!("Nothing is asked of {}.", node.me());
    }
    println!();
    println!("{}", safe(&replay.instrument().name));
    println!("  register  {}", node.origin());
    println!("  by voice  {}", VoiceName::of(&node.genesis()));
    println!("  node      {}, {}", node.me(), roles(node).join(", "));
    println!("  entries   {}, {} final", number(node.size()), number(node.cosigned()?));
    println!("  marks     {}", marks(replay, now));
    match report {
        None => println!("Not checked this time."),
        Some(report) => {
            println!(
                "  sealed    {}, {}",
                count(report.counts.sealed, "file", "files"),
                count(report.counts.grants, "grant", "grants")
            );
            if let Some(line) = folder::state_line(report) {
                println!("{line}");
            }
            folder::conclude(report);
        }
    }
    Ok(())
}

/// When the last mark was, and whether the register is silent (DESIGN §3, promise 3).
fn marks(replay: &Replay, now: Instant) -> String {
    let heartbeat = replay.instrument().calendar.heartbeat;
    match replay.timeline().last() {
        None => "none yet".to_owned(),
        Some(last) => {
            let age = now.since(last);
            let silent = if age.0 > 3 * heartbeat.0 {
                format!("; silent: no mark in three heartbeats of {}", length(heartbeat.0))
            } else {
                String::new()
            };
            format!("{}, the last of {}{silent}", number(replay.timeline().count()), utc(last))
        }
    }
}

fn waits(node: &Node, now: Instant) -> Result<Vec<Waits>, Failure> {
    let pending: Vec<Act> = node.on_their_way()?.into_iter().map(|pending| pending.act).collect();
    let mut waits = Vec::new();
    wait_for_notices(node, &pending, now, &mut waits);
    wait_for_steps(node, &pending, now, &mut waits);
    wait_for_exhibits(node, &pending, &mut waits);
    wait_for_erasure(node, &pending, now, &mut waits);
    let queued = node.queued()?.len() as u64;
    if queued > 0 {
        let what = format!("{} to be carried to the registrar", count(queued, "act", "acts"));
        waits.push(Waits::new(None, what));
    }
    let unsettled = unsettled(node)?;
    if node.settings().registrar && unsettled > 0 {
        let what = format!("{} to be cosigned", count(unsettled, "entry", "entries"));
        waits.push(Waits::new(None, what));
    }
    waits.sort_by_key(|waiting| (waiting.on_its_way, waiting.due.is_none(), waiting.due.map(Due::instant)));
    Ok(waits)
}

/// What was taken back waits for nothing.
fn wait_for_notices(node: &Node, pending: &[Act], now: Instant, waits: &mut Vec<Waits>) {
    let me = node.me();
    for notice in notices(node).filter(|notice| !notice.disowned) {
        for (who, strand) in notice.strands.iter() {
            let open = matches!(strand.state.as_str(), "sent" | "not-acknowledged");
            let mine = who.as_str() == me.as_str();
            if !open || !(mine || notice.opener == *me) {
                continue;
            }
            let acknowledges = |act: &Act| {
                matches!(act.body(), Body::Step(step) if step.matter == notice.id
                    && step.step.as_str() == "acknowledge" && step.strands.contains(who))
            };
            let due = due(node, notice, who);
            waits.push(match (pending.iter().any(acknowledges), mine) {
                (true, true) => Waits::on_its_way(format!("{} is acknowledged", notice.reference)),
                (true, false) => Waits::on_its_way(format!("{} is acknowledged by {who}", notice.reference)),
                (false, true) => {
                    Waits::new(due, format!("{} of {} to be acknowledged", notice.reference, notice.opener))
                }
                (false, false) => {
                    let due = due.filter(|due| due.instant() > now);
                    Waits::new(due, format!("{} is not acknowledged by {who}", notice.reference))
                }
            });
        }
    }
}

/// What other matters ask of this participant; notices have words of their own.
fn wait_for_steps(node: &Node, pending: &[Act], now: Instant, waits: &mut Vec<Waits>) {
    let asked = asks(node.docket(), now);
    let mine = asked.iter().filter(|ask| {
        let notice = ask.matter.kind.as_str() == "notice";
        is_pressing(ask)
            && say::is_pressed(ask.rule)
            && ask.of.contains(node.me())
            && !ask.matter.disowned
            && !notice
    });
    for ask in mine {
        let takes = |act: &Act| {
            matches!(act.body(), Body::Step(step) if step.matter == ask.matter.id && step.step == *ask.step
                && (step.strands.is_empty() || step.strands.contains(ask.strand)))
                && act.head().by.participant() == Some(node.me())
        };
        let what = say::ask::what(ask);
        waits.push(if pending.iter().any(takes) {
            Waits::on_its_way(what)
        } else {
            Waits::new(due_of(node, ask), what)
        });
    }
}

/// By when a step is due, if that is known.
fn due_of(node: &Node, ask: &Ask<'_>) -> Option<Due> {
    match &ask.standing {
        Standing::Unserved(waits) => {
            let deemed = waits.iter().map(|(_, at)| *at).max()?;
            let due = ask.when(node.docket());
            (due != Instant::LAST).then_some(Due::AtLatest { deemed, due })
        }
        _ => ask.clock.times.map(|times| Due::At(times.due)),
    }
}

fn wait_for_exhibits(node: &Node, pending: &[Act], waits: &mut Vec<Waits>) {
    let me = node.me();
    let mut exhibits: Vec<(&Item, &Exhibit)> = node.docket().settlement().exhibits().iter().collect();
    exhibits.sort_by(|(_, a), (_, b)| a.reference.cmp(&b.reference));
    for (item, exhibit) in exhibits.into_iter().filter(|(_, exhibit)| !exhibit.disowned) {
        let reference = &exhibit.reference;
        let says = |is: &dyn Fn(&Body) -> bool| {
            pending.iter().any(|act| act.head().by.participant() == Some(me) && is(act.body()))
        };
        let granted = exhibit.granted.contains_key(me) && exhibit.filer != *me;
        let done = exhibit.opened.contains_key(me)
            || exhibit.challenged.contains_key(me)
            || !exhibit.destroyed.is_empty();
        if granted && !done {
            waits.push(if says(&|body| matches!(body, Body::Opened(opened) if opened.exhibit == *item)) {
                Waits::on_its_way(format!("{reference} is opened"))
            } else if says(&|body| matches!(body, Body::Challenge(said) if said.exhibit == *item)) {
                Waits::on_its_way(format!("{reference} is challenged"))
            } else {
                let what = format!("{reference} of {} was granted, and is not opened", exhibit.filer);
                Waits::new(None, what)
            });
        }
        for (who, challenge) in exhibit.challenged.iter() {
            if exhibit.filer == *me
                && challenge.upheld.is_none_or(|(upheld, _)| upheld)
                && !exhibit.is_mended(who)
            {
                let mends = |body: &Body| matches!(body, Body::Grant(grant) if grant.exhibit == *item);
                waits.push(if says(&mends) {
                    Waits::on_its_way(format!("{reference}, challenged by {who}, is granted anew"))
                } else {
                    let what =
                        format!("{reference} is challenged by {who}: mend it, or let the arbiter rule");
                    Waits::new(None, what)
                });
            }
        }
    }
}

/// What was without prejudice, and is to be destroyed here soon.
fn wait_for_erasure(node: &Node, pending: &[Act], now: Instant, waits: &mut Vec<Waits>) {
    let me = node.me();
    let soon = erasure::all(node.docket()).into_iter();
    for one in soon.filter(|one| one.by <= now.plus(ERASURE_WITHIN) && one.holders.contains(me)) {
        let destroys = |act: &Act| {
            let exhibits = node.docket().settlement().exhibits();
            let same =
                |item| exhibits.get(item).is_some_and(|exhibit| exhibit.reference == one.exhibit.reference);
            matches!(act.body(), Body::Destroy(destroy) if same(&destroy.exhibit))
                && act.head().by.participant() == Some(me)
        };
        let reference = &one.exhibit.reference;
        waits.push(if pending.iter().any(destroys) {
            Waits::on_its_way(format!("{reference}, without prejudice, is destroyed"))
        } else {
            Waits::new(Some(Due::At(one.by)), format!("{reference}, without prejudice, is to be destroyed"))
        });
    }
}

/// How many entries wait for a mark that a quorum has cosigned. Marks alone wait for nothing.
fn unsettled(node: &Node) -> Result<u64, Failure> {
    let mut unsettled = 0;
    for index in node.docket().timeline().settled()..node.size() {
        let is_mark = Entry::parse(&node.entry(index)?).is_ok_and(|entry| entry.act().kind() == Kind::Mark);
        unsettled += u64::from(!is_mark);
    }
    Ok(unsettled)
}

fn value(node: &Node, report: Option<&audit::Report>, waits: &[Waits]) -> Result<Value, Failure> {
    let replay = node.docket();
    Ok(json!({
        "participant": node.me(), "roles": roles(node), "origin": node.origin(),
        "voice": VoiceName::of(&node.genesis()).to_string(), "exercise": replay.is_exercise(),
        "entries": node.size(), "final": node.cosigned()?,
        "marks": replay.timeline().count(), "last-mark": replay.timeline().last(),
        "waits": waits.iter().filter(|w| !w.on_its_way).map(|w| json!({"what": w.what,
            "due": w.due.map(Due::instant), "at-the-latest": matches!(w.due, Some(Due::AtLatest { .. }))}))
            .collect::<Vec<_>>(),
        "on-their-way": waits.iter().filter(|w| w.on_its_way).map(|w| w.what.as_str()).collect::<Vec<_>>(),
        "verdict": report.map(|report| folder::word(report.verdict())),
        "state": report.and_then(|report| report.state),
    }))
}
