//! The instrument's lines whose files are at hand: annexes of the register, and what lies in a folder of the node by its hash.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant as Moment};

use instrument::Instrument;
use instrument::place::{Area, Line as Rule};
use node::served::Served;
use place::area::{Outcome, determine};
use place::line::read::BYTES_MOST;
use terms::{Code, Hash, Place};

use super::application::Application;

/// After how long a file that was not there is looked for again.
const AGAIN: Duration = Duration::from_secs(30);

/// Of how many instruments the lines are kept: matters go on under the text that they were opened under.
const INSTRUMENTS: usize = 4;

/// Of how many places it is kept in which area they are.
const PLACES: usize = 100_000;

/// The lines of the instruments that were asked for last.
pub(crate) struct Drawings {
    served: Served,
    /// Where files lie that are not in every copy of the register.
    folder: PathBuf,
    kept: Mutex<Vec<Arc<Lines>>>,
}

/// The lines of an instrument, as far as their files are here and are those that it names.
pub(crate) struct Lines {
    rules: BTreeMap<Code, Rule>,
    areas: BTreeMap<Code, Area>,
    read: Moment,
    pub(crate) drawn: BTreeMap<Code, place::Line>,
    /// What came out for places so far: a list asks for the same ones again and again.
    known: Mutex<BTreeMap<(i64, i64, u64), Outcome>>,
    application: OnceLock<Option<Application>>,
}

impl Lines {
    fn is_of(&self, instrument: &Instrument) -> bool {
        let is_whole = self.drawn.len() == self.rules.len();
        self.rules == instrument.lines
            && self.areas == instrument.areas
            && (is_whole || self.read.elapsed() < AGAIN)
    }

    /// As far as all of them are used, if that can be said.
    pub(crate) fn application(&self) -> Option<&Application> {
        self.application.get_or_init(|| Application::of(&self.rules, &self.drawn)).as_ref()
    }

    /// In which area of this instrument a place is, if that is determined.
    pub(crate) fn outcome(&self, instrument: &Instrument, place: &Place) -> Outcome {
        let key = (place.lat_e7, place.lon_e7, place.radius_m);
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(outcome) = known().get(&key) {
            return outcome.clone();
        }
        let outcome = determine(place, instrument, &self.drawn).outcome;
        let mut known = known();
        if known.len() == PLACES {
            known.clear();
        }
        known.insert(key, outcome.clone());
        outcome
    }
}

impl Drawings {
    pub(crate) fn new(served: Served, folder: PathBuf) -> Drawings {
        Drawings { served, folder, kept: Mutex::default() }
    }

    /// The lines of an instrument.
    pub(crate) fn of(&self, instrument: &Instrument) -> Arc<Lines> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lines) = kept.iter().find(|lines| lines.is_of(instrument)) {
            return Arc::clone(lines);
        }
        kept.retain(|lines| lines.rules != instrument.lines || lines.areas != instrument.areas);
        if kept.len() == INSTRUMENTS {
            kept.remove(0);
        }
        let lines = Arc::new(Lines {
            rules: instrument.lines.clone(),
            areas: instrument.areas.clone(),
            read: Moment::now(),
            drawn: self.read(instrument),
            known: Mutex::default(),
            application: OnceLock::new(),
        });
        kept.push(Arc::clone(&lines));
        lines
    }

    fn read(&self, instrument: &Instrument) -> BTreeMap<Code, place::Line> {
        let annex = |hash: &Hash| self.served.annex_up_to(hash, BYTES_MOST as u64).ok().flatten();
        node::lines::drawn(instrument, annex, &self.folder)
    }
}
