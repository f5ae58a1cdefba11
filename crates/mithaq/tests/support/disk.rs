//! A disk so small that it can be filled up.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::mithaq;

/// A small disk in a room of its own, with a desk on it. It is gone when this is dropped.
pub(crate) struct Disk {
    keeper: Child,
    at: PathBuf,
}

impl Disk {
    /// One with copies of these on it; nothing, where this machine gives no such room: that is said.
    pub(crate) fn with(folder: &Path, copied: &[&str]) -> Option<Disk> {
        let disk = Disk::new(folder, copied);
        if disk.is_none() {
            let why = "no small disk can be made here (unshare, mount)";
            assert!(std::env::var_os("MITHAQ_STRICT").is_none(), "{why}");
            eprintln!("skipped: {why}");
        }
        disk
    }

    fn new(folder: &Path, copied: &[&str]) -> Option<Disk> {
        let at = folder.join("disk");
        fs::create_dir(&at).unwrap();
        let script =
            "mount -t tmpfs -o size=64m,mode=700 tmpfs disk && cp -a \"$@\" disk/ && echo ready && exec cat";
        let mut keeper = Command::new("unshare");
        keeper.args(["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"]);
        keeper.args(copied).current_dir(folder);
        let mut keeper = keeper.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
        let mut line = String::new();
        BufReader::new(keeper.stdout.take()?).read_line(&mut line).ok()?;
        let disk = Disk { at: at.clone(), keeper };
        (line == "ready\n").then_some(disk)
    }

    /// The folder, as others than those in the room reach it.
    pub(crate) fn outside(&self) -> PathBuf {
        PathBuf::from(format!("/proc/{}/root{}", self.keeper.id(), self.at.display()))
    }

    /// A command in the room.
    pub(crate) fn inside(&self) -> Command {
        let mut command = mithaq(&self.at);
        let program = command.get_program().to_owned();
        command = Command::new("nsenter");
        command.args([
            "--preserve-credentials",
            "--user",
            "--mount",
            "--target",
            &self.keeper.id().to_string(),
        ]);
        // The folder is another one in there.
        command.args(["sh", "-c", "cd \"$0\" && exec \"$@\""]).arg(&self.at).arg(program);
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("MITHAQ_PASSPHRASE", "a passphrase");
        command
    }

    /// Takes all the room that there is.
    pub(crate) fn fill(&self) {
        let mut file = File::options().append(true).create(true).open(self.outside().join("filler")).unwrap();
        for bytes in [1 << 20, 4096, 1] {
            while file.write_all(&vec![0; bytes]).is_ok() {}
        }
    }

    /// Leaves so many bytes of it.
    pub(crate) fn leave(&self, bytes: u64) {
        self.fill();
        let file = File::options().write(true).open(self.outside().join("filler")).unwrap();
        file.set_len(file.metadata().unwrap().len() - bytes).unwrap();
    }

    pub(crate) fn make_room(&self) {
        fs::remove_file(self.outside().join("filler")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = self.keeper.kill();
        let _ = self.keeper.wait();
    }
}
