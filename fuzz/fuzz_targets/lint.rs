#![no_main]
//! Whatever roles and bindings there are, every rule judges them without a panic, every form of the report is
//! what it should be, and no finding changes its fingerprint when the file gets longer. The first byte chooses
//! between a text as it is and objects made of words.

use libfuzzer_sys::fuzz_target;
use rbac_check::authz::rbac::Rbac;
use rbac_check::lint::{Lint, Settings, identify, lint, locate, suppress};
use rbac_check::load::tree::utf8;
use rbac_check::load::{Format, Loader, Options};
use rbac_check::model::FileId;
use rbac_check::render::lint::{Shows, Sources, github, gitlab, json, junit, sarif, text};
use std::fmt::Write;

const VERBS: &[&str] = &[
    "get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "*", "bind", "escalate",
    "impersonate", "approve", "sign", "use", "get*", "", "GET", "impersonate:user-info", "attest",
];
const GROUPS: &[&str] = &[
    "", "*", "apps", "batch", "rbac.authorization.k8s.io", "certificates.k8s.io", "authentication.k8s.io",
    "admissionregistration.k8s.io", "example.com", "v1", "apps/v1", "apiextensions.k8s.io", "core",
];
const RESOURCES: &[&str] = &[
    "*", "pods", "pods/exec", "pods/*", "*/exec", "*/*", "secrets", "nodes", "nodes/proxy", "serviceaccounts/token",
    "roles", "clusterroles", "rolebindings", "clusterrolebindings", "users", "groups", "uids", "serviceaccounts",
    "signers", "certificatesigningrequests/approval", "deployments", "cronjobs", "configmaps", "namespaces",
    "validatingwebhookconfigurations", "persistentvolumes", "pod", "", "userextras/scopes", "customresourcedefinitions",
    "endpoints", "pods/ephemeralcontainers", "tokenreviews", "widgets",
];
const NAMES: &[&str] = &[
    "a", "b", "view", "cluster-admin", "system:masters", "system:authenticated", "system:unauthenticated", "default",
    "kube-system", "aws-auth", "*", "", "system:node:n", "system:anonymous", "system:serviceaccounts", "ü\u{1b}",
    "system:serviceaccount:a:b", "coredns", "extension-apiserver-authentication",
];
const KINDS: &[&str] = &["ClusterRole", "Role", "ClusterRoleBinding", "RoleBinding", "ServiceAccount", "Pod", "Secret"];
const SUBJECTS: &[&str] = &["User", "Group", "ServiceAccount", "Node"];

struct Words<'d>(&'d [u8]);

impl Words<'_> {
    fn byte(&mut self) -> usize {
        let Some((first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        usize::from(*first)
    }

    fn one(&mut self, of: &[&'static str]) -> &'static str {
        of[self.byte() % of.len()]
    }

    fn list(&mut self, of: &[&'static str]) -> String {
        let count = self.byte() % 4;
        let words: Vec<String> = (0..count).map(|_| format!("{:?}", self.one(of))).collect();
        format!("[{}]", words.join(", "))
    }
}

fn objects(data: &[u8]) -> String {
    let mut words = Words(data);
    let mut out = String::new();
    while !words.0.is_empty() && out.len() < 1 << 14 {
        let kind = words.one(KINDS);
        let rbac = kind.contains("Role");
        let version = if rbac { "rbac.authorization.k8s.io/v1" } else { "v1" };
        let (name, namespace) = (words.one(NAMES), words.one(NAMES));
        let _ = write!(out, "apiVersion: {version}\nkind: {kind}\nmetadata: {{name: {name:?}, namespace: {namespace:?}");
        if words.byte() % 8 == 0 {
            let label = words.one(NAMES);
            let _ = write!(out, ", labels: {{rbac.authorization.k8s.io/aggregate-to-view: 'true', x: {label:?}}}");
        }
        out.push_str("}\n");
        if kind.ends_with("Role") {
            if words.byte() % 8 == 0 {
                let label = words.one(NAMES);
                let _ = writeln!(out, "aggregationRule: {{clusterRoleSelectors: [{{matchLabels: {{x: {label:?}}}}}]}}");
            }
            out.push_str("rules:\n");
            for _ in 0..words.byte() % 4 {
                let verbs = words.list(VERBS);
                if words.byte() % 8 == 0 {
                    let _ = writeln!(out, "- {{nonResourceURLs: ['/metrics', '/a*', '*'], verbs: {verbs}}}");
                    continue;
                }
                let (groups, resources) = (words.list(GROUPS), words.list(RESOURCES));
                let _ = write!(out, "- {{apiGroups: {groups}, resources: {resources}, verbs: {verbs}");
                if words.byte() % 4 == 0 {
                    let _ = write!(out, ", resourceNames: {}", words.list(NAMES));
                }
                out.push_str("}\n");
            }
        } else if rbac {
            let (role, name) = (words.one(&KINDS[..2]), words.one(NAMES));
            let _ = writeln!(out, "roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: {role}, name: {name:?}}}");
            out.push_str("subjects:\n");
            for _ in 0..words.byte() % 4 {
                let (kind, name, namespace) = (words.one(SUBJECTS), words.one(NAMES), words.one(NAMES));
                let _ = writeln!(out, "- {{kind: {kind}, name: {name:?}, namespace: {namespace:?}}}");
            }
        } else if kind == "Pod" {
            let (account, node) = (words.one(NAMES), words.one(NAMES));
            let _ = writeln!(out, "spec: {{serviceAccountName: {account:?}, nodeName: {node:?}, containers: [{{name: c}}]}}");
        } else if kind == "Secret" {
            let account = words.one(NAMES);
            let _ = writeln!(out, "type: kubernetes.io/service-account-token\ndata: {{token: {account:?}}}");
        }
        out.push_str("---\n");
    }
    out
}

fn judged(text: &str, defaults: bool) -> Option<Vec<String>> {
    let mut loader = Loader::new(Options {
        manifest_namespace: "dev".to_owned(),
        defaults,
        aggregation: true,
        skip_foreign: false,
    });
    loader.add_text("fuzz.yaml", text, Format::Guess).ok()?;
    let suppressions = suppress::in_text(FileId(1), text).expect("a report");
    let cluster = loader.finish();
    let rbac = Rbac::new(&cluster);
    let settings = Settings::new(jiff::Timestamp::UNIX_EPOCH);
    let context = Lint::new(&cluster, &rbac, &settings);
    let mut report = lint(&context);
    locate(&context, &mut report.findings, |_| Some(text));
    identify(&context, &mut report.findings);
    let today = jiff::civil::date(1970, 1, 1);
    let (mut findings, suppressed) = suppress::apply(&context, report.findings, &suppressions, today);
    identify(&context, &mut findings);
    let mut shows = Shows::new(&context, findings);
    shows.not_checked = report.not_checked;
    shows.suppressed = suppressed.len();
    let mut sources = Sources::default();
    sources.add("fuzz.yaml".to_owned(), text.to_owned());
    let mut forms = [const { Vec::new() }; 6];
    let [text, github, junit, sarif, json, gitlab] = &mut forms;
    text::report(&shows, &sources, true, text).expect("a report");
    github::report(&shows, github).expect("a report");
    junit::report(&shows, junit).expect("a report");
    sarif::report(&shows, sarif).expect("a report");
    json::report(&shows, json).expect("a report");
    gitlab::report(&shows, gitlab).expect("a report");
    for form in &forms {
        let form = std::str::from_utf8(form).expect("text");
        assert!(!form.contains(|c: char| c.is_control() && c != '\n' && c != '\u{1b}' && c != '\t'));
    }
    assert_eq!(forms[1].iter().filter(|byte| **byte == b'\n').count(), shows.findings.len());
    let mut prints: Vec<String> = shows.shown().map(|finding| finding.fingerprint).collect();
    prints.sort_unstable();
    assert!(prints.windows(2).all(|two| two[0] != two[1]), "two findings of one fingerprint");
    Some(prints)
}

fuzz_target!(|data: &[u8]| {
    let Some((choice, data)) = data.split_first() else {
        return;
    };
    // The defaults cost more time than the text itself.
    let defaults = choice % 64 == 1;
    if choice % 4 == 0 {
        if let Ok(text) = utf8(data) {
            judged(text, defaults);
        }
        return;
    }
    let text = objects(data);
    let before = judged(&text, defaults);
    if choice % 4 == 3 {
        assert_eq!(before, judged(&format!("# one\n\n{text}"), defaults));
    }
});
