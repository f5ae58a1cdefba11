//! Acts that many clients hand in by HTTP, each waiting for its receipt before the next, until a mark that a witness has
//! cosigned makes them final. Beside them, what the disk and one core allow.

use std::path::Path;
use std::time::Instant as Clock;

use ::desk::Desk;
use ::desk::web::acts::PATH;
use act::Submission;
use docket::harness::code;
use node::Node;
use note::KeyName;
use terms::{ActId, Hash, Instant, SignerName};
use tlog::{CosignedCheckpoint, cosignature};
use tokio::runtime::Runtime;

use super::Served;
use super::made::{CLIENTS, incident, key, origin, who, witness_name};
use crate::limits;
use crate::world::sign;

/// How many each client hands in.
const EACH: u64 = 30;

pub(super) fn measure(node: Node, now: Instant, runtime: &Runtime, folder: &Path) -> Result<(), String> {
    let genesis = node.genesis();
    let chains: Vec<(u64, Option<ActId>)> = (1..=CLIENTS)
        .map(|n| {
            let signer = SignerName::key(&who("south"), &code(&format!("liaison-{n}")));
            node.ledger().keys().get(&signer).map_or((0, None), |key| (key.chain.n, key.chain.last))
        })
        .collect();
    let served = Served::of(node, now, runtime)?;
    let url = format!("http://{}", served.host);
    let token = token(&url, genesis, now)?;
    // Signed before: what is measured is the node.
    let all: Vec<Vec<Submission>> = (1..=CLIENTS)
        .zip(chains)
        .map(|(client, chain)| signed(client, chain, genesis, now))
        .collect::<Result<_, _>>()?;
    let began = Clock::now();
    let told = std::thread::scope(|threads| {
        let clients: Vec<_> = all.iter().map(|acts| threads.spawn(|| hand_in(&url, &token, acts))).collect();
        let ends =
            clients.into_iter().map(|client| client.join().map_err(|_| "a client fell over".to_owned())?);
        ends.collect::<Result<Vec<_>, String>>()
    })?;
    let receipts = began.elapsed().as_secs_f64();
    // A checkpoint over them becomes a mark; one over that mark makes it final.
    for _ in 0..2 {
        mark(&served.desk)?;
    }
    let marked = began.elapsed().as_secs_f64();
    let mut took: Vec<f64> = told.into_iter().flatten().collect();
    took.sort_by(f64::total_cmp);
    let at = |part: usize| took.get(took.len() * part / 100).copied().unwrap_or_default() * 1000.0;
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    let count = took.len() as f64;
    let (sync, (_, check)) = (limits::sync_s(folder)?, limits::sign_and_check_s());
    println!(
        "  acts by HTTP, {CLIENTS} clients: {:.0} a second to the receipt (p50 {:.0} ms, p99 {:.0} ms), {:.0} a second to \
         the mark; beside {:.0} syncs and {:.0} single checks of a signature a second",
        count / receipts,
        at(50),
        at(99),
        count / marked,
        1.0 / sync,
        1.0 / check
    );
    Ok(())
}

fn signed(
    client: usize,
    (n, mut prev): (u64, Option<ActId>),
    genesis: Hash,
    now: Instant,
) -> Result<Vec<Submission>, String> {
    let label = format!("liaison-{client}");
    let signer = SignerName::key(&who("south"), &code(&label));
    let key = key(&format!("{}/south/{label}", origin()));
    (1..=EACH)
        .map(|more| {
            let body = incident(client as u64 * 1_000 + more, now);
            let one = sign(&origin(), genesis, &signer, &key, (n + more, prev), now, body)?;
            prev = Some(one.act().id());
            Ok(one)
        })
        .collect()
}

/// Hands in one after the other. Gives how many seconds each took.
fn hand_in(url: &str, token: &str, acts: &[Submission]) -> Result<Vec<f64>, String> {
    let config = ureq::Agent::config_builder().http_status_as_error(false);
    let agent: ureq::Agent = config.build().into();
    let mut took = Vec::new();
    for act in acts {
        let began = Clock::now();
        let asked = agent.post(format!("{url}{PATH}")).header("authorization", format!("Bearer {token}"));
        let mut answer = asked.send(&act.to_bytes()[..]).map_err(|error| error.to_string())?;
        let said = answer.body_mut().read_to_string().map_err(|error| error.to_string())?;
        if answer.status().as_u16() != 200 {
            return Err(format!("{}: {said}", answer.status()));
        }
        took.push(began.elapsed().as_secs_f64());
    }
    Ok(took)
}

/// A token for south's node, as FORMATS.md has it.
fn token(url: &str, genesis: Hash, now: Instant) -> Result<String, String> {
    let text = |error: ureq::Error| error.to_string();
    let url = format!("{url}/reader");
    let challenge = ureq::get(&url).call().map_err(text)?.body_mut().read_to_string().map_err(text)?;
    let hash = Hash::of(challenge.as_bytes());
    let greeting = format!("mithaq.meet/v1\n{}\n{genesis}\nnorth\n{now}\n{hash}\n", origin());
    let signature = key(&format!("{}/south/node-1", origin())).sign(greeting.as_bytes());
    let asked = ureq::post(&url)
        .header("mithaq-sha256", hash.to_string())
        .header("mithaq-signer", "south/node-1")
        .header("mithaq-at", now.to_string())
        .header("mithaq-signature", terms::base64::encode(signature.as_bytes()));
    let token = asked.send(challenge.as_bytes()).map_err(text)?.body_mut().read_to_string().map_err(text)?;
    Ok(token.trim_end().to_owned())
}

/// Harbour's witness cosigns what the node has, and that goes in as a mark.
fn mark(desk: &Desk) -> Result<(), String> {
    let text = |error: &dyn std::fmt::Display| error.to_string();
    desk.work(|node, now| {
        let signed = node.sign_checkpoint().map_err(|e| text(&e))?;
        let witness = witness_name("harbour");
        let name = KeyName::new(&witness).ok_or("a name")?;
        let line = cosignature::sign(signed.checkpoint(), now, &key(&witness), &name);
        let cosigned =
            CosignedCheckpoint::from_note(signed.note().clone().with(line)).map_err(|e| text(&e))?;
        node.notes().put(&cosigned.to_bytes()).map_err(|e| text(&e))?;
        node.cosign_own(now).map(drop).map_err(|e| text(&e))
    })
}
