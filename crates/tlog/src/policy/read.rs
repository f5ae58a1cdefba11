//! Reads a policy, with all that is wrong with it.

use std::collections::BTreeSet;
use std::ops::Range;

use note::{Algorithm, KeyName, VerifierKey};
use terms::Origin;

use crate::policy::{Policy, PolicyError, PolicyFault, WITNESSES_MAX, Witness};

pub(super) fn policy(bytes: &[u8]) -> Result<Policy, Vec<PolicyError>> {
    let mut reading = Reading::default();
    let end = reading.characters(bytes);
    let Some(file) = std::str::from_utf8(bytes).ok().filter(|_| reading.errors.is_empty()) else {
        return Err(reading.errors);
    };
    let mut start = 0;
    for (number, line) in (1..).zip(file.split_terminator('\n')) {
        reading.place = (number, start..start + line.len());
        reading.line(line);
        start += line.len() + 1;
    }
    reading.finish(end)
}

/// A policy half read.
#[derive(Default)]
struct Reading {
    errors: Vec<PolicyError>,
    /// The line that is being read.
    place: (usize, Range<usize>),
    log: Option<(Origin, VerifierKey)>,
    /// With the place of each.
    witnesses: Vec<(Witness, (usize, Range<usize>))>,
    group: Option<Group>,
    quorum: Option<String>,
    seen: BTreeSet<&'static str>,
    names: BTreeSet<String>,
    keys: BTreeSet<Vec<u8>>,
    ids: BTreeSet<(KeyName, [u8; 4])>,
}

struct Group {
    name: String,
    quorum: usize,
    members: BTreeSet<String>,
}

impl Reading {
    fn wrong(&mut self, fault: PolicyFault) {
        let (line, span) = self.place.clone();
        self.errors.push(PolicyError { line, span, fault });
    }

    /// Looks at the file as bytes; gives the place of its end.
    fn characters(&mut self, bytes: &[u8]) -> (usize, Range<usize>) {
        let place = |at: usize| {
            let line = 1 + bytes[..at].iter().filter(|b| **b == b'\n').count();
            (line, at..bytes.len().min(at + 1))
        };
        let end = place(bytes.len());
        if let Err(bad) = std::str::from_utf8(bytes) {
            self.place = place(bad.valid_up_to());
            self.wrong(PolicyFault::Utf8);
        }
        if let Some(at) = bytes.iter().position(|b| (*b < b' ' && !matches!(b, b'\t' | b'\n')) || *b == 0x7f)
        {
            self.place = place(at);
            self.wrong(PolicyFault::Control(bytes[at]));
        }
        if bytes.last().is_some_and(|last| *last != b'\n') {
            self.place = end.clone();
            self.wrong(PolicyFault::Unfinished);
        }
        end
    }

    fn line(&mut self, line: &str) {
        let items: Vec<&str> = line.split([' ', '\t']).filter(|item| !item.is_empty()).collect();
        match items[..] {
            [] => {}
            [first, ..] if first.starts_with('#') => {}
            ["log", vkey] | ["log", vkey, _] => self.log(vkey),
            ["log", ..] => self.wrong(PolicyFault::Items("log VKEY [URL]")),
            ["witness", name, vkey] => self.witness(name, vkey, None),
            ["witness", name, vkey, url] => self.witness(name, vkey, Some(url)),
            ["witness", ..] => self.wrong(PolicyFault::Items("witness NAME VKEY [URL]")),
            ["group", name, threshold, ref members @ ..] if !members.is_empty() => {
                self.group(name, threshold, members);
            }
            ["group", ..] => self.wrong(PolicyFault::Items("group NAME all|any|NUMBER NAME...")),
            ["quorum", name] => self.quorum(name),
            ["quorum", ..] => self.wrong(PolicyFault::Items("quorum NAME")),
            [first, ..] => self.wrong(PolicyFault::Word(first.to_owned())),
        }
    }

    fn log(&mut self, vkey: &str) {
        if !self.seen.insert("log") {
            return self.wrong(PolicyFault::Second("log"));
        }
        let Some(key) = self.key(vkey) else { return };
        match Origin::new(key.name().as_str()) {
            _ if key.algorithm() != Algorithm::Ed25519 => self.wrong(PolicyFault::LogKind),
            None => self.wrong(PolicyFault::LogName),
            Some(origin) => self.log = Some((origin, key)),
        }
    }

    fn witness(&mut self, name: &str, vkey: &str, url: Option<&str>) {
        self.name(name);
        let Some(key) = self.key(vkey) else { return };
        match key.algorithm() {
            Algorithm::Cosignature => {}
            Algorithm::MlDsa44Cosignature => return self.wrong(PolicyFault::MlDsa),
            Algorithm::Ed25519
            | Algorithm::Receipt
            | Algorithm::Intake
            | Algorithm::WebAuthn
            | Algorithm::Freeze => return self.wrong(PolicyFault::WitnessKind),
        }
        if self.witnesses.len() == WITNESSES_MAX {
            return self.wrong(PolicyFault::TooMany);
        }
        let witness = Witness { name: name.to_owned(), key, url: url.map(str::to_owned) };
        self.witnesses.push((witness, self.place.clone()));
    }

    fn group(&mut self, name: &str, threshold: &str, members: &[&str]) {
        if !self.seen.insert("group") {
            return self.wrong(PolicyFault::Second("group"));
        }
        let mut seen = BTreeSet::new();
        for member in members {
            if !self.names.contains(*member) {
                self.wrong(PolicyFault::Undefined((*member).to_owned()));
            } else if !seen.insert((*member).to_owned()) {
                self.wrong(PolicyFault::MemberTwice((*member).to_owned()));
            }
        }
        self.name(name);
        let number = || crate::checkpoint::decimal(threshold).and_then(|k| usize::try_from(k).ok());
        let quorum = match threshold {
            "any" => Some(1),
            "all" => Some(members.len()),
            _ => number().filter(|k| (1..=members.len()).contains(k)),
        };
        match quorum {
            None => self.wrong(PolicyFault::Threshold(threshold.to_owned())),
            Some(quorum) => self.group = Some(Group { name: name.to_owned(), quorum, members: seen }),
        }
    }

    fn quorum(&mut self, name: &str) {
        if !self.seen.insert("quorum") {
            return self.wrong(PolicyFault::Second("quorum"));
        }
        let is_group = self.group.as_ref().is_some_and(|group| group.name == name);
        match name {
            "none" => self.wrong(PolicyFault::QuorumNone),
            _ if is_group => self.quorum = Some(name.to_owned()),
            _ if self.witnesses.iter().any(|(witness, _)| witness.name == name) => {
                self.wrong(PolicyFault::QuorumWitness(name.to_owned()));
            }
            // A group whose own line was wrong has been complained of.
            _ if !self.names.contains(name) => self.wrong(PolicyFault::Undefined(name.to_owned())),
            _ => {}
        }
    }

    /// Takes a name for a witness or the group.
    fn name(&mut self, name: &str) {
        if name == "none" || !self.names.insert(name.to_owned()) {
            self.wrong(PolicyFault::NameTaken(name.to_owned()));
        }
    }

    /// Reads a key that may be trusted and has not stood before.
    fn key(&mut self, vkey: &str) -> Option<VerifierKey> {
        let fault = match VerifierKey::parse(vkey) {
            Err(error) => PolicyFault::Vkey(error),
            Ok(key) => match key.enrollable() {
                Err(fault) => PolicyFault::Key(fault),
                Ok(()) if !self.keys.insert(key.raw().to_vec()) => PolicyFault::SameKey,
                Ok(()) if !self.ids.insert((key.name().clone(), key.id())) => PolicyFault::SameId,
                Ok(()) => return Some(key),
            },
        };
        self.wrong(fault);
        None
    }

    fn finish(mut self, end: (usize, Range<usize>)) -> Result<Policy, Vec<PolicyError>> {
        self.place = end;
        for word in ["log", "group", "quorum"] {
            if !self.seen.contains(word) {
                self.wrong(PolicyFault::Missing(word));
            }
        }
        if let Some(group) = &self.group {
            let idle: Vec<_> = self
                .witnesses
                .iter()
                .filter(|(witness, _)| !group.members.contains(&witness.name))
                .cloned()
                .collect();
            for (witness, place) in idle {
                self.place = place;
                self.wrong(PolicyFault::Idle(witness.name));
            }
        }
        self.errors.sort_by_key(|error| error.line);
        let Reading { errors, log, witnesses, group, quorum, .. } = self;
        match (log, group, quorum) {
            (Some((origin, log)), Some(group), Some(_)) if errors.is_empty() => Ok(Policy {
                origin,
                log,
                witnesses: witnesses.into_iter().map(|(witness, _)| witness).collect(),
                group: group.name,
                quorum: group.quorum,
            }),
            _ => Err(errors),
        }
    }
}
