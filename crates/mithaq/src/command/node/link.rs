//! `mithaq node link`: a link that opens the desk, or lets an officer make a passkey; while the node runs, and without it.

use std::time::SystemTime;

use act::value::Office;
use desk::web::links::{Invited, Links};
use serde_json::json;
use terms::Code;

use super::config;
use super::run::address;
use crate::cli::Globals;
use crate::failure::{Exit, Failure};
use crate::session;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  mithaq node link
  mithaq node link --enrol legal-1 --office 'Legal office'

Who has the first reads what this participant may read, and signs with the keys that lie on this node. With the second
an officer makes a passkey: it has force once the roots have signed its enrolment. Either works once, within a day;
give it by a way that nobody else reads.")]
pub(super) struct Args {
    /// The label of the key that an officer is to make.
    #[arg(long, value_name = "LABEL", value_parser = code, requires = "office")]
    enrol: Option<Code>,
    /// The office that is to hold it, at most 80 characters.
    #[arg(long, value_name = "TEXT", value_parser = office, requires = "enrol")]
    office: Option<Office>,
}

fn code(text: &str) -> Result<Code, String> {
    Code::new(text).ok_or_else(|| "it has small letters, digits and hyphens, at most 32".to_owned())
}

fn office(text: &str) -> Result<Office, String> {
    Office::new(text.to_owned()).map_err(str::to_owned)
}

pub(super) fn run(args: &Args, globals: &Globals) -> Result<Exit, Failure> {
    let settings = session::settings(globals)?;
    let links = Links::beside(&session::home(globals).private());
    let invited = args.enrol.clone().zip(args.office.as_ref());
    let invited = invited.map(|(label, office)| Invited { label, office: office.as_str().to_owned() });
    let at = match links.address() {
        Some(at) => at,
        None => {
            let config = config::read(None, globals)?;
            address(&config, &settings.participant, config.listen.port())
        }
    };
    let link = links.issue(invited.as_ref(), SystemTime::now()).map_err(|error| {
        Failure::new(Exit::Machine, "mithaq::machine", format!("no link can be made: {error}"))
    })?;
    if globals.json {
        println!("{}", json!({"opens": format!("{at}{link}")}));
    } else {
        println!("{at}{link}");
    }
    Ok(Exit::Good)
}
