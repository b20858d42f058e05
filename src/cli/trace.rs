//! `trace`: a request through every stage, to the answer of the server.

pub(super) mod audit;
mod batch;
mod one;
mod pasted;

use super::args::{Common, Output, TraceArgs};
use super::can_i::Colours;
use super::server::Server;
use super::{Exit, load_cluster};
use crate::answer::serve::Serving;
use crate::answer::{explain, hints};
use crate::authz::Chain;
use crate::model::{Attributes, Request, UserInfo};
use crate::render;
use crate::render::explain::explanation_json;
use anyhow::{Result, bail};
use serde_json::Value;

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
    if let Some(text) = &args.message {
        return pasted::run(&chain, args, text);
    }
    if let Some(path) = &args.audit_event {
        return audit::run(&server, &serving, args, path);
    }
    if args.words.is_empty() && args.path.is_none() {
        bail!(
            "nothing to trace: give VERB RESOURCE, or --method and --path, or --message, --audit-event or --batch"
        );
    }
    one::run(&server, &serving, args)
}

/// Why RBAC says what it says to a question: the grants, or the nearest misses and the smallest fix. `None`
/// where another authorizer decided.
fn why(chain: &Chain<'_>, user: &UserInfo, request: Request<'_>) -> Option<(String, Value)> {
    let attributes = Attributes::of(user, request);
    let verdict = chain.decide(&attributes);
    let rbac = explain::rbac_in(chain, &verdict)?;
    let decision = rbac.decide(&attributes);
    let explanation = explain::explain(rbac, &attributes, &decision);
    let hints = hints::hints(rbac, &attributes, &decision, "");
    let cluster = chain.cluster();
    let text = render::explain::explanation(cluster, &attributes, &explanation, &hints, &Colours);
    let json = explanation_json(cluster, &attributes, &explanation, &hints);
    Some((text, json))
}

/// Whether an output is YAML.
fn is_yaml(output: Output) -> bool {
    output == Output::Yaml
}
