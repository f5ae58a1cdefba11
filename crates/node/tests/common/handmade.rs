//! Bundles made by hand, as a stranger or a careless program makes them.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use act::{Body, Submission};
use node::Node;
use terms::Hash;

use super::{World, at};

/// A member of a hostile tar.
pub(crate) struct Foreign {
    pub(crate) path: Vec<u8>,
    pub(crate) kind: tar::EntryType,
    pub(crate) size: u64,
    pub(crate) bytes: Vec<u8>,
}

impl Foreign {
    pub(crate) fn new(path: &str, bytes: &[u8]) -> Foreign {
        Foreign {
            path: path.as_bytes().to_vec(),
            kind: tar::EntryType::Regular,
            size: bytes.len() as u64,
            bytes: bytes.to_vec(),
        }
    }
}

pub(crate) fn tar_of(members: &[Foreign]) -> Vec<u8> {
    let mut out = Vec::new();
    for member in members {
        let mut header = tar::Header::new_ustar();
        header.as_old_mut().name[..member.path.len()].copy_from_slice(&member.path);
        header.set_entry_type(member.kind);
        header.set_size(member.size);
        header.set_mode(0o644);
        header.set_cksum();
        out.extend_from_slice(header.as_bytes());
        out.extend_from_slice(&member.bytes);
        out.resize(out.len().next_multiple_of(512), 0);
    }
    out.resize(out.len() + 1024, 0);
    out
}

/// A stranger's stick for harbour, with these members.
pub(crate) fn stick_with(world: &World, name: &str, members: &[(String, Vec<u8>)]) -> PathBuf {
    let list: Vec<serde_json::Value> =
        members.iter().map(|(path, bytes)| serde_json::json!({"path": path, "size": bytes.len()})).collect();
    let manifest = serde_json::json!({
        "format": "mithaq.bundle/v1", "origin": super::origin(), "genesis": world.north.genesis(),
        "from": "north", "to": "harbour", "base": 0, "size": 4, "cosigned": 0, "part": 1, "parts": 1,
        "have": [], "list": list
    });
    let text = format!("{manifest}\n");
    let mut tar = vec![Foreign::new("manifest.json", text.as_bytes())];
    tar.extend(members.iter().map(|(path, bytes)| Foreign::new(path, bytes)));
    let file = world.stick.join(name);
    std::fs::write(&file, tar_of(&tar)).expect("written");
    file
}

pub(crate) fn submitted(submission: &Submission) -> (String, Vec<u8>) {
    (format!("submit/{}", submission.hash().to_hex()), submission.to_bytes())
}

pub(crate) fn batch(annex: &[u8]) -> Body {
    let annex = serde_json::json!({"sha256": Hash::of(annex), "size": annex.len()});
    let batch = serde_json::json!({"table": "incidents", "rows": 1, "annex": annex});
    serde_json::from_value(batch).map(Body::Batch).expect("a batch")
}

/// An act by a key of north's that nobody has handed in.
pub(crate) fn written(north: &Node, label: &str, body: Body, hour: u64) -> Submission {
    let signer = north.signer(label).expect("a signer");
    let act = north.write(vec![signer], body, at(hour)).expect("written");
    north.sign(act, None).expect("signed")
}

/// The same act, signed by nobody.
pub(crate) fn forged(submission: &Submission) -> Submission {
    let mut lines = submission.signatures().to_vec();
    for line in &mut lines {
        *line.payload.last_mut().expect("a signature") ^= 1;
    }
    Submission::new(submission.act().clone(), lines, Vec::new(), Vec::new()).expect("a submission")
}

/// The files of a plain bundle, the manifest first.
pub(crate) fn members_of(bundle: &Path) -> Vec<(String, Vec<u8>)> {
    let mut archive = tar::Archive::new(std::fs::File::open(bundle).expect("a file"));
    let entries = archive.entries().expect("a tar");
    let member = |entry: std::io::Result<tar::Entry<'_, std::fs::File>>| {
        let mut entry = entry.expect("a member");
        let path = entry.path().expect("a path").to_string_lossy().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("read");
        (path, bytes)
    };
    entries.map(member).collect()
}

/// A bundle of these files, listed by its manifest as they are.
pub(crate) fn rebuilt(members: Vec<(String, Vec<u8>)>) -> Vec<u8> {
    let mut members = members.into_iter();
    let (name, manifest) = members.next().expect("a manifest");
    let mut manifest: serde_json::Value = serde_json::from_slice(&manifest).expect("json");
    let members: Vec<(String, Vec<u8>)> = members.collect();
    let list = members.iter().map(|(path, bytes)| serde_json::json!({"path": path, "size": bytes.len()}));
    manifest["list"] = list.collect::<Vec<_>>().into();
    let mut all = vec![Foreign::new(&name, format!("{manifest}\n").as_bytes())];
    all.extend(members.iter().map(|(path, bytes)| Foreign::new(path, bytes)));
    tar_of(&all)
}
