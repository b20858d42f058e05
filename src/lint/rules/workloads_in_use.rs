//! Service accounts as workloads use them.

use crate::lint::{Check, Example, Facet, Finding, Found, Lint, Rule, Severity};
use crate::model::notes::{ProjectedToken, Workload};
use crate::model::{BindingId, BindingKind, Position, Symbol};
use std::cell::OnceCell;
use std::collections::HashMap;

macro_rules! deployment {
    ($spec:literal) => {
        Example::Manifest(concat!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {namespace: web, name: web}\nspec:\n  template:\n    spec: ",
            $spec,
            "\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {namespace: web, name: web}\n"
        ))
    };
}

const DEFAULT_GRANTED: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {namespace: web, name: web}\nspec:\n  template:\n    spec: {containers: []}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {namespace: web, name: web}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n- {kind: ServiceAccount, name: default}\n";
const SECRETS_DAEMON: &str = "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {namespace: web, name: web}\nspec:\n  template:\n    spec: {serviceAccountName: web}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: secrets}\nrules:\n- {apiGroups: [''], resources: [secrets], verbs: [get]}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: web}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: secrets}\nsubjects:\n- {kind: ServiceAccount, namespace: web, name: web}\n";
const SECRETS_DEPLOYMENT: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {namespace: web, name: web}\nspec:\n  template:\n    spec: {serviceAccountName: web}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: secrets}\nrules:\n- {apiGroups: [''], resources: [secrets], verbs: [get]}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: web}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: secrets}\nsubjects:\n- {kind: ServiceAccount, namespace: web, name: web}\n";

const fn rule(
    id: &'static str,
    name: &'static str,
    severity: Severity,
    words: [&'static str; 3],
    references: &'static [&'static str],
    examples: [Example; 3],
) -> Rule {
    let [bad, good, near] = examples;
    Rule {
        id,
        name,
        severity,
        what: words[0],
        why: words[1],
        fix: words[2],
        references,
        bad,
        good,
        near,
        check: Check::With("RBC301"),
    }
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        check: Check::All(check),
        ..rule(
            "RBC301",
            "automount-not-disabled",
            Severity::Medium,
            [
                "mounts a token of its service account",
                "whoever breaks into a container is the account",
                "write automountServiceAccountToken: false; where a container uses the token, accept this: # rbac-check: ignore RBC301 -- what it needs the token for",
            ],
            &[
                "CIS 5.1.6",
                "kubescape C-0034 C-0190",
                "trivy KSV-0036",
                "checkov CKV_K8S_38",
            ],
            [
                deployment!("{serviceAccountName: web}"),
                deployment!("{serviceAccountName: web, automountServiceAccountToken: false}"),
                // The Pod's own word wins over its account's, and that is no token.
                Example::Manifest(
                    "apiVersion: v1\nkind: Pod\nmetadata: {namespace: web, name: web}\nspec: {serviceAccountName: web, automountServiceAccountToken: false}\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {namespace: web, name: web}\nautomountServiceAccountToken: true\n",
                ),
            ],
        )
    },
    rule(
        "RBC302",
        "default-serviceaccount-used",
        Severity::Medium,
        [
            "names no service account of its own, and the default one holds grants or is mounted",
            "whatever is granted to the default account is granted to every Pod that asked for nothing",
            "name an account of its own",
        ],
        &[
            "CIS 5.1.5",
            "kube-linter default-service-account",
            "checkov CKV_K8S_41",
        ],
        [
            Example::Manifest(DEFAULT_GRANTED),
            deployment!("{serviceAccountName: web}"),
            // The account is not used at all.
            deployment!("{containers: [], automountServiceAccountToken: false}"),
        ],
    ),
    rule(
        "RBC303",
        "pod-with-critical-identity",
        Severity::High,
        [
            "runs as a service account with critical grants",
            "whoever breaks into it holds them; the grant itself is reported at its binding",
            "give the part that is reachable from outside another account",
        ],
        &[
            "kubescape C-0267",
            "KubiScan risky pods",
            "KubeHound TOKEN_STEAL",
        ],
        [
            Example::Manifest(SECRETS_DEPLOYMENT),
            deployment!("{serviceAccountName: web}"),
            deployment!("{serviceAccountName: other}"),
        ],
    ),
    rule(
        "RBC224",
        "powerful-daemonset-identity",
        Severity::High,
        [
            "runs on every node as a service account with critical grants",
            "whoever takes over any node holds them, since the token is on each",
            "leave the grant to a Deployment, or give the DaemonSet an account with less",
        ],
        &[
            "kubesplaining KUBE-SA-DAEMONSET-001",
            "rbac-police --only-sas-on-all-nodes",
        ],
        [
            Example::Manifest(SECRETS_DAEMON),
            deployment!("{serviceAccountName: web}"),
            Example::Manifest(SECRETS_DEPLOYMENT),
        ],
    ),
    rule(
        "RBC308",
        "token-reusable-audience",
        Severity::Medium,
        [
            "projects a token that the API server takes, beside the usual one",
            "if it is meant for another service, that service can act with it at the API server",
            "write the audience of the service",
        ],
        &["Kubernetes: service account token volume projection"],
        [
            deployment!(
                "{serviceAccountName: web, automountServiceAccountToken: false, volumes: [{name: t, projected: {sources: [{serviceAccountToken: {path: vault-token}}]}}]}"
            ),
            deployment!(
                "{serviceAccountName: web, automountServiceAccountToken: false, volumes: [{name: t, projected: {sources: [{serviceAccountToken: {path: t, audience: vault}}]}}]}"
            ),
            deployment!(
                "{serviceAccountName: web, automountServiceAccountToken: false, volumes: [{name: kube-api-access, projected: {sources: [{serviceAccountToken: {path: token, expirationSeconds: 3607}}]}}]}"
            ),
        ],
    ),
    rule(
        "RBC317",
        "projected-token-lifetime",
        Severity::Low,
        [
            "asks for a token of an unusual lifetime",
            "a long one is good for long after it is stolen; below 600 seconds the server refuses the Pod",
            "write expirationSeconds between 600 and 86400",
        ],
        &["Kubernetes: service account token volume projection"],
        [
            deployment!(
                "{serviceAccountName: web, volumes: [{name: t, projected: {sources: [{serviceAccountToken: {path: t, audience: vault, expirationSeconds: 2592000}}]}}]}"
            ),
            deployment!(
                "{serviceAccountName: web, volumes: [{name: t, projected: {sources: [{serviceAccountToken: {path: t, audience: vault, expirationSeconds: 3600}}]}}]}"
            ),
            deployment!(
                "{serviceAccountName: web, volumes: [{name: t, projected: {sources: [{serviceAccountToken: {path: t, audience: vault, expirationSeconds: 86400}}]}}]}"
            ),
        ],
    ),
    rule(
        "RBC319",
        "deprecated-serviceaccount-field",
        Severity::Low,
        [
            "names its service account by the old field",
            "`serviceAccount` is kept for old clients; tools that look for serviceAccountName miss it",
            "write serviceAccountName",
        ],
        &["kubescape C-0294", "kube-linter deprecated-service-account"],
        [
            deployment!("{serviceAccount: web}"),
            deployment!("{serviceAccountName: web}"),
            // A dump of a server has both.
            deployment!("{serviceAccountName: web, serviceAccount: web}"),
        ],
    ),
    rule(
        "RBC320",
        "nonexistent-serviceaccount",
        Severity::Medium,
        [
            "names a service account that does not exist",
            "no Pod of it is admitted until somebody makes the account, who then decides what it is",
            "mend the name, or make the account",
        ],
        &[
            "kubescape C-0307",
            "kube-linter non-existent-service-account",
        ],
        [
            deployment!("{serviceAccountName: wbe}"),
            deployment!("{serviceAccountName: web}"),
            // No account of that namespace was loaded: it cannot be told.
            Example::Manifest(
                "apiVersion: v1\nkind: Pod\nmetadata: {namespace: web, name: web}\nspec: {serviceAccountName: wbe}\n",
            ),
        ],
    ),
    rule(
        "RBC326",
        "unused-serviceaccount-with-grants",
        Severity::Low,
        [
            "is a service account with grants that no workload uses",
            "nobody would notice if a token of it were used",
            "delete the account and its bindings",
        ],
        &["Kubernetes: RBAC good practices, periodic review"],
        [
            Example::None(
                "in a dump of a whole cluster: an account with a binding, and Pods of which none names it",
            ),
            deployment!("{serviceAccountName: web}"),
            // Without a whole cluster it is not known what else uses it.
            Example::Manifest(SECRETS_DEPLOYMENT),
        ],
    ),
    rule(
        "RBC318",
        "cloud-identity-serviceaccount",
        Severity::Info,
        [
            "is a service account with an identity in a cloud",
            "whoever makes workloads or tokens in its namespace has that identity, too",
            "keep it in a namespace of its own",
        ],
        &[
            "rbac-police providerIAM",
            "Microsoft threat matrix: access cloud resources",
        ],
        [
            Example::Manifest(
                "apiVersion: v1\nkind: ServiceAccount\nmetadata: {namespace: web, name: web, annotations: {eks.amazonaws.com/role-arn: 'arn:aws:iam::1:role/r'}}\n",
            ),
            Example::Manifest(
                "apiVersion: v1\nkind: ServiceAccount\nmetadata: {namespace: web, name: web}\n",
            ),
            Example::Manifest(
                "apiVersion: v1\nkind: ServiceAccount\nmetadata: {namespace: web, name: web, annotations: {eks.amazonaws.com/audience: x}}\n",
            ),
        ],
    ),
];

/// What installers give the API server for an issuer, and so for an audience.
const API_AUDIENCES: [&str; 3] = [
    "https://kubernetes.default.svc.cluster.local",
    "https://kubernetes.default.svc",
    "kubernetes.default.svc",
];

/// What makes workloads or tokens.
pub(in crate::lint) const BECOMES: &[&str] = &[
    "create pods,replicationcontrollers,serviceaccounts/token",
    super::workloads::CREATE_TEMPLATE,
    "create batch:jobs,cronjobs",
];

/// The bindings by which somebody makes workloads or tokens: everywhere, and by namespace.
struct Makers {
    everywhere: Vec<BindingId>,
    here: HashMap<Symbol, Vec<BindingId>>,
}

impl Makers {
    fn of(lint: &Lint<'_>) -> Self {
        let mut makers = Makers {
            everywhere: Vec::new(),
            here: HashMap::new(),
        };
        let makes = |id: BindingId| {
            let role = lint.role_of(id);
            let makes = |role| !lint.is_everything(role) && lint.role_allows(role, BECOMES);
            !lint.known.binding(id) && role.is_some_and(makes)
        };
        for (id, binding) in lint.bindings().filter(|(id, _)| makes(*id)) {
            match binding.kind {
                BindingKind::ClusterRoleBinding => makers.everywhere.push(id),
                BindingKind::RoleBinding => {
                    makers.here.entry(binding.namespace).or_default().push(id);
                }
            }
        }
        makers
    }

    /// A binding by which somebody else than the account makes workloads or tokens in its namespace.
    fn beside(&self, lint: &Lint<'_>, namespace: &str, account: &str) -> Option<BindingId> {
        let user = format!("system:serviceaccount:{namespace}:{account}");
        let namespace = lint.cluster.interner().get(namespace);
        let here = namespace.and_then(|namespace| self.here.get(&namespace));
        let mut bindings = here.into_iter().flatten().chain(&self.everywhere);
        let others = |id: &&BindingId| {
            lint.cluster.binding(**id).subjects.iter().any(|subject| {
                let name = lint.str(subject.matches);
                name != user && name != "system:masters"
            })
        };
        bindings.find(others).copied()
    }
}

fn finding(id: &'static str, severity: Severity, at: Position, object: String) -> Finding {
    let mut finding = Finding::new(super::by_id(id), severity, at);
    finding.rare.object = Some(object);
    finding
}

fn name(workload: &Workload) -> String {
    format!("{}/{}/{}", workload.kind, workload.namespace, workload.name)
}

fn check(lint: &Lint<'_>, found: &mut Found) {
    let notes = lint.cluster.notes();
    let makers = OnceCell::new();
    for ((namespace, account), note) in &notes.accounts {
        let object = || format!("ServiceAccount/{namespace}/{account}");
        if let Some(cloud) = note.cloud {
            let mut one = finding("RBC318", Severity::Info, note.position, object());
            one.what = Some(format!("has an identity in a cloud, by {cloud}").into());
            if let Some(binding) = makers
                .get_or_init(|| Makers::of(lint))
                .beside(lint, namespace, account)
            {
                one.severity = Severity::High;
                one.own = Severity::High;
                one.what = Some(format!(
                    "has an identity in a cloud, by {cloud}, and others make workloads or tokens in its namespace"
                ).into());
                let words = "who makes them, by this binding".into();
                one.also.push((lint.place_of(binding, None), words));
            }
            found.add(one);
        }
        if let Some(position) = note.mountable {
            let mut one = finding("RBC319", Severity::Low, position, object());
            one.what = Some(
                "relies on the annotation enforce-mountable-secrets, which is deprecated".into(),
            );
            one.why = Some("it binds only Pods of this account, and no other way to the Secrets of the namespace".into());
            one.fix = Some("keep the Secrets in a namespace of their own".into());
            found.add(one);
        } else if let Some(position) = note.listed {
            let mut one = finding("RBC319", Severity::Low, position, object());
            one.what = Some("lists Secrets, which limits nothing and grants nothing".into());
            one.why = Some("without the deprecated annotation enforce-mountable-secrets, its Pods mount any Secret of the namespace".into());
            one.fix = Some("remove the list; name Secrets where Pods mount them, and imagePullSecrets for images".into());
            found.add(one);
        }
    }
    if notes.workloads.is_empty() {
        for id in [
            "RBC224", "RBC301", "RBC302", "RBC303", "RBC308", "RBC317", "RBC319", "RBC320",
            "RBC326",
        ] {
            found.not_checked(id, "no Pods and no workloads were loaded");
        }
        return;
    }
    let mut unknown_accounts = false;
    for workload in &notes.workloads {
        unknown_accounts |= !one(lint, workload, found);
    }
    if unknown_accounts {
        found.not_checked(
            "RBC320",
            "some workloads name no namespace, or one of which no ServiceAccount was loaded",
        );
    }
    if !lint.is_complete() {
        found.not_checked(
            "RBC326",
            "this is not a whole cluster: what else uses an account is not known",
        );
        return;
    }
    let used: std::collections::HashSet<(&str, &str)> = notes
        .workloads
        .iter()
        .map(|w| (w.namespace.as_str(), w.service_account.as_str()))
        .collect();
    for ((namespace, account), note) in &notes.accounts {
        let idle = !used.contains(&(namespace, account))
            && namespace != "kube-system"
            && account != "default";
        if idle && lint.account_is_granted(namespace, account) {
            found.add(finding(
                "RBC326",
                Severity::Low,
                note.position,
                format!("ServiceAccount/{namespace}/{account}"),
            ));
        }
    }
}

/// Whether the API server takes a projected token.
fn is_of_the_api(lint: &Lint<'_>, token: &ProjectedToken) -> bool {
    let server = lint.server();
    let audiences = server.map(|s| s.authenticators.api_audiences.as_slice());
    token.audience.is_empty()
        || match audiences {
            Some(audiences) if !audiences.is_empty() => audiences.contains(&token.audience),
            _ => API_AUDIENCES.contains(&token.audience.as_str()),
        }
}

/// What a workload is by the grants of the account whose token it has.
fn identity(
    lint: &Lint<'_>,
    workload: &Workload,
    say: &mut impl FnMut(&'static str, Severity, String),
) {
    let account = &workload.service_account;
    let gravest = lint.gravest_of_account(&workload.namespace, account);
    if workload.kind == "DaemonSet" && gravest >= Severity::High {
        let what = format!("runs on every node as {account}, which has {gravest} grants");
        say("RBC224", Severity::High, what);
    }
    if gravest < Severity::Critical {
        return;
    }
    let what = format!("runs as {account}, which has critical grants");
    let exposed = &lint.cluster.notes().exposed;
    if workload.on_host {
        say(
            "RBC303",
            Severity::Critical,
            format!("{what}, with a hold on its node"),
        );
    } else if exposed.iter().any(|service| service.leads_to(workload)) {
        say(
            "RBC303",
            Severity::Critical,
            format!("{what}, and is reached from outside the cluster"),
        );
    } else {
        say("RBC303", Severity::High, what);
    }
}

/// What several rules say of one token of a workload, as one finding.
fn one_of(findings: Vec<Finding>) -> Option<Finding> {
    // Of equals the first one stays the head.
    let mut head = findings
        .iter()
        .rev()
        .max_by_key(|finding| finding.severity)
        .cloned()?;
    for other in findings
        .into_iter()
        .filter(|other| other.rule.id != head.rule.id)
    {
        head.facets.push(Facet {
            rule: other.rule,
            severity: other.severity,
            why: other.what,
        });
    }
    head.facets
        .sort_by_key(|facet| std::cmp::Reverse(facet.severity));
    Some(head)
}

/// Looks at one workload; whether the accounts of its namespace are known.
fn one(lint: &Lint<'_>, workload: &Workload, found: &mut Found) -> bool {
    let Workload {
        namespace,
        service_account,
        position,
        ..
    } = workload;
    let symbol = |text: &str| lint.cluster.interner().get(text).unwrap_or(Symbol::EMPTY);
    let key = (symbol(namespace), symbol(service_account));
    let known = lint.has_accounts_of(key.0);
    let account = lint
        .cluster
        .notes()
        .accounts
        .get(&(namespace.clone(), service_account.clone()));
    let granted = lint.account_is_granted(namespace, service_account);
    let automounted = workload
        .automount
        .or(account.and_then(|a| a.automount))
        .unwrap_or(true);
    let of_the_api = |token: &ProjectedToken| is_of_the_api(lint, token);
    let mut of_identity: Vec<Finding> = Vec::new();
    let mut say = |id, severity, what: String| {
        let mut one = finding(id, severity, *position, name(workload));
        one.what = Some(what.into());
        of_identity.push(one);
    };
    if automounted || workload.tokens.iter().any(of_the_api) {
        identity(lint, workload, &mut say);
    }
    if automounted && granted {
        let what = format!("mounts a token of {service_account}, which holds grants");
        say("RBC301", Severity::Medium, what);
    }
    // Where it lands decides which account it gets.
    if automounted && !granted && !workload.namespace_implied {
        let what = format!("mounts a token of {service_account}, which nothing is granted to");
        say("RBC301", Severity::Low, what);
    }
    // The server writes down the name of the default account where none was named.
    if service_account == "default" && granted {
        let what = "names no service account of its own, and the default one holds grants";
        say("RBC302", Severity::Medium, what.to_owned());
    } else if service_account == "default" && automounted {
        let what = "names no service account of its own, and mounts a token of the default one";
        say("RBC302", Severity::Medium, what.to_owned());
    }
    found.findings.extend(one_of(of_identity));
    let mut add = |id, severity, at, what: Option<String>| {
        let mut one = finding(id, severity, at, name(workload));
        one.what = what.map(Into::into);
        found.add(one);
    };
    for token in &workload.tokens {
        // What admission mounts, and what stands in for it, ask for 3607 seconds.
        let usual = token.at_usual_place.unwrap_or(token.path == "token");
        if of_the_api(token) && !usual {
            add("RBC308", Severity::Medium, token.position, None);
        }
        match token.expiration {
            Some(seconds) if seconds < 600 => {
                let what =
                    format!("asks for a token of {seconds} seconds, which the server refuses");
                add("RBC317", Severity::High, token.position, Some(what));
            }
            Some(seconds) if seconds > 86_400 => {
                let what = format!("asks for a token of {seconds} seconds, more than a day");
                add("RBC317", Severity::Low, token.position, Some(what));
            }
            _ => {}
        }
    }
    if workload.old_field {
        add("RBC319", Severity::Low, *position, None);
    }
    let exists = service_account == "default" || lint.cluster.service_accounts().contains_key(&key);
    if known && !exists && !workload.namespace_implied {
        add(
            "RBC320",
            Severity::Medium,
            *position,
            Some(format!(
                "names the service account {service_account:?}, which does not exist"
            )),
        );
    }
    known && !workload.namespace_implied
}
