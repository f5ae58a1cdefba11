//! A folder of nodes' folders, and of small files from them: each is checked, and copies of one register
//! are compared. A folder in it that is no node's may have the same, of another register for example.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use audit::contradiction::Copy;
use audit::{Checked, Expected, Verdict, Wrong};
use node::disk::Disk;
use register::{Reader, RealDisk};
use serde_json::{Value, json};
use terms::{Hash, VoiceName};

use super::contradictions::Contradictions;
use super::kind::{self, Found};
use super::single::Shows;
use super::{Args, bundle, folder, single};
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::mark::Mark;
use crate::show::text::{number, safe};

/// The one file of words that a collection may have.
const README: &str = "README.txt";

/// A node's folder in it.
pub(super) struct Member {
    /// Its name, with a slash.
    pub(super) name: String,
    pub(super) path: PathBuf,
    pub(super) checked: Checked,
}

/// What the files came to.
#[derive(Default)]
struct Files {
    good: Vec<(String, Box<Shows>)>,
    wrongs: Vec<Wrong>,
    undecided: Vec<String>,
    /// What is of a register that was not asked for, and that register.
    others: Vec<(String, Hash)>,
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    let (folders, files, unknown) = sort(&args.path)?;
    let mut found = Files::default();
    for name in &unknown {
        found.wrong("audit::unknown_file", name, "a folder of registers has no such file");
    }
    let mut members = Vec::new();
    for name in folders {
        let path = args.path.join(&name);
        let checked = folder::check(&Disk::at(&path), &Expected::Any, args.as_of);
        members.push(Member { name: format!("{name}/"), path, checked });
    }
    compare(&members, &mut found);
    for (name, kind) in files {
        let path = args.path.join(&name);
        found.add(&name, look(&path, kind, &members, args, globals));
    }
    expect(args, &members, &mut found);
    let contradictions = contradictions(&members).write(args.evidence.as_deref())?;
    let verdict = found.verdict(&members);
    if globals.json {
        let mut value = value(args, &members, &found, verdict);
        contradictions.add_to(&mut value);
        println!("{value:#}");
    } else {
        Mark::print_all(
            members
                .iter()
                .map(|member| folder::mark(&member.checked))
                .chain(found.good.iter().map(|(_, shows)| shows.mark.clone())),
        );
        if verdict != Verdict::Good {
            conclude(&found, verdict);
            tell_wrongs(&found);
            println!();
        }
        print(&members, &found);
        contradictions.print();
        tell_wrongs(&found);
        conclude(&found, verdict);
    }
    Ok(folder::exit(verdict))
}

/// Folders with a register, files that can be checked, and what is neither.
type Sorted = (Vec<String>, Vec<(String, Found)>, Vec<String>);

fn sort(path: &Path) -> Result<Sorted, Failure> {
    let mut sorted = Sorted::default();
    walk(path, "", &mut sorted)?;
    sorted.0.sort_unstable();
    sorted.1.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    sorted.2.sort_unstable();
    if sorted.0.is_empty() && sorted.1.is_empty() {
        return Err(Failure::usage(
            "mithaq::no_register",
            format!("there is no register in `{}`", path.display()),
        )
        .help("name a node's data folder: it has a folder `register`"));
    }
    Ok(sorted)
}

/// Looks at a folder, and at those right below it that are no node's.
fn walk(path: &Path, below: &str, sorted: &mut Sorted) -> Result<(), Failure> {
    let unreadable = |error| Failure::unreadable(path, &error);
    for entry in std::fs::read_dir(path).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let (file, path) = (entry.file_name().to_string_lossy().into_owned(), entry.path());
        let about = entry.file_type().map_err(unreadable)?;
        let name = format!("{below}{file}");
        if about.is_dir() && kind::is_node(&path) {
            sorted.0.push(name);
        } else if let (true, Some(kind)) = (about.is_file(), kind::by_name(&path)) {
            sorted.1.push((name, kind));
        } else if about.is_dir() && below.is_empty() && !is_empty(&path) {
            walk(&path, &format!("{name}/"), sorted)?;
        } else if !(about.is_file() && file == README) {
            sorted.2.push(name);
        }
    }
    Ok(())
}

fn is_empty(path: &Path) -> bool {
    std::fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none())
}

/// Where registers were asked for by name, all must be of one of them, and each must be there: who brings
/// the folder could else put another's register beside the right one, or in its place.
fn expect(args: &Args, members: &[Member], found: &mut Files) {
    let of_members = members.iter().map(|member| (&member.name, member.checked.report.genesis));
    let of_files = found.good.iter().map(|(name, shows)| (name, shows.register));
    let all: Vec<(String, Hash)> =
        of_members.chain(of_files).filter_map(|(name, genesis)| Some((name.clone(), genesis?))).collect();
    for asked in &args.register {
        if !all.iter().any(|(_, genesis)| asked.fits(genesis)) {
            let what = format!("the register {} that was asked for is not in this folder", said(asked));
            found.wrong("audit::other_register", ".", &what);
        }
    }
    let expected = args.expected();
    found.others = all.into_iter().filter(|(_, genesis)| !expected.fits(genesis)).collect();
}

/// A register's name, as it was asked for.
fn said(asked: &Expected) -> String {
    match asked {
        Expected::Voice(name) => name.to_string(),
        Expected::Genesis(hash) => hash.to_string(),
        Expected::Any | Expected::OneOf(_) => String::new(),
    }
}

/// Copies of one register must agree as far as both go.
fn compare(members: &[Member], found: &mut Files) {
    let mut copies: BTreeMap<Hash, Vec<&Member>> = BTreeMap::new();
    for member in members {
        if let Some(genesis) = member.checked.report.genesis {
            copies.entry(genesis).or_default().push(member);
        }
    }
    for members in copies.values() {
        for (at, a) in members.iter().enumerate() {
            for b in &members[at + 1..] {
                let size = a.checked.report.counts.entries.min(b.checked.report.counts.entries);
                match (root_at(&a.path, size), root_at(&b.path, size)) {
                    (Some(one), Some(other)) if one != other => {
                        let what = format!("at size {size} it is not the register of {}", a.name);
                        found.wrong("audit::copies_differ", &b.name, &what);
                    }
                    _ => {}
                }
            }
        }
    }
}

/// What each register shows, beside the other copies of it.
fn contradictions(members: &[Member]) -> Contradictions {
    let mut all = Contradictions::default();
    for member in members {
        let others: Vec<(&Member, Disk)> = members
            .iter()
            .filter(|other| other.name != member.name)
            .filter(|other| other.checked.report.genesis == member.checked.report.genesis)
            .map(|other| (other, Disk::at(&other.path)))
            .collect();
        let copies: Vec<Copy<'_>> = others
            .iter()
            .map(|(other, source)| Copy { name: &other.name, source, checked: &other.checked })
            .collect();
        all.look(&Disk::at(&member.path), &member.checked, &copies);
    }
    all
}

/// The root of a copy's tiles, which were checked against its entries. What can't be read was found then.
fn root_at(path: &Path, size: u64) -> Option<Hash> {
    Reader::new(RealDisk, &path.join("register")).root(size).ok()
}

fn look(
    path: &Path,
    kind: Found,
    members: &[Member],
    args: &Args,
    globals: &Globals,
) -> Result<single::Said, Failure> {
    match kind {
        Found::Bundle => {
            let (_, checked) = bundle::check(path, &Expected::Any, args.as_of, None, globals)?;
            Ok(single::Said::of_bundle(&checked))
        }
        Found::Proof => single::check_proof(path, members.iter().map(|member| &member.checked)),
        Found::Standing => single::check_standing(path, &Expected::Any),
        Found::Contradiction => single::check_contradiction(path, &Expected::Any),
        Found::Node | Found::Collection => {
            Err(Failure::usage("mithaq::unknown_file", format!("`{}` is a folder", path.display())))
        }
    }
}

impl Files {
    fn wrong(&mut self, code: &'static str, file: &str, what: &str) {
        self.wrongs.push(Wrong { code, file: file.to_owned(), entry: None, what: what.to_owned() });
    }

    fn add(&mut self, name: &str, said: Result<single::Said, Failure>) {
        match said {
            Ok(single::Said::Good(shows)) => self.good.push((name.to_owned(), shows)),
            Ok(single::Said::Wrong(code, what)) => self.wrong(code, name, &what),
            Ok(single::Said::Undecided(why)) => self.undecided.push(format!("{name}: {why}")),
            Err(failure) => match failure.exit {
                Exit::Undecided | Exit::Machine | Exit::Unread | Exit::Refused | Exit::Good => {
                    self.undecided.push(format!("{name}: {}", failure.message));
                }
                Exit::Wrong | Exit::Usage => self.wrong("audit::unreadable", name, &failure.message),
            },
        }
    }

    /// Said behind the name of what is of another register.
    fn of_another(&self, name: &str) -> String {
        if self.others.iter().any(|(other, _)| other == name) {
            format!(" · {ANOTHER}")
        } else {
            String::new()
        }
    }

    fn verdict(&self, members: &[Member]) -> Verdict {
        let of = |verdict| members.iter().any(|member| member.checked.report.verdict() == verdict);
        if !self.wrongs.is_empty() || of(Verdict::Wrong) {
            Verdict::Wrong
        } else if !self.undecided.is_empty() || !self.others.is_empty() || of(Verdict::Undecided) {
            Verdict::Undecided
        } else {
            Verdict::Good
        }
    }
}

fn print(members: &[Member], found: &Files) {
    for member in members {
        println!("== {}{}", safe(&member.name), found.of_another(&member.name));
        folder::print(&member.checked);
        folder::conclude(&member.checked.report);
        println!();
    }
    for (name, shows) in &found.good {
        println!("== {}{}", safe(name), found.of_another(name));
        if shows.mark.exercise {
            println!("EXERCISE");
        }
        println!("{}\n{}\n", single::lines(&shows.text), shows.end);
    }
}

fn tell_wrongs(found: &Files) {
    for wrong in &found.wrongs {
        println!("Wrong: {}", folder::sentence(wrong));
    }
    for why in &found.undecided {
        println!("Can't be decided: {}", safe(why));
    }
    for (name, genesis) in &found.others {
        println!("{}: {ANOTHER}: {}", safe(name), VoiceName::of(genesis));
    }
}

const ANOTHER: &str = "of another register, not the one asked for";

fn conclude(found: &Files, verdict: Verdict) {
    let holding = found.good.iter().filter(|(_, shows)| shows.value.get("convicts").is_some()).count() as u64;
    let others = found.others.len() as u64;
    let mut said = match verdict {
        Verdict::Good => "All of it: nothing wrong found".to_owned(),
        Verdict::Wrong => "All of it: wrong".to_owned(),
        Verdict::Undecided if found.undecided.is_empty() && others > 0 => {
            "All of it: nothing wrong found in what was asked for".to_owned()
        }
        Verdict::Undecided => "All of it: nothing wrong found, and not all can be decided".to_owned(),
    };
    if others > 0 {
        said.push_str(&format!(
            "; {} {ANOTHER}",
            if others == 1 { "one is".to_owned() } else { format!("{} are", number(others)) }
        ));
    }
    if holding > 0 {
        said.push_str(&format!(
            "; {}",
            match holding {
                1 => "one contradiction holds".to_owned(),
                n => format!("{} contradictions hold", number(n)),
            }
        ));
    }
    println!("{said}.");
}

fn value(args: &Args, members: &[Member], found: &Files, verdict: Verdict) -> Value {
    let registers: Vec<Value> =
        members.iter().map(|member| folder::value(&member.path, &member.checked)).collect();
    json!({
        "path": args.path.display().to_string(),
        "verdict": folder::word(verdict),
        "registers": registers,
        "exercise": members.iter().map(|member| member.checked.report.exercise)
            .chain(found.good.iter().map(|(_, shows)| shows.mark.exercise)).any(|exercise| exercise),
        "files": found.good.iter().map(|(file, shows)| {
            let mut value = json!({"file": file, "says": shows.text});
            shows.add_to(&mut value);
            value
        }).collect::<Vec<_>>(),
        "of-another-register": found.others.iter().map(|(name, genesis)| {
            json!({"file": name, "voice": VoiceName::of(genesis).to_string(), "genesis": genesis})
        }).collect::<Vec<_>>(),
        "wrongs": found.wrongs.iter()
            .map(|wrong| json!({"code": wrong.code, "file": wrong.file, "what": wrong.what})).collect::<Vec<_>>(),
        "undecided": found.undecided,
    })
}
