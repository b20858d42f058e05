#![no_main]
//! Whatever the text, loading it ends without a panic, and what was loaded can be asked. The first byte
//! chooses the options.

use libfuzzer_sys::fuzz_target;
use rbac_check::authz::Chain;
use rbac_check::load::tree::utf8;
use rbac_check::load::{Format, Loader, Options};
use rbac_check::model::{Attributes, Request};

const REQUESTS: [Request<'static>; 5] = [
    Request::Resource {
        verb: "get",
        group: "",
        resource: "pods",
        subresource: "log",
        namespace: "dev",
        name: "web",
    },
    Request::Resource {
        verb: "list",
        group: "apps",
        resource: "deployments",
        subresource: "",
        namespace: "",
        name: "",
    },
    // What the Node authorizer's relations are asked for.
    Request::Resource {
        verb: "get",
        group: "",
        resource: "secrets",
        subresource: "",
        namespace: "dev",
        name: "s",
    },
    Request::Resource {
        verb: "get",
        group: "",
        resource: "persistentvolumes",
        subresource: "",
        namespace: "",
        name: "v",
    },
    Request::NonResource {
        verb: "get",
        path: "/metrics/cadvisor",
    },
];

fuzz_target!(|data: &[u8]| {
    let Some((choices, data)) = data.split_first() else {
        return;
    };
    let Ok(text) = utf8(data) else {
        return;
    };
    let chosen = |bit: u8| choices & (1 << bit) != 0;
    let mut loader = Loader::new(Options {
        manifest_namespace: "dev".to_owned(),
        // They cost more time than the text itself.
        defaults: false,
        aggregation: !chosen(0),
        skip_foreign: chosen(1),
    });
    let format = if chosen(2) {
        Format::Json
    } else {
        Format::Guess
    };
    let name = if chosen(3) {
        "kustomization.yaml"
    } else {
        "fuzz"
    };
    if let Err(error) = loader.add_text(name, text, format) {
        assert!(error.to_string().starts_with(name));
    }
    let cluster = loader.finish();
    for refusal in cluster.refusals() {
        assert!(cluster.place(refusal.position).starts_with(name));
    }
    let chain = Chain::new(&cluster);
    for user in ["alice", "system:serviceaccount:dev:app", "system:node:n1"] {
        for request in REQUESTS {
            let attributes = Attributes {
                user,
                groups: &["system:authenticated", "system:nodes"],
                request,
                ..Attributes::default()
            };
            let verdict = chain.decide(&attributes);
            chain.write_reason(&attributes, &verdict, &mut String::new());
        }
    }
});
