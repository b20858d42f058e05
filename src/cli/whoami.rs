//! `whoami`: the user that the asker is judged as.

use super::args::{Common, WhoamiArgs};
use super::identity::{self, Identity, identity};
use super::{Exit, load_cluster, print};
use crate::authz::Chain;
use crate::model::{Attributes, Request};
use crate::render;
use anyhow::{Result, anyhow};
use std::io::{self, Write};

pub(super) fn run(common: &Common, args: &WhoamiArgs) -> Result<Exit> {
    let cluster = load_cluster(common)?;
    let chain = Chain::new(&cluster);
    let context = identity::context(&args.who)?;
    let user = match identity(&args.who, &context, &chain)? {
        Identity::User(user) => user,
        Identity::Unknown(why) => {
            print(format!("unknown - {why}\n"))?;
            return Ok(Exit::Unknown);
        }
    };
    // kubectl has no format of this name; here it names the default.
    let output = args.output.as_deref().filter(|output| *output != "table");
    let now = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ");
    let text = render::whoami::whoami(&user, &now.to_string(), output);
    let attributes = Attributes {
        user: &user.username,
        groups: &user.groups,
        request: Request::Resource {
            verb: "create",
            group: "authentication.k8s.io",
            resource: "selfsubjectreviews",
            subresource: "",
            namespace: "",
            name: "",
        },
    };
    let text = text.map_err(|error| anyhow!("{error}"))?;
    if !common.no_defaults && !chain.decide(&attributes).allowed() {
        let _ = writeln!(
            io::stderr(),
            "error: the selfsubjectreviews API is not enabled in the cluster or you do not have permission to call it"
        );
        return Ok(Exit::No);
    }
    print(text)?;
    Ok(Exit::Yes)
}
