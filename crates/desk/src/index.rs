//! What pages ask of the docket, found once for each state of it, so that a page goes through no matter that it does not
//! show. It says nothing that the docket does not say; a test holds it against that.

pub(crate) mod marks;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use act::value::StrandName;
use docket::v1::matter::Strand;
use docket::v1::{Matter, MatterKey, Replay};
use docket::view::{Ask, asks_in, asks_of};
use instrument::Procedure;
use instrument::procedure::StateKind;
use terms::{Code, Instant, ParticipantId, Place, Reference};

use self::marks::{Marked, Marks, seconds};
use crate::ahead::Ahead;
use crate::map::place_of;
use crate::twins::Twins;
use crate::words::clock::is_pressing;

/// What the docket has, by what pages ask for.
#[derive(Clone, Default)]
pub(crate) struct Index {
    kinds: BTreeMap<Code, Arc<OfKind>>,
    /// The open matters in which a clock is armed.
    clocked: Arc<BTreeSet<MatterKey>>,
    /// What they ask, the soonest first.
    asks: Arc<Vec<Asks>>,
    /// What is the same as another.
    twins: Arc<Twins>,
    /// What is known to come.
    ahead: Arc<Ahead>,
}

/// Something that is asked, without how its clock stands at a time: nothing else in it goes by that.
pub(crate) struct Asks {
    pub(crate) key: MatterKey,
    pub(crate) strand: StrandName,
    step: Code,
    pub(crate) kind: Code,
    /// Of whom.
    pub(crate) of: BTreeSet<ParticipantId>,
    /// Whether somebody is to do something yet.
    pub(crate) is_pressing: bool,
    /// Whether who does not is pressed: else it is a right.
    pub(crate) is_pressed: bool,
}

impl Asks {
    /// Whether it asks something of somebody now.
    pub(crate) fn is_of(&self, who: &ParticipantId) -> bool {
        self.is_pressing && self.is_pressed && self.of.contains(who)
    }

    /// With how its clock stands at a time.
    pub(crate) fn at<'r>(&self, replay: &'r Replay, now: Instant) -> Option<Ask<'r>> {
        let all = asks_in(replay, now, self.key);
        all.into_iter().find(|ask| *ask.strand == self.strand && *ask.step == self.step)
    }
}

impl Index {
    /// That of a docket.
    pub(crate) fn of(replay: &Replay) -> Index {
        Index::default().with(replay, replay.settlement().matters().keys().copied())
    }

    /// That of a docket that has gone on: only what has changed is looked at again.
    pub(crate) fn after(&self, before: &Replay, replay: &Replay) -> Index {
        let (changed, lacks) = replay.settlement().matters().changed_since(before.settlement().matters());
        if lacks { Index::of(replay) } else { self.with(replay, changed.into_iter().copied()) }
    }

    fn with(&self, replay: &Replay, changed: impl Iterator<Item = MatterKey>) -> Index {
        let settlement = replay.settlement();
        let mut kinds = self.kinds.clone();
        let mut clocked = BTreeSet::clone(&self.clocked);
        let mut twins = Arc::clone(&self.twins);
        let mut ahead = Arc::clone(&self.ahead);
        let mut takes: BTreeMap<Code, Takes> = BTreeMap::new();
        for key in changed {
            let Some(matter) = settlement.matters().lend(&key) else { continue };
            let is_clocked = settlement.open_matters().contains_key(&key)
                && matter.strands.values().any(|strand| !strand.clocks.is_empty());
            if is_clocked {
                clocked.insert(key)
            } else {
                clocked.remove(&key)
            };
            if twins.differs(key, &matter) {
                Arc::make_mut(&mut twins).take(key, &matter);
            }
            if ahead.differs(key, &matter) {
                Arc::make_mut(&mut ahead).take(key, &matter);
            }
            let known = Arc::make_mut(kinds.entry(matter.kind.clone()).or_default());
            takes.entry(matter.kind.clone()).or_default().take(known, key, &matter);
        }
        for (kind, takes) in takes {
            let known = Arc::make_mut(kinds.entry(kind.clone()).or_default());
            if takes.is_between {
                // One came in between others: their places are no longer what they were.
                let (mut anew, mut all) = (OfKind::default(), Takes::default());
                for key in settlement.matters_of(&kind) {
                    let Some(matter) = settlement.matters().lend(&key) else { continue };
                    all.take(&mut anew, key, &matter);
                }
                anew.sort(all);
                *known = anew;
            } else {
                known.sort(takes);
            }
        }
        let asks = asks_of(replay, Instant::EPOCH, clocked.iter().copied());
        let asks = asks.into_iter().map(|ask| Asks {
            key: ask.key,
            strand: ask.strand.clone(),
            step: ask.step.clone(),
            kind: ask.matter.kind.clone(),
            is_pressing: is_pressing(&ask),
            is_pressed: ask.rule.is_pressed(),
            of: ask.of,
        });
        Index { kinds, asks: Arc::new(asks.collect()), clocked: Arc::new(clocked), twins, ahead }
    }

    /// What is asked, the soonest first.
    pub(crate) fn asks(&self) -> &[Asks] {
        &self.asks
    }

    /// What is the same as another.
    pub(crate) fn twins(&self) -> &Twins {
        &self.twins
    }

    /// What is known to come.
    pub(crate) fn ahead(&self) -> &Ahead {
        &self.ahead
    }

    /// The matters of a kind, if there are any.
    pub(crate) fn kind(&self, kind: &Code) -> Option<&OfKind> {
        self.kinds.get(kind).map(Arc::as_ref)
    }

    /// The kinds of which there are matters.
    pub(crate) fn kinds(&self) -> impl Iterator<Item = (&Code, &OfKind)> {
        self.kinds.iter().map(|(kind, all)| (kind, all.as_ref()))
    }

    /// The matters that moved last, the last first, at most so many.
    pub(crate) fn newest(&self, most: usize) -> Vec<MatterKey> {
        let last = |all: &'_ Arc<OfKind>| -> Vec<(std::cmp::Reverse<Instant>, MatterKey)> {
            all.lives.iter().take(most).map(|life| (life.since, all.key(life))).collect()
        };
        let mut newest: Vec<_> = self.kinds.values().flat_map(last).collect();
        newest.sort_unstable();
        let mut seen = BTreeSet::new();
        newest.into_iter().map(|(_, key)| key).filter(|key| seen.insert(*key)).take(most).collect()
    }

    /// Matters whose reference has this in it, at most so many.
    pub(crate) fn referring(&self, part: &str, most: usize) -> Vec<MatterKey> {
        let of_kind = |all: &Arc<OfKind>| -> BTreeSet<MatterKey> {
            all.places_of(part).map(|place| all.keys[place]).take(most).collect()
        };
        self.kinds.values().flat_map(of_kind).take(most).collect()
    }

    /// A matter by the reference that people say.
    pub(crate) fn find(&self, reference: &Reference) -> Option<MatterKey> {
        let text = reference.to_string();
        self.kinds.values().find_map(|all| all.find(&text))
    }
}

/// The matters of a kind, each at its place in the order of their keys.
#[derive(Clone, Default)]
pub(crate) struct OfKind {
    keys: Vec<MatterKey>,
    /// Where each is, in degrees × 10⁷: latitude and longitude.
    spots: Vec<[i32; 2]>,
    is_open: Vec<bool>,
    /// The place of what each says among what any of them does.
    says: Vec<u32>,
    marks: Arc<Marks>,
    /// When each happened, in seconds; 0 for what does not say.
    happened: Vec<u32>,
    /// Their references, a line each, and where each begins.
    references: String,
    begins: Vec<u32>,
    /// The place of each by a number that its reference comes to, in the order of those: one is found without reading all.
    by_reference: Vec<(u32, u32)>,
    /// The procedures that they run under, and what matters are filtered by under each.
    procedures: Vec<Arc<Procedure>>,
    marked: Vec<Marked>,
    /// The states that their lives stood in, each with its procedure and whether it is an end.
    states: Vec<(usize, Code, bool)>,
    /// Their lives, the last to move first.
    lives: Vec<Life>,
}

/// One life of a matter.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Life {
    /// Since when it stands as it does: the order that lists have.
    pub(crate) since: std::cmp::Reverse<Instant>,
    /// The place of its matter.
    matter: u32,
    /// Its place among the strands of the matter, which stand by name.
    strand: u16,
    /// The place of its state.
    state: u16,
}

/// The spot of what has none.
const NOWHERE: [i32; 2] = [i32::MIN; 2];

/// What has changed among the matters of a kind.
#[derive(Default)]
struct Takes {
    /// The places of those that were there before.
    changed: BTreeSet<u32>,
    /// The lives of all of them.
    lives: Vec<Life>,
    /// Whether one is new that does not come behind all that were there: then they are to be found anew.
    is_between: bool,
}

impl Takes {
    /// Takes in what has changed; what is new in the order of keys.
    fn take(&mut self, of: &mut OfKind, key: MatterKey, matter: &Matter) {
        let place = match of.keys.binary_search(&key) {
            Ok(place) => {
                self.changed.insert(small(place));
                place
            }
            Err(place) if place == of.keys.len() => of.add(key, matter),
            Err(_) => return self.is_between = true,
        };
        of.spots[place] = spot(matter);
        of.is_open[place] = matter.is_open();
        let procedure = of.procedure(&matter.procedure);
        of.happened[place] = of.marked[procedure].happened(matter);
        let says = of.marked[procedure].says(matter);
        let known = of.marks.find(&says);
        of.says[place] = known.unwrap_or_else(|| Arc::make_mut(&mut of.marks).add(&says));
        for (strand, (_, life)) in matter.strands.iter().enumerate() {
            self.lives.push(Life {
                since: std::cmp::Reverse(life.since),
                matter: small(place),
                // An entry holds no more strands than this.
                strand: u16::try_from(strand).unwrap_or(u16::MAX),
                state: of.state(procedure, &life.state),
            });
        }
    }
}

impl OfKind {
    /// Puts what was taken in into order.
    fn sort(&mut self, mut takes: Takes) {
        self.lives.retain(|life| !takes.changed.contains(&life.matter));
        self.lives.append(&mut takes.lives);
        // Two runs that are sorted, or nearly.
        self.lives.sort();
        self.by_reference.sort();
    }

    fn add(&mut self, key: MatterKey, matter: &Matter) -> usize {
        self.keys.push(key);
        self.spots.push(NOWHERE);
        self.is_open.push(false);
        self.says.push(0);
        self.happened.push(0);
        self.begins.push(small(self.references.len()));
        self.references.push_str(&matter.reference.to_string());
        self.references.push('\n');
        self.by_reference.push((number(&matter.reference.to_string()), small(self.keys.len() - 1)));
        self.keys.len() - 1
    }

    fn procedure(&mut self, procedure: &Arc<Procedure>) -> usize {
        self.procedures.iter().position(|known| Arc::ptr_eq(known, procedure)).unwrap_or_else(|| {
            self.procedures.push(Arc::clone(procedure));
            self.marked.push(Marked::of(procedure));
            self.procedures.len() - 1
        })
    }

    fn state(&mut self, procedure: usize, state: &Code) -> u16 {
        let known = self.states.iter().position(|(of, known, _)| *of == procedure && known == state);
        let place = known.unwrap_or_else(|| {
            let is_over =
                self.procedures[procedure].state(state).is_none_or(|state| state.kind == StateKind::End);
            self.states.push((procedure, state.clone(), is_over));
            self.states.len() - 1
        });
        u16::try_from(place).unwrap_or(u16::MAX)
    }

    /// How many matters are open.
    pub(crate) fn open(&self) -> usize {
        self.is_open.iter().filter(|open| **open).count()
    }

    /// The keys of those that are open.
    pub(crate) fn open_keys(&self) -> impl Iterator<Item = &MatterKey> {
        self.keys.iter().zip(&self.is_open).filter(|(_, is_open)| **is_open).map(|(key, _)| key)
    }

    /// The keys of all.
    pub(crate) fn keys(&self) -> &[MatterKey] {
        &self.keys
    }

    /// The procedures that they run under.
    pub(crate) fn procedures(&self) -> &[Arc<Procedure>] {
        &self.procedures
    }

    /// Their lives, the last to move first; of one time by key and by name.
    pub(crate) fn lives(&self) -> &[Life] {
        &self.lives
    }

    /// The states that their lives stand in now.
    pub(crate) fn states_now(&self) -> BTreeSet<&Code> {
        let mut stands = vec![false; self.states.len()];
        for life in &self.lives {
            stands[life.state as usize] = true;
        }
        self.states.iter().zip(stands).filter(|(_, stands)| *stands).map(|((_, state, _), _)| state).collect()
    }

    /// The matter of a life.
    pub(crate) fn key(&self, life: &Life) -> MatterKey {
        self.keys[life.matter as usize]
    }

    /// What is to be said of a life as the docket has it.
    pub(crate) fn life<T>(
        &self,
        replay: &Replay,
        life: &Life,
        say: impl FnOnce(&Matter, &StrandName, &Strand) -> T,
    ) -> Option<T> {
        let matter = replay.settlement().matters().lend(&self.key(life))?;
        let (name, strand) = matter.strands.iter().nth(life.strand.into())?;
        Some(say(&matter, name, strand))
    }

    /// Whether a life has ended.
    pub(crate) fn is_over(&self, life: &Life) -> bool {
        self.states[life.state as usize].2
    }

    /// For each of the states that lives stood in, whether it is this one.
    pub(crate) fn are(&self, state: &Code) -> Vec<bool> {
        self.states.iter().map(|(_, known, _)| known == state).collect()
    }

    /// Whether a life is in one of those states.
    pub(crate) fn is_in(&self, life: &Life, are: &[bool]) -> bool {
        are.get(life.state as usize) == Some(&true)
    }

    /// For each matter, whether its key is among these.
    pub(crate) fn which<'k>(&self, keys: impl Iterator<Item = &'k MatterKey>) -> Vec<bool> {
        let mut found = vec![false; self.keys.len()];
        for place in keys.filter_map(|key| self.keys.binary_search(key).ok()) {
            found[place] = true;
        }
        found
    }

    /// For each matter, whether its reference has this in it.
    pub(crate) fn referring(&self, part: &str) -> Vec<bool> {
        let mut found = vec![false; self.keys.len()];
        for place in self.places_of(part) {
            found[place] = true;
        }
        found
    }

    /// For each matter, whether its spot, latitude and longitude in degrees × 10⁷, is one of those.
    pub(crate) fn lying(&self, within: impl Fn(i64, i64) -> bool) -> Vec<bool> {
        let lies = |[lat, lon]: &[i32; 2]| [*lat, *lon] != NOWHERE && within((*lat).into(), (*lon).into());
        self.spots.iter().map(lies).collect()
    }

    /// For each matter, whether it happened then; none that does not say when.
    pub(crate) fn happening(&self, since: Option<Instant>, until: Option<Instant>) -> Vec<bool> {
        let (since, until) = (since.map_or(1, seconds), until.map_or(u32::MAX, seconds));
        self.happened.iter().map(|at| (since..=until).contains(at)).collect()
    }

    /// What is to be known of each life, to say whether it is of this opener and says all of this.
    pub(crate) fn saying(
        &self,
        opener: Option<&ParticipantId>,
        fields: &BTreeMap<Code, Code>,
    ) -> Vec<Vec<bool>> {
        self.marks.which(opener, fields)
    }

    /// Whether a life is one of those.
    pub(crate) fn is_said(&self, life: &Life, those: &[Vec<bool>]) -> bool {
        let lives = those.get(self.says[life.matter as usize] as usize);
        lives.and_then(|lives| lives.get(usize::from(life.strand))) == Some(&true)
    }

    /// Who opened any of them.
    pub(crate) fn openers(&self) -> BTreeSet<&str> {
        self.marks.openers()
    }

    /// What stands, or stood, in a field of any of them.
    pub(crate) fn values(&self, field: &Code) -> BTreeSet<Code> {
        self.marks.values(field)
    }

    /// Whether the matter of a life is among those.
    pub(crate) fn is_among(life: &Life, those: &[bool]) -> bool {
        those.get(life.matter as usize) == Some(&true)
    }

    /// Where the matter of a life is.
    pub(crate) fn spot(&self, life: &Life) -> Option<Place> {
        let [lat, lon] = self.spots[life.matter as usize];
        let place = Place { lat_e7: lat.into(), lon_e7: lon.into(), radius_m: 0 };
        ([lat, lon] != NOWHERE).then_some(place)
    }

    fn find(&self, reference: &str) -> Option<MatterKey> {
        let number = number(reference);
        let from = self.by_reference.partition_point(|(known, _)| *known < number);
        let all = self.by_reference[from..].iter().take_while(|(known, _)| *known == number);
        let mut places = all.map(|(_, place)| *place as usize);
        places.find(|place| self.reference(*place) == reference).map(|place| self.keys[place])
    }

    fn reference(&self, place: usize) -> &str {
        let from = self.begins[place] as usize;
        self.references[from..].split('\n').next().unwrap_or_default()
    }

    /// The places of those whose reference has this in it, each at least once.
    fn places_of<'s>(&'s self, part: &'s str) -> impl Iterator<Item = usize> + 's {
        let found = self.references.match_indices(part).filter(|_| !part.contains('\n'));
        found.map(|(at, _)| self.begins.partition_point(|begins| *begins as usize <= at) - 1)
    }
}

/// A number that a reference comes to (FNV-1a): others may come to the same.
fn number(reference: &str) -> u32 {
    reference.bytes().fold(0x811c_9dc5, |all, byte| (all ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

fn small(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

fn spot(matter: &Matter) -> [i32; 2] {
    let spot = |place: Place| Some([i32::try_from(place.lat_e7).ok()?, i32::try_from(place.lon_e7).ok()?]);
    place_of(matter).and_then(spot).unwrap_or(NOWHERE)
}
