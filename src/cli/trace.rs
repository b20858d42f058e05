//! `trace`: a request through every stage, to the answer of the server.

mod batch;

use super::args::{Common, TraceArgs};
use super::server::Server;
use super::{Exit, load_cluster};
use crate::answer::serve::Serving;
use anyhow::{Result, bail};

pub(super) fn run(common: &Common, args: &TraceArgs) -> Result<Exit> {
    let cluster = load_cluster(common)?;
    let server = Server::load(&common.server)?;
    let chain = server.chain(&cluster)?;
    let serving = Serving {
        component: server.component(),
        authenticators: &server.authenticators,
        chain: &chain,
        gates: server.gates(),
    };
    if let Some(path) = &args.batch {
        return batch::run(&server, &serving, path);
    }
    bail!("trace needs --batch")
}
