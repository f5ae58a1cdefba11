//! The lines of a state (FORMATS.md, chapter 23), read back: what they say of exhibits, of matters, and of what was
//! written down on another's behalf.

use terms::{ActId, Hash, Instant, Item};

/// What the lines say. What is not understood is kept as it stands.
#[derive(Debug, Default)]
pub(super) struct Facts<'a> {
    /// By reference.
    pub(super) exhibits: Vec<Exhibit<'a>>,
    pub(super) matters: Vec<Matter<'a>>,
    pub(super) transcripts: Vec<Transcript<'a>>,
    pub(super) others: Vec<&'a str>,
}

/// A participant, and when.
type At<'a> = (&'a str, Instant);

#[derive(Debug)]
pub(super) struct Exhibit<'a> {
    path: &'a str,
    pub(super) item: Item,
    pub(super) reference: &'a str,
    pub(super) filer: &'a str,
    pub(super) offered: Instant,
    pub(super) entry: u64,
    pub(super) disowned: bool,
    pub(super) withdrawn: bool,
    pub(super) granted: Vec<At<'a>>,
    pub(super) kept: Vec<At<'a>>,
    pub(super) opened: Vec<At<'a>>,
    pub(super) answered: Vec<At<'a>>,
    /// With the ruling, and whether it was mended.
    pub(super) challenged: Vec<(&'a str, Instant, &'a str, bool)>,
    pub(super) held: Vec<At<'a>>,
    pub(super) danger: Option<Instant>,
    pub(super) destroyed: Vec<At<'a>>,
}

#[derive(Debug)]
pub(super) struct Matter<'a> {
    path: &'a str,
    pub(super) entry: u64,
    pub(super) procedure: &'a str,
    pub(super) reference: &'a str,
    pub(super) opener: &'a str,
    pub(super) opened: Instant,
    pub(super) id: &'a str,
    pub(super) disowned: bool,
    /// The version of the instrument that it runs under.
    pub(super) law: u64,
    pub(super) without_prejudice: bool,
    /// Entries that their authors withdrew.
    pub(super) withdrawn: Vec<u64>,
    pub(super) fields: Vec<(&'a str, &'a str)>,
    pub(super) strands: Vec<Strand<'a>>,
}

/// An act that was written down on another's behalf.
#[derive(Debug)]
pub(super) struct Transcript<'a> {
    pub(super) act: ActId,
    pub(super) on_behalf_of: &'a str,
    pub(super) by: &'a str,
    pub(super) entry: u64,
    /// `confirmed` or `disowned`, once its participant has said so.
    pub(super) stance: Option<&'a str>,
}

#[derive(Debug)]
pub(super) struct Strand<'a> {
    pub(super) name: &'a str,
    pub(super) state: &'a str,
    pub(super) since: Instant,
    /// Whether what its state does to the agreement has come.
    pub(super) came: bool,
    pub(super) flagged: bool,
    /// What stands in its own fields.
    pub(super) fields: Vec<(&'a str, &'a str)>,
    /// What its state does to the agreement, and when that comes.
    pub(super) comes: Option<(&'a str, Instant)>,
    /// The step, who spoke, where that leads, and the entry: voices that wait for others.
    pub(super) voices: Vec<(&'a str, &'a str, &'a str, u64)>,
    /// When its clocks stood, or stand, by relief.
    pub(super) suspended: Vec<(Instant, Instant)>,
    pub(super) clocks: Vec<Clock<'a>>,
    /// The step, who is not served, and when service is deemed; never, while a seat is vacant.
    pub(super) unserved: Vec<(&'a str, &'a str, Option<Instant>)>,
}

#[derive(Debug)]
pub(super) struct Clock<'a> {
    pub(super) step: &'a str,
    pub(super) asked: Vec<&'a str>,
    pub(super) due: Instant,
    pub(super) closes: Instant,
    pub(super) ran_out: bool,
}

impl<'a> Facts<'a> {
    /// Reads lines, which a state has sorted: what a thing is stands before what is said of it.
    pub(super) fn read(lines: &'a [String]) -> Facts<'a> {
        let mut facts = Facts::default();
        for line in lines {
            if facts.take(line).is_none() {
                facts.others.push(line);
            }
        }
        facts.exhibits.sort_by_key(|exhibit| exhibit.reference);
        facts
    }

    fn take(&mut self, line: &'a str) -> Option<()> {
        let (path, value) = line.split_once(' ')?;
        let words: Vec<&str> = value.split(' ').collect();
        if let Some(exhibit) = exhibit(path, &words) {
            self.exhibits.push(exhibit);
            return Some(());
        }
        if let Some(matter) = matter(path, &words) {
            self.matters.push(matter);
            return Some(());
        }
        if let Some(transcript) = transcript(path, &words) {
            self.transcripts.push(transcript);
            return Some(());
        }
        let below = |of: &str| path.strip_prefix(of)?.strip_prefix('/');
        if let Some((exhibit, rest)) =
            self.exhibits.iter_mut().find_map(|exhibit| below(exhibit.path).map(|rest| (exhibit, rest)))
        {
            return exhibit.take(rest, &words);
        }
        let found = self.matters.iter_mut().find_map(|matter| below(matter.path).map(|rest| (matter, rest)));
        let (matter, rest) = found?;
        matter.take(rest, value, &words)
    }
}

fn exhibit<'a>(path: &'a str, words: &[&'a str]) -> Option<Exhibit<'a>> {
    let (act, number) = path.strip_prefix("exhibit/")?.split_once("/f")?;
    let (act, number) = (Hash::from_hex(act)?, number.parse().ok()?);
    let ([reference, filer, "offered", offered, "entry", entry, "matter", _], rest) =
        words.split_first_chunk()?
    else {
        return None;
    };
    let [disowned, withdrawn] = flags(rest, ["disowned", "withdrawn"])?;
    Some(Exhibit {
        path,
        item: Item::exhibit(ActId(act), number),
        reference,
        filer,
        offered: Instant::parse(offered)?,
        entry: entry.parse().ok()?,
        disowned,
        withdrawn,
        granted: Vec::new(),
        kept: Vec::new(),
        opened: Vec::new(),
        answered: Vec::new(),
        challenged: Vec::new(),
        held: Vec::new(),
        danger: None,
        destroyed: Vec::new(),
    })
}

fn matter<'a>(path: &'a str, words: &[&'a str]) -> Option<Matter<'a>> {
    let key = path.strip_prefix("matter/")?;
    // One that a step opened has its number behind the entry: `41m1`.
    let (entry, number) = key.split_once('m').unwrap_or((key, "0"));
    number.parse::<u32>().ok()?;
    let entry = entry.parse().ok()?;
    let ([procedure, reference, opener, "opened", opened, "id", id], rest) = words.split_first_chunk()?
    else {
        return None;
    };
    Some(Matter {
        path,
        entry,
        procedure,
        reference,
        opener,
        opened: Instant::parse(opened)?,
        id,
        disowned: flag(rest, "disowned")?,
        law: 1,
        without_prejudice: false,
        withdrawn: Vec::new(),
        fields: Vec::new(),
        strands: Vec::new(),
    })
}

fn transcript<'a>(path: &'a str, words: &[&'a str]) -> Option<Transcript<'a>> {
    let act = ActId(Hash::from_hex(path.strip_prefix("transcript/")?)?);
    let ([on_behalf_of, "by", by, "entry", entry], rest) = words.split_first_chunk()? else { return None };
    let stance = match rest {
        [] => None,
        [stance @ ("confirmed" | "disowned")] => Some(*stance),
        _ => return None,
    };
    Some(Transcript { act, on_behalf_of, by, entry: entry.parse().ok()?, stance })
}

/// Whether a word stands at the end; nothing if another does.
fn flag(rest: &[&str], word: &str) -> Option<bool> {
    flags(rest, [word]).map(|[found]| found)
}

/// Which of these words stand at the end, in their order; nothing if others do.
fn flags<const N: usize>(mut rest: &[&str], words: [&str; N]) -> Option<[bool; N]> {
    let found = words.map(|word| match rest {
        [first, more @ ..] if *first == word => {
            rest = more;
            true
        }
        _ => false,
    });
    rest.is_empty().then_some(found)
}

impl<'a> Exhibit<'a> {
    fn take(&mut self, rest: &'a str, words: &[&'a str]) -> Option<()> {
        let at = Instant::parse(words.first()?)?;
        match (rest.split_once('/'), words.get(1..)?) {
            (None, []) if rest == "danger" => self.danger = Some(at),
            (Some(("granted", who)), []) => self.granted.push((who, at)),
            (Some(("held", who)), []) => self.held.push((who, at)),
            (Some(("destroyed", who)), []) => self.destroyed.push((who, at)),
            (Some(("kept", who)), ["entry", _]) => self.kept.push((who, at)),
            (Some(("opened", who)), ["entry", _]) => self.opened.push((who, at)),
            (Some(("answered", who)), ["entry", _]) => self.answered.push((who, at)),
            (Some(("challenged", who)), [ruling, "standing"]) => {
                self.challenged.push((who, at, ruling, false));
            }
            (Some(("challenged", who)), [ruling, "mended"]) => self.challenged.push((who, at, ruling, true)),
            _ => return None,
        }
        Some(())
    }
}

impl<'a> Matter<'a> {
    fn take(&mut self, rest: &'a str, value: &'a str, words: &[&'a str]) -> Option<()> {
        let parts: Vec<&str> = rest.split('/').collect();
        match parts.as_slice() {
            ["field", name] => self.fields.push((name, value)),
            ["law"] => self.law = value.parse().ok()?,
            ["tier"] if value == "without-prejudice" => self.without_prejudice = true,
            ["withdrawn", entry] if value == "withdrawn" => self.withdrawn.push(entry.parse().ok()?),
            ["strand", name] => {
                let ([state, "since", since], rest) = words.split_first_chunk()? else { return None };
                let [came, flagged] = flags(rest, ["came", "flagged"])?;
                self.strands.push(Strand {
                    name,
                    state,
                    since: Instant::parse(since)?,
                    came,
                    flagged,
                    fields: Vec::new(),
                    comes: None,
                    voices: Vec::new(),
                    suspended: Vec::new(),
                    clocks: Vec::new(),
                    unserved: Vec::new(),
                });
            }
            ["strand", name, below @ ..] => {
                self.strands.iter_mut().find(|strand| strand.name == *name)?.take(below, value, words)?;
            }
            _ => return None,
        }
        Some(())
    }
}

impl<'a> Strand<'a> {
    fn take(&mut self, below: &[&'a str], value: &'a str, words: &[&'a str]) -> Option<()> {
        match (below, words) {
            (["field", name], _) => self.fields.push((name, value)),
            (["suspended", _], [from, to]) => {
                self.suspended.push((Instant::parse(from)?, Instant::parse(to)?));
            }
            (["comes"], [effect, at]) => self.comes = Some((effect, Instant::parse(at)?)),
            (["voice", step, who], [to, "entry", entry]) => {
                self.voices.push((step, who, to, entry.parse().ok()?));
            }
            (["clock", step], [asked, "due", due, "closes", closes, rest @ ..]) => self.clocks.push(Clock {
                step,
                asked: asked.split(',').collect(),
                due: Instant::parse(due)?,
                closes: Instant::parse(closes)?,
                ran_out: flag(rest, "ran-out")?,
            }),
            (["clock", step, "unserved", who], ["deemed", at]) => {
                self.unserved.push((step, who, Some(Instant::parse(at)?)));
            }
            (["clock", step, "unserved", who], ["seat", "vacant"]) => self.unserved.push((step, who, None)),
            _ => return None,
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_understood_or_kept() {
        let hex = "0".repeat(64);
        let lines = [
            "{E} EXH-26-0001-R north offered 2026-01-13T08:00:00Z entry 9 matter - disowned withdrawn",
            "{E}/answered/harbour 2026-01-13T13:00:00Z entry 15",
            "{E}/challenged/harbour 2026-01-13T13:00:00Z not-upheld mended",
            "{E}/challenged/south 2026-01-13T13:00:00Z open standing",
            "{E}/danger 2026-01-13T13:00:00Z",
            "{E}/destroyed/north 2026-01-13T13:00:00Z",
            "{E}/granted/harbour 2026-01-13T08:00:00Z",
            "{E}/held/harbour 2026-02-13T08:00:00Z",
            "{E}/kept/harbour 2026-01-13T13:00:00Z entry 13",
            "{E}/opened/harbour 2026-01-13T13:00:00Z entry 12",
            "matter/7 notice NOT-26-0001-E north opened 2026-01-13T08:10:00Z id 0#m",
            "matter/7/field/told harbour",
            "matter/7/law 2",
            "matter/7/strand/harbour sent since 2026-01-13T08:10:00Z came flagged",
            "matter/7/strand/harbour/clock/acknowledge harbour due 2026-01-14T08:10:00Z closes 2026-01-15T08:10:00Z ran-out",
            "matter/7/strand/harbour/clock/acknowledge/unserved/harbour deemed 2026-01-20T08:10:00Z",
            "matter/7/strand/harbour/clock/acknowledge/unserved/south seat vacant",
            "matter/7/strand/harbour/comes close 2026-01-14T08:10:00Z",
            "matter/7/strand/harbour/suspended/1 2026-01-14T08:10:00Z 2026-01-15T08:10:00Z",
            "matter/7/strand/harbour/voice/agree/south agreed entry 12",
            "matter/7/tier without-prejudice",
            "matter/7/withdrawn/9 withdrawn",
            "matter/7m1 notice NOT-26-0002-F north opened 2026-01-13T08:10:00Z id 0#m1 disowned",
            "transcript/{X} south by harbour entry 7 confirmed",
        ];
        let mut lines: Vec<String> =
            lines.iter().map(|line| line.replace("{E}", &format!("exhibit/{hex}/f1"))).collect();
        lines.iter_mut().for_each(|line| *line = line.replace("{X}", &hex));
        let facts = Facts::read(&lines);
        assert_eq!(facts.others, Vec::<&str>::new());
        let ([exhibit], [matter, opened]) = (facts.exhibits.as_slice(), facts.matters.as_slice()) else {
            panic!("{facts:?}")
        };
        assert!(exhibit.disowned && exhibit.withdrawn && exhibit.danger.is_some());
        assert_eq!((matter.law, matter.without_prejudice, &matter.withdrawn), (2, true, &vec![9]));
        assert!(opened.disowned && opened.entry == 7);
        assert_eq!(facts.transcripts[0].stance, Some("confirmed"));
        assert_eq!((exhibit.kept.len(), exhibit.opened.len(), exhibit.challenged.len()), (1, 1, 2));
        let strand = &matter.strands[0];
        assert!(strand.came && strand.flagged && strand.clocks[0].ran_out);
        assert!(strand.comes.is_some() && strand.suspended.len() == 1);
        assert_eq!(strand.voices, [("agree", "south", "agreed", 12)]);
        assert_eq!(strand.unserved.len(), 2);
        // Of what comes later, or was never said, nothing is lost.
        for line in ["matter/7/strand/harbour/suspended/1 a b", "count/marks 4", "word", "exhibit/x/f1 more"]
        {
            lines.push(line.to_owned());
        }
        assert_eq!(Facts::read(&lines).others.len(), 4);
    }
}
