use super::{Decision, Node, NodeGates, Reason};
use crate::answer::who_can::who_can;
use crate::authz::Chain;
use crate::load::{Format, Loader, Options};
use crate::model::{Attributes, Cluster, Request};

const POD: &str = "apiVersion: v1
kind: Pod
metadata: {name: p, namespace: a}
spec:
  nodeName: w
  serviceAccount: robot
  containers: [{name: c, envFrom: [{secretRef: {name: s}}], env: null}]
";

fn load(text: &str) -> Result<Cluster, String> {
    let options = Options {
        defaults: false,
        ..Options::default()
    };
    let mut loader = Loader::new(options);
    let loaded = loader.add_text("f.yaml", text, Format::Guess);
    loaded.map_err(|error| error.to_string())?;
    Ok(loader.finish())
}

fn request<'a>(
    verb: &'a str,
    (group, resource): (&'a str, &'a str),
    (namespace, name): (&'a str, &'a str),
) -> Request<'a> {
    let (resource, subresource) = resource.split_once('/').unwrap_or((resource, ""));
    Request::Resource {
        verb,
        group,
        resource,
        subresource,
        namespace,
        name,
    }
}

fn asked<'a>(request: Request<'a>) -> Attributes<'a, &'static str> {
    Attributes {
        user: "system:node:w",
        groups: &["system:nodes"],
        request,
        ..Attributes::default()
    }
}

#[test]
fn a_later_pod_of_the_name_replaces_the_earlier() {
    let secret = asked(request("get", ("", "secrets"), ("a", "s")));
    let unscheduled = POD.replace("  nodeName: w\n", "");
    let elsewhere = POD.replace("nodeName: w", "nodeName: m");
    let other_namespace = POD.replace("namespace: a", "namespace: b");
    for (text, allowed) in [
        (POD.to_owned(), true),
        (format!("{POD}---\n{unscheduled}"), false),
        (format!("{POD}---\n{elsewhere}"), false),
        (format!("{elsewhere}---\n{POD}"), true),
        (format!("{POD}---\n{other_namespace}"), true),
        (other_namespace.clone(), false),
    ] {
        let cluster = load(&text).expect("objects");
        let node = Node::new(&cluster, NodeGates::default());
        let decision = node.decide(&secret);
        assert_eq!(decision == Decision::Allow, allowed, "{text}");
    }
}

#[test]
fn the_old_name_of_the_service_account_counts() {
    let cluster = load(POD).expect("objects");
    let node = Node::new(&cluster, NodeGates::default());
    let token = |name| {
        node.decide(&asked(request(
            "create",
            ("", "serviceaccounts/token"),
            ("a", name),
        )))
    };
    assert_eq!(token("robot"), Decision::Allow);
    assert_eq!(token("default"), Decision::NoOpinion(Reason::Unrelated));
}

#[test]
fn only_name_and_group_together_make_a_kubelet() {
    let cluster = load(POD).expect("objects");
    let node = Node::new(&cluster, NodeGates::default());
    let nothing = Decision::NoOpinion(Reason::Nothing);
    let secret = asked(request("get", ("", "secrets"), ("a", "s")));
    let no_group = Attributes {
        groups: &[],
        ..secret
    };
    assert_eq!(node.decide(&no_group), nothing);
    for user in ["w", "system:nodes:w", "System:node:w"] {
        assert_eq!(node.decide(&Attributes { user, ..secret }), nothing);
    }
    let nameless = Attributes {
        user: "system:node:",
        ..secret
    };
    let Decision::NoOpinion(reason) = node.decide(&nameless) else {
        panic!("allowed");
    };
    let mut words = String::new();
    reason.write(&nameless, &mut words);
    assert_eq!(words, "unknown node for user \"system:node:\"");
}

#[test]
fn gates_open_and_close() {
    let cluster = load(POD).expect("objects");
    let default = NodeGates::default();
    let bundles = asked(request(
        "watch",
        ("certificates.k8s.io", "clustertrustbundles"),
        ("", ""),
    ));
    let account = asked(request("get", ("", "serviceaccounts"), ("a", "robot")));
    let create = asked(request(
        "create",
        ("certificates.k8s.io", "podcertificaterequests"),
        ("a", ""),
    ));
    let closed = NodeGates {
        credential_provider_tokens: false,
        ..default
    };
    let open = NodeGates {
        trust_bundles: true,
        pod_certificate_request: true,
        ..closed
    };
    for (gates, allowed) in [
        (default, [false, true, false]),
        (closed, [false, false, false]),
        (open, [true, true, true]),
    ] {
        let node = Node::new(&cluster, gates);
        let decisions = [bundles, account, create].map(|asked| node.decide(&asked));
        assert_eq!(
            decisions.map(|d| d == Decision::Allow),
            allowed,
            "{gates:?}"
        );
    }
}

#[test]
fn kubelets_are_among_those_who_can() {
    let cluster = load(POD).expect("objects");
    let chain = Chain::new(&cluster);
    let who = who_can(&chain, request("get", ("", "secrets"), ("a", "s")));
    let names: Vec<&str> = who.may.iter().map(|who| who.name).collect();
    assert!(names.contains(&"system:node:w"), "{names:?}");
    let other = who_can(&chain, request("get", ("", "secrets"), ("a", "other")));
    assert!(other.may.iter().all(|who| who.name != "system:node:w"));
}

#[test]
fn what_the_server_cannot_decode_is_an_error_with_its_place() {
    for (from, to, path) in [
        (
            "{name: s}",
            "{name: [s]}",
            "spec.containers[0].envFrom[0].secretRef.name",
        ),
        (
            "[{secretRef: {name: s}}]",
            "secret",
            "spec.containers[0].envFrom",
        ),
        ("env: null", "env: [7]", "spec.containers[0].env[0]"),
    ] {
        let error = load(&POD.replace(from, to)).expect_err(path);
        assert!(
            error.contains(path) && error.starts_with("f.yaml:7:"),
            "{error}"
        );
    }
}
