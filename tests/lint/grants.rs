//! How grave each grant is: cluster-wide, in a namespace, in kube-system, by name, beside other grants; and what
//! makes the same words harmless.

use super::command::Folder;
use super::json;
use rbac_check::authz::rbac::Rbac;
use rbac_check::lint::{Finding, Lint, Settings, Severity, lint};
use rbac_check::load::{Format, Loader, Options};
use serde_json::Value;
use std::collections::BTreeMap;

const EVERY_VERB: &str = "get,list,watch,create,update,patch,delete,deletecollection,escalate,bind,impersonate,approve,sign,attest";

/// `VERBS [GROUP:]RESOURCES [NAMES]` or `VERBS /PATH`, as a rule of a role.
fn rule(words: &str) -> String {
    let list = |words: &str| {
        let words: Vec<String> = words.split(',').map(|word| format!("'{word}'")).collect();
        format!("[{}]", words.join(", "))
    };
    let mut words = words.split(' ');
    let verbs = match words.next().unwrap_or("") {
        "EVERY" => EVERY_VERB,
        verbs => verbs,
    };
    let what = words.next().unwrap_or("");
    if what.starts_with('/') {
        return format!(
            "- {{nonResourceURLs: {}, verbs: {}}}\n",
            list(what),
            list(verbs)
        );
    }
    let constrained = what.split_once(':');
    let (group, resources) = constrained.unwrap_or(("", what));
    let names = words.next().map_or(String::new(), |names| {
        format!(", resourceNames: {}", list(names))
    });
    format!(
        "- {{apiGroups: ['{group}'], resources: {}, verbs: {}{names}}}\n",
        list(resources),
        list(verbs)
    )
}

/// A role of these rules and a binding of it: cluster-wide if the namespace is empty, unbound if it is `-`.
fn grant(name: &str, namespace: &str, rules: &str, subject: &str) -> String {
    let rules: String = rules.split("; ").map(rule).collect();
    let (kind, at) = match namespace {
        "" | "-" => ("ClusterRole", String::new()),
        namespace => ("Role", format!(", namespace: {namespace}")),
    };
    let subject = match subject {
        "" => format!(
            "{{kind: ServiceAccount, name: bot, namespace: {}}}",
            if namespace.is_empty() {
                "tools"
            } else {
                namespace
            }
        ),
        subject => subject.to_owned(),
    };
    let role = format!(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: {kind}\nmetadata: {{name: {name}{at}}}\nrules:\n{rules}---\n"
    );
    if namespace == "-" {
        return role;
    }
    format!(
        "{role}apiVersion: rbac.authorization.k8s.io/v1\nkind: {kind}Binding\nmetadata: {{name: {name}{at}}}\n\
         roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: {kind}, name: {name}}}\nsubjects:\n- {subject}\n---\n"
    )
}

/// How grave each rule finds it, facets included: by the library, or with flags by the binary.
fn severities(manifest: &str, flags: &str) -> BTreeMap<String, Severity> {
    let mut found: BTreeMap<String, Severity> = BTreeMap::new();
    let mut note = |id: &str, severity: Severity| {
        let most = found.entry(id.to_owned()).or_insert(severity);
        *most = severity.max(*most);
    };
    if flags.is_empty() {
        let mut loader = Loader::new(Options::default());
        loader
            .add_text("rbac.yaml", manifest, Format::Guess)
            .expect("a manifest");
        let cluster = loader.finish();
        let rbac = Rbac::new(&cluster);
        let settings = Settings::new(jiff::Timestamp::UNIX_EPOCH);
        let report = lint(&Lint::new(&cluster, &rbac, &settings));
        for (rule, severity) in report.findings.iter().flat_map(Finding::rules) {
            note(rule.id, severity);
        }
        return found;
    }
    let report = json(manifest, flags);
    for finding in report["findings"].as_array().expect("findings") {
        let facets = finding["facets"].as_array().expect("facets");
        for said in std::iter::once(finding).chain(facets) {
            let text = |field: &str| said[field].as_str().expect("a text");
            let severity = Severity::parse(text("severity")).expect("a severity");
            note(text("rule"), severity);
        }
    }
    found
}

/// Compares with `ID SEVERITY, …`, where `-` is none; what is wrong.
fn wrong(case: &str, manifest: &str, flags: &str, expected: &str) -> Option<String> {
    let found = severities(manifest, flags);
    let told = |id: &str| found.get(id).map_or("-", |severity| severity.as_str());
    let differs = expected.split(", ").any(|one| {
        let (id, severity) = one.split_once(' ').expect("an id and a severity");
        told(id) != severity
    });
    differs.then(|| format!("{case}: expected {expected}; found {found:?}"))
}

/// Namespace (empty: cluster-wide, `-`: unbound), rules, what is found.
const CASES: &[(&str, &str, &str)] = &[
    ("", "* *:*", "RBC101 critical"),
    (
        "",
        "get,list,watch *:*; create,update,patch,delete,deletecollection,escalate,bind,impersonate,approve,sign,attest *:*",
        "RBC101 critical, RBC201 critical",
    ),
    (
        "",
        "get,list,watch,create,update,patch,delete *:*",
        "RBC101 -, RBC104 critical",
    ),
    ("", "* *:pods; get *; * *:deployments", "RBC101 -"),
    ("", "* *:* x", "RBC101 -"),
    ("team-a", "* *:*", "RBC101 -, RBC102 high"),
    ("kube-system", "* *:*", "RBC102 critical"),
    ("-", "* *:*", "RBC101 info"),
    (
        "team-a",
        "get,list,watch *:*; create,update,patch,delete,deletecollection,escalate,bind,impersonate *:*",
        "RBC102 high",
    ),
    ("", "* apps:deployments", "RBC103 medium"),
    ("", "* secrets", "RBC103 high"),
    ("", "* configmaps", "RBC103 medium"),
    ("", "* example.com:widgets", "RBC103 info"),
    ("", "* apps:deployments; * nodes", "RBC103 high"),
    ("", "get* apps:deployments", "RBC103 -"),
    ("", "get,list *", "RBC104 high"),
    ("", "update *", "RBC104 critical"),
    ("", "get apps:*", "RBC104 high"),
    ("", "get example.com:*", "RBC104 low"),
    ("team-a", "get *", "RBC104 medium"),
    ("", "get *:deployments", "RBC105 medium"),
    // A subresource of whatever there is belongs to no group.
    ("", "get *:*/scale", "RBC105 -, RBC106 low"),
    ("", "get *:deployments,*/scale", "RBC105 medium"),
    ("", "create */exec", "RBC106 high, RBC116 critical"),
    ("", "update apps:*/scale", "RBC106 low"),
    ("", "get /debug/*", "RBC107 medium, RBC152 low"),
    ("", "get /debug/pprof", "RBC107 -, RBC152 low"),
    ("", "get /livez/*", "RBC107 -"),
    ("", "list secrets", "RBC108 critical, RBC110 high"),
    ("", "get secrets a", "RBC108 -, RBC109 low"),
    ("", "get apps:secrets", "RBC108 -, RBC109 -"),
    ("team-a", "get secrets", "RBC109 medium, RBC108 -"),
    ("kube-system", "get secrets", "RBC109 high"),
    ("team-a", "get secrets a", "RBC109 low"),
    ("team-a", "list secrets", "RBC110 medium"),
    ("", "list secrets; get secrets", "RBC110 -"),
    ("-", "list,get secrets", "RBC110 -, RBC108 info"),
    ("", "create,get secrets", "RBC111 critical"),
    ("team-a", "create,list secrets", "RBC111 high"),
    ("team-a", "create secrets", "RBC111 -"),
    ("team-a", "create secrets,pods", "RBC111 high"),
    ("team-a", "create secrets; get secrets a", "RBC111 medium"),
    ("kube-system", "create secrets", "RBC112 high"),
    ("team-a", "create secrets", "RBC112 -"),
    ("", "create batch:jobs", "RBC113 critical, RBC115 medium"),
    ("team-a", "create batch:jobs", "RBC113 high, RBC115 low"),
    ("kube-system", "create pods", "RBC113 critical"),
    ("", "create jobs", "RBC113 -"),
    ("", "patch pods", "RBC114 medium"),
    ("team-a", "update apps:deployments web", "RBC114 medium"),
    ("team-a", "patch apps:deployments; get secrets", "RBC115 -"),
    ("", "create pods/exec", "RBC116 critical"),
    ("", "get pods/exec", "RBC116 -"),
    ("", "create pods/attach", "RBC117 medium"),
    ("", "create pods/portforward", "RBC118 medium"),
    ("", "patch pods/ephemeralcontainers", "RBC119 high"),
    ("", "get nodes/proxy", "RBC120 critical"),
    ("", "get */proxy", "RBC120 critical, RBC121 medium"),
    ("", "get nodes/*", "RBC120 -"),
    ("team-a", "get nodes/proxy", "RBC120 -"),
    ("", "get services/proxy", "RBC121 medium"),
    (
        "",
        "escalate,update rbac.authorization.k8s.io:clusterroles",
        "RBC122 critical, RBC124 critical",
    ),
    (
        "",
        "escalate rbac.authorization.k8s.io:clusterroles",
        "RBC122 medium, RBC653 low",
    ),
    (
        "",
        "escalate rbac.authorization.k8s.io:clusterroles; update rbac.authorization.k8s.io:roles",
        "RBC122 medium, RBC653 low, RBC124 high",
    ),
    (
        "",
        "escalate,update rbac.authorization.k8s.io:clusterrolebindings",
        "RBC122 -",
    ),
    (
        "team-a",
        "escalate,update rbac.authorization.k8s.io:roles",
        "RBC122 high",
    ),
    (
        "team-a",
        "escalate,update rbac.authorization.k8s.io:clusterroles",
        "RBC122 -, RBC653 -",
    ),
    (
        "",
        "bind rbac.authorization.k8s.io:clusterroles; create rbac.authorization.k8s.io:clusterrolebindings",
        "RBC123 critical, RBC124 critical",
    ),
    (
        "",
        "bind rbac.authorization.k8s.io:clusterroles",
        "RBC123 -",
    ),
    (
        "",
        "bind rbac.authorization.k8s.io:clusterroles view; create rbac.authorization.k8s.io:rolebindings",
        "RBC123 low, RBC124 high",
    ),
    (
        "",
        "bind rbac.authorization.k8s.io:clusterroles cluster-admin; create rbac.authorization.k8s.io:rolebindings",
        "RBC123 high",
    ),
    (
        "",
        "bind rbac.authorization.k8s.io:roles; create rbac.authorization.k8s.io:clusterrolebindings",
        "RBC123 -",
    ),
    (
        "",
        "bind rbac.authorization.k8s.io:clusterroles; update rbac.authorization.k8s.io:clusterrolebindings x",
        "RBC123 high",
    ),
    (
        "",
        "create rbac.authorization.k8s.io:rolebindings",
        "RBC124 high",
    ),
    (
        "team-a",
        "create rbac.authorization.k8s.io:rolebindings",
        "RBC124 medium",
    ),
    ("", "impersonate users,groups", "RBC125 critical"),
    ("", "impersonate users", "RBC125 high"),
    (
        "",
        "impersonate serviceaccounts,groups",
        "RBC125 critical, RBC127 critical",
    ),
    ("", "impersonate groups", "RBC125 -, RBC654 low"),
    ("", "impersonate users jane", "RBC125 -, RBC126 -"),
    ("team-a", "impersonate users,groups", "RBC125 -"),
    (
        "",
        "impersonate groups system:masters; impersonate users oncall",
        "RBC126 critical",
    ),
    (
        "",
        "impersonate users; impersonate groups system:masters",
        "RBC126 critical, RBC125 high",
    ),
    (
        "",
        "impersonate groups system:masters",
        "RBC126 -, RBC654 low",
    ),
    ("", "impersonate users system:node:n1", "RBC126 critical"),
    (
        "kube-system",
        "impersonate serviceaccounts clusterrole-aggregation-controller",
        "RBC126 critical, RBC127 high",
    ),
    (
        "team-a",
        "impersonate serviceaccounts clusterrole-aggregation-controller",
        "RBC126 -, RBC127 medium",
    ),
    ("team-a", "impersonate serviceaccounts", "RBC127 high"),
    (
        "",
        "impersonate authentication.k8s.io:userextras/scopes",
        "RBC128 medium",
    ),
    (
        "",
        "impersonate:arbitrary-node authentication.k8s.io:nodes; impersonate-on:arbitrary-node:delete pods",
        "RBC129 high",
    ),
    (
        "",
        "impersonate:arbitrary-node authentication.k8s.io:nodes; impersonate-on:arbitrary-node:* pods",
        "RBC129 info",
    ),
    (
        "",
        "impersonate:arbitrary-node authentication.k8s.io:nodes",
        "RBC129 info",
    ),
    (
        "",
        "impersonate:arbitrary-node authentication.k8s.io:nodes; impersonate-on:user-info:delete pods",
        "RBC129 info",
    ),
    (
        "",
        "impersonate:associated-node authentication.k8s.io:nodes *; impersonate-on:associated-node:list pods",
        "RBC129 -",
    ),
    (
        "",
        "* authentication.k8s.io:users; * apps:deployments",
        "RBC129 high",
    ),
    (
        "",
        "impersonate:user-info authentication.k8s.io:users jane; impersonate-on:user-info:delete pods",
        "RBC129 -",
    ),
    (
        "",
        "update certificates.k8s.io:certificatesigningrequests/approval; approve certificates.k8s.io:signers",
        "RBC130 critical",
    ),
    ("", "approve certificates.k8s.io:signers", "RBC130 low"),
    (
        "",
        "update certificates.k8s.io:certificatesigningrequests/approval",
        "RBC130 low",
    ),
    (
        "",
        "update certificates.k8s.io:certificatesigningrequests/approval; approve certificates.k8s.io:signers example.com/web",
        "RBC130 -",
    ),
    (
        "",
        "update certificates.k8s.io:certificatesigningrequests/approval; approve certificates.k8s.io:signers kubernetes.io/kubelet-serving",
        "RBC130 high",
    ),
    (
        "",
        "update certificates.k8s.io:certificatesigningrequests/approval; approve certificates.k8s.io:signers kubernetes.io/kube-apiserver-client",
        "RBC130 critical",
    ),
    (
        "team-a",
        "update certificates.k8s.io:certificatesigningrequests/approval; approve certificates.k8s.io:signers",
        "RBC130 -",
    ),
    (
        "",
        "update certificates.k8s.io:certificatesigningrequests/status; sign certificates.k8s.io:signers",
        "RBC131 critical",
    ),
    (
        "",
        "create certificates.k8s.io:clustertrustbundles; attest certificates.k8s.io:signers",
        "RBC131 critical",
    ),
    (
        "",
        "update certificates.k8s.io:podcertificaterequests/status; sign certificates.k8s.io:signers",
        "RBC131 critical",
    ),
    ("", "sign certificates.k8s.io:signers", "RBC131 low"),
    (
        "",
        "create certificates.k8s.io:certificatesigningrequests/nodeclient",
        "RBC132 high",
    ),
    ("", "create serviceaccounts/token", "RBC133 critical"),
    ("team-a", "create serviceaccounts/token", "RBC133 high"),
    (
        "team-a",
        "create serviceaccounts/token vault-auth",
        "RBC133 medium",
    ),
    ("team-a", "create serviceaccounts/token bot", "RBC133 info"),
    ("", "create serviceaccounts/token x", "RBC133 high"),
    (
        "",
        "* admissionregistration.k8s.io:mutatingwebhookconfigurations",
        "RBC134 critical",
    ),
    (
        "",
        "patch admissionregistration.k8s.io:validatingwebhookconfigurations",
        "RBC134 high",
    ),
    (
        "",
        "patch admissionregistration.k8s.io:mutatingwebhookconfigurations my",
        "RBC134 medium",
    ),
    (
        "team-a",
        "* admissionregistration.k8s.io:mutatingwebhookconfigurations",
        "RBC134 -",
    ),
    (
        "",
        "create admissionregistration.k8s.io:mutatingadmissionpolicies",
        "RBC135 high",
    ),
    ("", "patch kyverno.io:clusterpolicies", "RBC135 high"),
    (
        "",
        "delete constraints.gatekeeper.sh:k8srequiredlabels",
        "RBC135 high",
    ),
    (
        "",
        "get constraints.gatekeeper.sh:k8srequiredlabels",
        "RBC135 -",
    ),
    (
        "",
        "create apiregistration.k8s.io:apiservices",
        "RBC136 critical",
    ),
    (
        "",
        "update apiregistration.k8s.io:apiservices v1beta1.metrics.k8s.io",
        "RBC136 -",
    ),
    (
        "",
        "* apiextensions.k8s.io:customresourcedefinitions",
        "RBC137 medium",
    ),
    ("", "patch namespaces", "RBC138 high"),
    ("team-a", "patch namespaces", "RBC138 medium"),
    ("", "create persistentvolumes", "RBC139 high"),
    ("team-a", "create persistentvolumes", "RBC139 -"),
    ("", "patch nodes", "RBC140 high"),
    ("", "patch nodes/status", "RBC140 high"),
    ("", "create pods/eviction; patch nodes", "RBC141 high"),
    ("kube-system", "update configmaps", "RBC142 high"),
    ("kube-system", "create configmaps", "RBC142 high"),
    (
        "kube-system",
        "create configmaps; update configmaps my-lock",
        "RBC142 -",
    ),
    (
        "kube-system",
        "update configmaps aws-auth",
        "RBC142 critical",
    ),
    (
        "kube-system",
        "update configmaps kubeadm-config",
        "RBC142 critical",
    ),
    ("kube-system", "update configmaps coredns", "RBC142 high"),
    (
        "kube-public",
        "update configmaps cluster-info",
        "RBC142 high",
    ),
    ("team-a", "update configmaps", "RBC142 -"),
    ("", "patch discovery.k8s.io:endpointslices", "RBC143 high"),
    (
        "team-a",
        "patch discovery.k8s.io:endpointslices",
        "RBC143 medium",
    ),
    ("", "patch services", "RBC144 medium"),
    ("", "patch services/status", "RBC144 medium"),
    ("", "* networking.k8s.io:networkpolicies", "RBC145 medium"),
    (
        "",
        "patch gateway.networking.k8s.io:httproutes",
        "RBC145 medium",
    ),
    ("", "patch pods/status", "RBC146 low"),
    ("", "delete events", "RBC147 low"),
    ("", "deletecollection serviceaccounts", "RBC148 high"),
    ("team-a", "deletecollection pods", "RBC148 medium"),
    ("", "deletecollection example.com:widgets", "RBC148 -"),
    ("", "delete apps:*", "RBC148 high"),
    ("", "deletecollection pods a", "RBC148 -"),
    ("", "get,list,watch *:*", "RBC149 high"),
    ("", "get,list,watch apps:*", "RBC149 -"),
    ("", "create,patch serviceaccounts", "RBC150 medium"),
    ("", "patch serviceaccounts app", "RBC150 low"),
    ("kube-system", "* coordination.k8s.io:leases", "RBC151 low"),
    (
        "kube-system",
        "update coordination.k8s.io:leases my",
        "RBC151 -",
    ),
    ("", "get pods/log,nodes/log", "RBC152 low"),
    ("team-a", "get pods/log", "RBC152 -"),
    ("", "get /logs", "RBC152 low"),
    ("", "create argoproj.io:applications", "RBC155 medium"),
    (
        "",
        "create flowcontrol.apiserver.k8s.io:flowschemas",
        "RBC156 low",
    ),
    (
        "",
        "use security.openshift.io:securitycontextconstraints privileged",
        "RBC157 high",
    ),
    (
        "",
        "use security.openshift.io:securitycontextconstraints restricted-v2",
        "RBC157 -",
    ),
    ("", "create pods/binding", "RBC158 low"),
];

#[test]
fn grants_are_as_grave_as_they_reach() {
    let wrong: Vec<String> = CASES
        .iter()
        .filter_map(|(namespace, rules, expected)| {
            let manifest = grant("r", namespace, rules, "");
            wrong(&format!("{namespace:?} {rules}"), &manifest, "", expected)
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const JANE: &str = "{kind: User, name: jane}";
const EVERYBODY: &str = "{kind: Group, name: 'system:authenticated'}";
const BOT: &str = "{kind: ServiceAccount, name: bot, namespace: tools}";

#[test]
fn who_it_is_matters() {
    let cases = [
        ("", "get /logs/*", EVERYBODY, "RBC107 critical"),
        ("", "get pods/log", EVERYBODY, "RBC152 medium"),
        // A namespace of which nothing is known but that it has an account `default`.
        ("team-a", "create batch:jobs", JANE, "RBC113 medium"),
        ("team-a", "create pods/exec", JANE, "RBC116 high"),
        // An operator's own resources; whose those of a user are is not known.
        ("", "* example.com:widgets", JANE, "RBC103 high"),
        ("", "* example.com:widgets", BOT, "RBC103 info"),
        (
            "",
            "create authentication.k8s.io:tokenreviews",
            EVERYBODY,
            "RBC153 low",
        ),
        (
            "",
            "create certificates.k8s.io:certificatesigningrequests/nodeclient",
            "{kind: Group, name: 'system:bootstrappers:x'}",
            "RBC132 -",
        ),
    ];
    for (namespace, rules, subject, expected) in cases {
        let manifest = grant("r", namespace, rules, subject);
        assert_eq!(wrong(rules, &manifest, "", expected), None);
    }
}

#[test]
fn grants_of_one_subject_add_up() {
    let issuer = "{kind: ServiceAccount, name: cert-manager, namespace: cert-manager}";
    let namesake = "{kind: ServiceAccount, name: cert-manager, namespace: team-a}";
    let (read, rest) = (
        "get,list,watch *:*",
        "create,update,patch,delete,deletecollection,escalate,bind,impersonate,approve,sign,attest *:*",
    );
    let group = "{kind: Group, name: 'system:serviceaccounts:tools'}";
    let (mode, on) = (
        "impersonate:user-info authentication.k8s.io:users",
        "impersonate-on:user-info:create pods",
    );
    let nodes = "patch nodes";
    let cases = [
        (
            grant("a", "", read, BOT) + &grant("b", "", rest, BOT),
            "RBC101 critical",
        ),
        (
            grant("a", "", read, BOT) + &grant("b", "", rest, group),
            "RBC101 critical",
        ),
        (
            grant("a", "", read, BOT) + &grant("b", "", rest, JANE),
            "RBC101 -",
        ),
        (
            grant("a", "", read, BOT) + &grant("b", "team-a", rest, BOT),
            "RBC101 -, RBC102 high",
        ),
        (
            grant("a", "", mode, BOT) + &grant("b", "", on, BOT),
            "RBC129 high",
        ),
        (
            grant("a", "", mode, BOT) + &grant("b", "", on, JANE),
            "RBC129 info",
        ),
        (
            grant("a", "", nodes, BOT) + &grant("b", "kube-system", "delete pods", BOT),
            "RBC141 high",
        ),
        (
            grant("a", "", nodes, BOT) + &grant("b", "team-a", "delete pods", BOT),
            "RBC141 -",
        ),
        (
            grant("a", "", "create argoproj.io:applications", JANE)
                + &grant(
                    "b",
                    "",
                    "* *:*",
                    "{kind: ServiceAccount, name: argocd-application-controller, namespace: argocd}",
                ),
            "RBC155 high",
        ),
        // The controller itself, and an account that only has its name.
        (
            grant("a", "", "create cert-manager.io:certificates", issuer)
                + &grant("b", "", "get secrets", issuer),
            "RBC155 -",
        ),
        (
            grant("a", "", "create cert-manager.io:certificates", namesake)
                + &grant("b", "", "get secrets", issuer),
            "RBC155 high",
        ),
        // Those who join by a bootstrap token hold more than a node's request for its certificate.
        (
            grant("a", "kube-system", "create secrets", BOT)
                + &grant(
                    "b",
                    "",
                    "get configmaps",
                    "{kind: Group, name: 'system:bootstrappers:x'}",
                ),
            "RBC112 critical",
        ),
        (
            grant("a", "kube-system", "create secrets", BOT)
                + &grant(
                    "b",
                    "",
                    "create certificates.k8s.io:certificatesigningrequests",
                    "{kind: Group, name: 'system:bootstrappers:x'}",
                ),
            "RBC112 high",
        ),
    ];
    for (manifest, expected) in cases {
        assert_eq!(wrong(&manifest, &manifest, "", expected), None);
    }
}

#[test]
fn the_configuration_of_the_server_counts() {
    let off = "--apiserver-flag feature-gates=AuthorizePodWebsocketUpgradeCreatePermission=false";
    let cases = [
        (
            "get pods/exec,pods/attach,pods/portforward",
            off,
            "RBC116 critical, RBC117 medium, RBC118 medium",
        ),
        (
            "get pods/exec,pods/attach,pods/portforward",
            "",
            "RBC116 -, RBC117 -, RBC118 -",
        ),
        ("patch services", "", "RBC144 medium"),
        (
            "patch services",
            "--apiserver-flag enable-admission-plugins=DenyServiceExternalIPs",
            "RBC144 -",
        ),
        (
            "patch services/status",
            "--apiserver-flag enable-admission-plugins=DenyServiceExternalIPs",
            "RBC144 medium",
        ),
    ];
    for (rules, flags, expected) in cases {
        let manifest = grant("r", "", rules, "");
        assert_eq!(wrong(rules, &manifest, flags, expected), None);
    }
}

fn bound(namespace: &str, role: &str, subject: &str) -> String {
    let (kind, at) = match namespace {
        "" => ("ClusterRole", String::new()),
        namespace => ("Role", format!(", namespace: {namespace}")),
    };
    format!(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: {kind}Binding\nmetadata: {{name: k{at}}}\n\
         roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: {kind}, name: '{role}'}}\nsubjects:\n- {subject}\n---\n"
    )
}

#[test]
fn what_belongs_to_the_control_plane_is_no_finding() {
    let client = "{kind: User, name: kube-apiserver-kubelet-client}";
    let reader = "extension-apiserver-authentication-reader";
    let cases = [
        (
            bound("", "system:kubelet-api-admin", client),
            "RBC120 -, RBC103 -",
        ),
        (
            bound("", "system:kubelet-api-admin", JANE),
            "RBC120 critical",
        ),
        (
            bound(
                "",
                "system:kubelet-api-admin",
                &format!("{client}\n- {JANE}"),
            ),
            "RBC120 critical",
        ),
        // Who reads how the server authenticates to aggregated APIs serves one.
        (
            bound("", "system:auth-delegator", BOT) + &bound("kube-system", reader, BOT),
            "RBC153 -",
        ),
        (bound("", "system:auth-delegator", BOT), "RBC153 info"),
    ];
    for (manifest, expected) in cases {
        assert_eq!(wrong(&manifest, &manifest, "", expected), None);
    }
}

#[test]
fn accounts_are_worth_writing_where_more_comes_with_them() {
    let account = |name: &str, annotations: &str| {
        format!(
            "apiVersion: v1\nkind: ServiceAccount\nmetadata: {{namespace: web, name: {name}, annotations: {{{annotations}}}}}\n---\n"
        )
    };
    let cloud = account("web", "eks.amazonaws.com/role-arn: 'arn:aws:iam::1:role/r'");
    let gone = "{kind: ServiceAccount, namespace: web, name: gone}";
    let waiting = account("web", "") + &grant("x", "web", "get configmaps", gone);
    let cases = [
        (
            grant("r", "", "patch serviceaccounts", "") + &cloud,
            "RBC150 high",
        ),
        (
            grant("r", "team-a", "patch serviceaccounts", "") + &cloud,
            "RBC150 low",
        ),
        (
            grant("r", "", "create serviceaccounts", "") + &waiting,
            "RBC150 high",
        ),
        (
            grant("r", "", "patch serviceaccounts", "") + &waiting,
            "RBC150 medium",
        ),
    ];
    for (manifest, expected) in cases {
        assert_eq!(wrong(&manifest, &manifest, "", expected), None);
    }
}

#[test]
fn listed_names_are_told_from_a_namespace() {
    for (namespace, expected) in [
        (
            "",
            "ServiceAccount tools/bot reads Secrets of some names in every namespace",
        ),
        (
            "team-a",
            "ServiceAccount team-a/bot reads Secrets of the namespace",
        ),
    ] {
        let manifest = grant("r", namespace, "get secrets a", "");
        let report = json(&manifest, "--profile strict --only RBC109");
        assert_eq!(report["findings"][0]["message"], expected);
    }
}

#[test]
fn view_stays_a_role_that_reads() {
    let part = |target: &str, rules: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\n\
             metadata: {{name: part, labels: {{rbac.authorization.k8s.io/aggregate-to-{target}: 'true'}}}}\nrules:\n{}",
            rule(rules)
        )
    };
    let cases = [
        ("view", "get secrets", "RBC154 high"),
        ("view", "create example.com:widgets", "RBC154 high"),
        ("view", "get,list example.com:*", "RBC154 -"),
        ("edit", "create example.com:widgets", "RBC154 -"),
        (
            "edit",
            "create rbac.authorization.k8s.io:rolebindings",
            "RBC154 high",
        ),
        ("admin", "get secrets", "RBC154 -"),
    ];
    for (target, rules, expected) in cases {
        assert_eq!(wrong(rules, &part(target, rules), "", expected), None);
    }
}

#[test]
fn what_an_audit_log_never_shows_is_said() {
    let event = |user: &str, verb: &str, namespace: &str, at: &str| {
        serde_json::json!({
            "kind": "Event", "apiVersion": "audit.k8s.io/v1", "verb": verb,
            "requestURI": format!("/api/v1/namespaces/{namespace}/pods"),
            "user": {"username": user, "groups": ["devs", "system:authenticated"]},
            "objectRef": {"resource": "pods", "namespace": namespace, "apiVersion": "v1"},
            "requestReceivedTimestamp": at,
        })
        .to_string()
    };
    let log = [
        event("jane", "get", "team-a", "2026-01-01T00:00:00.000000Z"),
        event("jane", "delete", "team-b", "2026-03-31T00:00:00.000000Z"),
        event("john", "list", "team-a", "2026-02-01T00:00:00.000000Z"),
    ]
    .join("\n");
    let found = |namespace: &str, rules: &str, subject: &str| {
        let folder = Folder::with("rbac.yaml", grant("r", namespace, rules, subject));
        folder.write("audit.log", &log);
        let answer = folder
            .run("lint rbac.yaml --audit-log audit.log -o json --profile strict --only RBC159");
        let report: Value = serde_json::from_str(&answer.stdout).expect("JSON");
        let finding = &report["findings"][0];
        finding["consequence"].as_str().map(|why| {
            assert_eq!(finding["severity"], "info");
            let start = "in the audit log from \"2026-01-01T00:00:00.000000Z\" to \"2026-03-31T00:00:00.000000Z\": ";
            why.strip_prefix(start).expect("the window").to_owned()
        })
    };
    let devs = "{kind: Group, name: devs}";
    let told = |text: &str| Some(text.to_owned());
    assert_eq!(found("", "get,delete pods", JANE), None);
    assert_eq!(
        found("team-a", "get,delete pods", JANE),
        told("rule 1: \"delete\" was not requested")
    );
    assert_eq!(
        found("team-a", "get,list pods", JANE),
        told("rule 1: \"list\" was not requested")
    );
    assert_eq!(found("team-a", "get,list pods", devs), None);
    assert_eq!(
        found("", "* pods", JANE),
        told("rule 1: of every verb, \"delete\" and \"get\" was requested")
    );
    assert_eq!(
        found("", "get pods; get secrets", JANE),
        told("rule 2: nothing of it was requested")
    );
    let answer = Folder::with("rbac.yaml", grant("r", "", "get pods", ""))
        .run("lint rbac.yaml --profile strict -v");
    assert!(answer.stdout.contains("RBC159"), "{}", answer.stdout);
}
