//! Exhibits at the desk: what is on record of one, who may open it here, and what comes in to become one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use act::value::{File, GrantRef};
use act::{Act, Body, Entry};
use docket::v1::event::What;
use docket::v1::exhibit::Exhibit;
use node::Fault;
use node::evidence::files_of;
use node::upload::Uploads;
use terms::{Hash, Item, ItemPart, Reference};
use tokio::sync::Semaphore;
use vault::Grant;

use crate::desk::{Desk, Held};
use crate::web::answer::Sorry;
use crate::writing::FILES;

/// How many files come in at once: who sends another waits a little.
const AT_ONCE: usize = 8;

/// How many files may lie here that no act names yet.
pub(crate) const UPLOADS_MAX: usize = 200;

/// How long one is kept of which nothing comes any more: those that are not whole, and those that no draft names.
pub(crate) const KEPT_DAYS: u64 = 7;

/// What the machine keeps free, whatever comes in.
const RESERVE_BYTES: u64 = 1 << 30;

/// How many checked files are remembered.
const CHECKED_MAX: usize = 1_000;

/// What a desk holds of evidence.
pub(crate) struct Evidence {
    pub(crate) uploads: Uploads,
    /// The uploads that somebody writes to now.
    busy: Mutex<BTreeSet<String>>,
    pub(crate) receiving: Arc<Semaphore>,
    /// The sealed files that were checked, as they were on the disk then.
    checked: Mutex<BTreeMap<Hash, (u64, SystemTime)>>,
}

/// The one who writes to an upload.
pub(crate) struct Writer {
    desk: Arc<Desk>,
    id: String,
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.desk.evidence.busy().remove(&self.id);
    }
}

impl Evidence {
    pub(crate) fn of(uploads: Uploads) -> Evidence {
        let receiving = Arc::new(Semaphore::new(AT_ONCE));
        Evidence { uploads, busy: Mutex::default(), receiving, checked: Mutex::default() }
    }

    fn busy(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The turn to write to an upload, if nobody has it.
    pub(crate) fn writer(desk: &Arc<Desk>, id: &str) -> Option<Writer> {
        let is_free = desk.evidence.busy().insert(id.to_owned());
        is_free.then(|| Writer { desk: Arc::clone(desk), id: id.to_owned() })
    }

    /// Lets go of what nobody goes on with, and erases what was said to be erased. A disk that fails is said in the log, and
    /// takes nothing away from who reads.
    pub(crate) fn tidy(desk: &Desk) {
        for done in [Evidence::sweep(desk), Evidence::finish_erasing(desk)] {
            if let Err(fault) = done {
                tracing::error!(?fault, "files that nobody needs any more stay");
            }
        }
    }

    /// Lets go of what nobody goes on with, but for what is written to now and for what a draft names.
    pub(crate) fn sweep(desk: &Desk) -> Result<(), Sorry> {
        let drafts = desk.private.drafts()?;
        let named: BTreeSet<&str> =
            drafts.iter().filter_map(|draft| draft.typed.get(FILES)).flatten().map(String::as_str).collect();
        let busy = desk.evidence.busy().clone();
        let age = Duration::from_secs(KEPT_DAYS * 24 * 3600);
        let stays = |id: &str| named.contains(id) || busy.contains(id);
        desk.evidence.uploads.sweep(SystemTime::now(), age, &stays)?;
        Ok(())
    }

    /// Erases what this participant has said is erased, if a crash came between.
    pub(crate) fn finish_erasing(desk: &Desk) -> Result<(), Sorry> {
        let held = desk.held();
        let exhibits = held.replay().settlement().exhibits().iter();
        for (item, exhibit) in exhibits.filter(|(_, exhibit)| exhibit.destroyed.contains_key(held.me())) {
            if of(desk, &held, item, exhibit)?.is_some_and(|found| desk.opener.holds(&found.file)) {
                desk.work(|node, _| node.destroy_copy(item))?;
            }
        }
        Ok(())
    }

    /// Whether there is room for so many bytes more: they lie here twice while they are sealed.
    pub(crate) fn has_room(&self, bytes: u64) -> bool {
        let free = free_bytes(self.uploads.folder());
        free.is_none_or(|free| free.saturating_sub(RESERVE_BYTES) / 2 >= bytes)
    }

    /// Checks an exhibit, unless it was and has not changed since.
    pub(crate) fn check(&self, desk: &Desk, found: &Found<'_>, grant: &Grant) -> Result<(), Fault> {
        let checked = || self.checked.lock().unwrap_or_else(PoisonError::into_inner);
        let stamp = desk.opener.stamp(&found.file);
        if stamp.is_some() && checked().get(&found.file.sealed) == stamp.as_ref() {
            return Ok(());
        }
        desk.opener.check(grant, &found.exhibit.filer, &found.file)?;
        let mut all = checked();
        if all.len() >= CHECKED_MAX {
            all.pop_first();
        }
        all.extend(stamp.map(|stamp| (found.file.sealed, stamp)));
        Ok(())
    }
}

/// How many bytes are free for this program where a folder is, or would be; nothing where no machine says it.
pub(crate) fn free_bytes(folder: &std::path::Path) -> Option<u64> {
    let there = folder.ancestors().find(|folder| folder.exists())?;
    let about = rustix::fs::statvfs(there).ok()?;
    about.f_bavail.checked_mul(about.f_frsize)
}

/// An exhibit on record, and what its act says of it.
pub(crate) struct Found<'r> {
    pub(crate) item: Item,
    pub(crate) exhibit: &'r Exhibit,
    pub(crate) act: Act,
    pub(crate) file: File,
    /// The grants to this participant, in the order in which they were given.
    pub(crate) grants: Vec<GrantRef>,
}

/// An exhibit by its reference.
pub(crate) fn find<'r>(desk: &Desk, held: &'r Held, reference: &str) -> Result<Found<'r>, Sorry> {
    let none = || Sorry::NoReference(reference.to_owned());
    let known = Reference::parse(&reference.to_uppercase()).ok_or_else(none)?;
    let mut all = held.replay().settlement().exhibits().iter();
    let (item, exhibit) = all.find(|(_, exhibit)| exhibit.reference == known).ok_or_else(none)?;
    of(desk, held, item, exhibit)?.ok_or_else(none)
}

/// What the act that filed an exhibit says of it.
pub(crate) fn of<'r>(
    desk: &Desk,
    held: &'r Held,
    item: &Item,
    exhibit: &'r Exhibit,
) -> Result<Option<Found<'r>>, Sorry> {
    let read = Entry::parse(&desk.entry(held, exhibit.entry)?).map_err(Fault::from)?;
    let act = read.act().clone();
    let ItemPart::Exhibit(number) = item.part else { return Ok(None) };
    let place = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
    let file = place.and_then(|place| files_of(act.body()).get(place).copied().cloned());
    let Some(file) = file else { return Ok(None) };
    let mut grants: Vec<GrantRef> =
        file.grants.iter().filter(|grant| grant.to == *held.me()).cloned().collect();
    let later = held.happened().grants_of(item);
    let later = later.filter(|event| matches!(&event.what, What::Granted(_, to) if to == held.me()));
    let entries: BTreeSet<u64> = later.filter_map(|event| event.entry).collect();
    for entry in entries.into_iter().filter(|entry| *entry != exhibit.entry) {
        let read = Entry::parse(&desk.entry(held, entry)?).map_err(Fault::from)?;
        if let Body::Grant(grant) = read.act().body() {
            grants.extend(grant.grants.iter().filter(|grant| grant.to == *held.me()).cloned());
        }
    }
    Ok(Some(Found { item: *item, exhibit, act, file, grants }))
}
