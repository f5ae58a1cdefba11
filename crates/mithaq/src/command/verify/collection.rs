//! A folder of nodes' folders, and of small files from them: each is checked, and copies of one register
//! are compared.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use audit::contradiction::Copy;
use audit::{Checked, Verdict, Wrong};
use node::disk::Disk;
use register::{Reader, RealDisk};
use serde_json::{Value, json};
use terms::Hash;

use super::contradictions::Contradictions;
use super::kind::{self, Found};
use super::{Args, bundle, folder, single};
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::show::text::safe;

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
    good: Vec<(String, String)>,
    wrongs: Vec<Wrong>,
    undecided: Vec<String>,
}

pub(crate) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    let (folders, files, unknown) = sort(&args.path)?;
    let mut found = Files::default();
    for name in unknown {
        found.wrong("audit::unknown_file", &name, "a folder of registers has no such file");
    }
    let mut members = Vec::new();
    for name in folders {
        let path = args.path.join(&name);
        let checked = folder::check(&Disk::at(&path), &args.expected_here(), args.as_of);
        members.push(Member { name: format!("{name}/"), path, checked });
    }
    compare(&members, &mut found);
    expect(args, &members, &mut found);
    for (name, kind) in files {
        let path = args.path.join(&name);
        found.add(&name, look(&path, kind, &members, args, globals));
    }
    let contradictions = contradictions(&members).write(args.evidence.as_deref())?;
    let verdict = found.verdict(&members);
    if globals.json {
        let mut value = value(args, &members, &found, verdict);
        contradictions.add_to(&mut value);
        println!("{value:#}");
    } else {
        print(&members, &found);
        contradictions.print();
        conclude(verdict);
    }
    Ok(folder::exit(verdict))
}

/// Folders with a register, files that can be checked, and what is neither.
type Sorted = (Vec<String>, Vec<(String, Found)>, Vec<String>);

fn sort(path: &Path) -> Result<Sorted, Failure> {
    let unreadable = |error| Failure::unreadable(path, &error);
    let mut sorted = Sorted::default();
    for entry in std::fs::read_dir(path).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let about = entry.file_type().map_err(unreadable)?;
        if about.is_dir() && kind::is_node(&entry.path()) {
            sorted.0.push(name);
        } else if let (true, Some(kind)) = (about.is_file(), kind::by_name(&entry.path())) {
            sorted.1.push((name, kind));
        } else if !(about.is_file() && name == README) {
            sorted.2.push(name);
        }
    }
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

impl Args {
    /// In a collection the name that was given must be that of one of the registers, not of each.
    const fn expected_here(&self) -> audit::Expected {
        audit::Expected::Any
    }
}

fn expect(args: &Args, members: &[Member], found: &mut Files) {
    let Some(expected) = &args.register else { return };
    let fits = |member: &Member| member.checked.report.genesis.is_some_and(|genesis| expected.fits(&genesis));
    if !members.iter().any(fits) {
        found.wrong("audit::other_register", ".", "the register that was asked for is not in this folder");
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
            let (_, checked) = bundle::check(path, &args.expected_here(), args.as_of, None, globals)?;
            Ok(single::Said::of_report(&checked.report))
        }
        Found::Proof => single::check_proof(path, members.iter().map(|member| &member.checked)),
        Found::Standing => single::check_standing(path, &args.expected_here()),
        Found::Contradiction => single::check_contradiction(path, &args.expected_here()),
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
            Ok(single::Said::Good(sentence)) => self.good.push((name.to_owned(), sentence)),
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

    fn verdict(&self, members: &[Member]) -> Verdict {
        let of = |verdict| members.iter().any(|member| member.checked.report.verdict() == verdict);
        if !self.wrongs.is_empty() || of(Verdict::Wrong) {
            Verdict::Wrong
        } else if !self.undecided.is_empty() || of(Verdict::Undecided) {
            Verdict::Undecided
        } else {
            Verdict::Good
        }
    }
}

fn print(members: &[Member], found: &Files) {
    for member in members {
        println!("== {}", safe(&member.name));
        folder::print(&member.checked);
        folder::conclude(&member.checked.report);
        println!();
    }
    for (name, sentence) in &found.good {
        println!("== {}", safe(name));
        for line in sentence.lines() {
            println!("{}", safe(line));
        }
        println!();
    }
    for wrong in &found.wrongs {
        println!("Wrong: {}", folder::sentence(wrong));
    }
    for why in &found.undecided {
        println!("Can't be decided: {}", safe(why));
    }
}

fn conclude(verdict: Verdict) {
    match verdict {
        Verdict::Good => println!("All of it: nothing wrong found."),
        Verdict::Wrong => println!("All of it: wrong, see above."),
        Verdict::Undecided => println!("All of it: nothing wrong found, and not all can be decided."),
    }
}

fn value(args: &Args, members: &[Member], found: &Files, verdict: Verdict) -> Value {
    let registers: Vec<Value> =
        members.iter().map(|member| folder::value(&member.path, &member.checked)).collect();
    json!({
        "path": args.path.display().to_string(),
        "verdict": folder::word(verdict),
        "registers": registers,
        "files": found.good.iter().map(|(file, says)| json!({"file": file, "says": says})).collect::<Vec<_>>(),
        "wrongs": found.wrongs.iter()
            .map(|wrong| json!({"code": wrong.code, "file": wrong.file, "what": wrong.what})).collect::<Vec<_>>(),
        "undecided": found.undecided,
    })
}
